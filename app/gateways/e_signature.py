"""Electronic signatures as a port: who signs what, what a signed document says, and the errors of the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from app.errors import ProductError

State = Literal["valid", "changed", "unknown_signer"]


class SignatureServiceUnavailable(ProductError):
    """The signature service did not answer or is not connected; nothing was signed."""


class NoSignedDocument(ProductError):
    """What was given is no PDF that can be read, or one without any signature."""


@dataclass(frozen=True)
class Signatory:
    """A person who signs for an organisation; `place` counts the boxes of the page of signatures from 0."""

    person: str
    organisation: str
    credit_code: str
    capacity: str
    place: int


@dataclass(frozen=True)
class Signed:
    """The document with one more signature, and the certificate it was made with (serial number in hex)."""

    content: bytes
    certificate_serial: str
    authority: str


@dataclass(frozen=True)
class FoundSignature:
    """A signature in a document as its certificate and time stamp tell it.

    `state` valid: made by somebody whom the authority knows, and nothing it covers was changed since; changed: the
    document or the signature was; unknown_signer: unchanged, but the certificate is of no authority that is trusted.
    """

    capacity: str
    person: str
    organisation: str
    credit_code: str
    certificate_serial: str
    authority: str
    signed_at: datetime | None
    state: State


@dataclass(frozen=True)
class Verified:
    """All signatures in the order in which they were made; `unchanged` when each is valid and nothing came after."""

    signatures: tuple[FoundSignature, ...]
    unchanged: bool


class SignatureService(Protocol):
    """A certification service: it knows its signatories, stamps the time and checks what was signed."""

    def sign(self, document: bytes, signatory: Signatory, reason: str, at: datetime) -> Signed:
        """The PDF with one more signature; raises SignatureServiceUnavailable. The bytes before it stay as they are."""
        ...

    def verify(self, document: bytes) -> Verified:
        """What the signatures in a PDF say; raises NoSignedDocument. Reads only, and asks nobody outside."""
        ...

    def kept_keys(self) -> str | None:
        """What a backup has to hold so that signatures stay valid after it: keys that lie here, or None."""
        ...

    def take_keys(self, keys: str) -> None:
        """Takes over what `kept_keys` gave elsewhere, in place of its own."""
        ...


class NotConnected:
    """The service of a production whose adapter was not set up: it signs nothing."""

    def sign(self, document: bytes, signatory: Signatory, reason: str, at: datetime) -> Signed:
        raise _not_connected()

    def verify(self, document: bytes) -> Verified:
        raise _not_connected()

    def kept_keys(self) -> str | None:
        return None

    def take_keys(self, keys: str) -> None:
        """A service outside has its own."""


def _not_connected() -> SignatureServiceUnavailable:
    return SignatureServiceUnavailable(
        "电子签名服务还没有接通，请联系管理员。",
        "The electronic signature service is not connected yet; please ask the administrator.",
    )


_current: list[SignatureService] = []


def use(service: SignatureService) -> None:
    """Sets the service of this process."""
    _current[:] = [service]


def current() -> SignatureService:
    """The service of this process."""
    assert _current, "create_app sets the signature service"
    return _current[0]
