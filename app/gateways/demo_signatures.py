"""Sandbox of the signature service: signs and checks PDFs with pyHanko under a demo authority, for demo and tests."""

from __future__ import annotations

import hashlib
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization

from app.gateways.demo_authority import Authority, Identity, kept_authority, key_file, take_over
from app.gateways.e_signature import FoundSignature, NoSignedDocument, Signatory, Signed, Verified
from app.gateways.typesetting import typeset
from app.moment import BUSINESS_ZONE

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import DummyTimeStamper
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import SimpleCertificateStore

# the boxes of contract_templates/contract.typ: A4, measured from the top in points
PAGE_HEIGHT, TOP_MARGIN, FIRST_BOX, BOX_STEP = 841.89, 62, 60, 124
SEAL_LEFT, SEAL_WIDTH, SEAL_HEIGHT, SEAL_DOWN = 279, 250, 88, 8
# what a damaged file makes the libraries raise besides their own errors: they read bytes that anybody may have written
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError)
MOST_REMEMBERED = 500
SAME_CASE = re.compile(rb"[0-9a-f]*|[0-9A-F]*")


@dataclass
class DemoSignatures:
    """Signs with a certificate that is issued for this one act; `keys` is the folder of the authority's keys."""

    keys: Path
    _made: list[Authority] = field(default_factory=list)
    _of_thread: threading.local = field(default_factory=threading.local)
    _verified: dict[bytes, Verified] = field(default_factory=dict)

    @property
    def authority(self) -> Authority:
        """Made or read on first use."""
        if not self._made:
            self._made.append(kept_authority(self.keys))
        return self._made[0]

    def sign(self, document: bytes, signatory: Signatory, reason: str, at: datetime) -> Signed:
        """Adds a field in the signatory's box and signs the whole document with a time stamp of `at`."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers
        from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

        holder = self.authority.issue(signatory, at)
        serial = f"{holder.certificate.serial_number:x}"
        store = _store(self.authority.root)
        meta = signers.PdfSignatureMetadata(
            field_name=signatory.capacity,
            name=f"{signatory.organisation} {signatory.person}",
            reason=reason,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            signer_key_usage={"digital_signature"},
        )
        with _seal(signatory, serial, self._name(), at) as style:
            signer = signers.PdfSigner(
                meta,
                signer=signers.SimpleSigner(_certificate(holder), _key(holder), store),
                timestamper=self._stamper(at),
                stamp_style=style,
                new_field_spec=SigFieldSpec(signatory.capacity, on_page=-1, box=_box(signatory.place)),
            )
            signed = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(document)))
        return Signed(signed.getvalue(), serial, self._name())

    def verify(self, document: bytes) -> Verified:
        """Checks each signature with pyHanko's validator, at the time that its stamp proves; the same bytes once."""
        digest = hashlib.sha256(document).digest()
        if digest not in self._verified:
            found = self._verify(document)
            if len(self._verified) >= MOST_REMEMBERED:
                self._verified.clear()
            self._verified[digest] = found
        return self._verified[digest]

    def _verify(self, document: bytes) -> Verified:
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.pdf_utils.reader import PdfFileReader

        try:
            found = PdfFileReader(BytesIO(document)).embedded_regular_signatures
            checked = [self._checked(one, document) for one in found]
        except (PdfError, *UNREADABLE) as error:
            raise _unreadable() from error
        if not checked:
            raise _unsigned()
        unchanged = all(one.state == "valid" for one in checked) and _covers_all(found[-1])
        return Verified(tuple(checked), unchanged)

    def kept_keys(self) -> str | None:
        """The authority's keys as PEM, once it was made."""
        path = key_file(self.keys)
        return path.read_text("ascii") if path.exists() else None

    def take_keys(self, keys: str) -> None:
        """Becomes the authority whose keys these are."""
        take_over(self.keys, keys.encode("ascii"))
        self._made.clear()
        self._verified.clear()
        self._of_thread = threading.local()

    def _stamper(self, at: datetime) -> DummyTimeStamper:
        """The thread's time stamper, set to `at`: how long its stamps are is measured by a first one, once."""
        from pyhanko.sign.timestamps import DummyTimeStamper

        if not hasattr(self._of_thread, "stamper"):
            clock, store = self.authority.clock, _store(self.authority.root)
            self._of_thread.stamper = DummyTimeStamper(_certificate(clock), _key(clock), store)
        stamper: DummyTimeStamper = self._of_thread.stamper
        stamper.fixed_dt = at.astimezone(BUSINESS_ZONE)
        return stamper

    def _checked(self, signature: EmbeddedPdfSignature, document: bytes) -> FoundSignature:
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko.sign.validation.errors import SignatureValidationError

        stamped = _stamped_at(signature)
        try:
            status = validate_pdf_signature(signature, self._trust(stamped), self._trust(stamped))
        except SignatureValidationError:
            return _found(signature, stamped, "changed")
        intact = status.intact and status.valid and bool(status.docmdp_ok) and _is_plain(signature, document)
        stamp = status.timestamp_validity
        stamp_intact = stamp is not None and stamp.intact and stamp.valid
        if not intact or not stamp_intact:
            return _found(signature, stamped, "changed")
        known = status.trusted and stamp is not None and stamp.trusted
        return _found(signature, stamped, "valid" if known else "unknown_signer")

    def _trust(self, at: datetime | None) -> ValidationContext:
        from pyhanko_certvalidator import ValidationContext

        return ValidationContext(trust_roots=[_certificate(self.authority.root)], moment=at, allow_fetching=False)

    def _name(self) -> str:
        return _common_name(self.authority.root)


def _found(signature: EmbeddedPdfSignature, at: datetime | None, state: Any) -> FoundSignature:
    certificate = signature.signer_cert
    subject, issuer = certificate.subject.native, certificate.issuer.native
    code = str(subject.get("serial_number", ""))
    return FoundSignature(
        capacity=str(signature.field_name),
        person=str(subject.get("common_name", "")),
        organisation=str(subject.get("organization_name", "")),
        credit_code="" if code == "-" else code,
        certificate_serial=f"{certificate.serial_number:x}",
        authority=str(issuer.get("common_name", "")),
        signed_at=at,
        state=state,
    )


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    """What the time stamp says, else None: a signer's own word for the time proves nothing."""
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
            at = token["gen_time"].native
            return at if isinstance(at, datetime) else None
    return None


def _covers_all(signature: EmbeddedPdfSignature) -> bool:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    return bool(signature.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE)


def _is_plain(signature: EmbeddedPdfSignature, document: bytes) -> bool:
    """Whether the only part that a signature does not cover, its own bytes, is written in the one plain way."""
    from asn1crypto.parser import peek

    start, length, end = signature.byte_range[0], signature.byte_range[1], signature.byte_range[2]
    gap = document[start + length : end]
    digits = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or not SAME_CASE.fullmatch(digits):
        return False
    content = bytes.fromhex(digits.decode("ascii"))
    return not content[peek(content) :].strip(b"\0")


def _box(place: int) -> tuple[int, int, int, int]:
    top = TOP_MARGIN + FIRST_BOX + place * BOX_STEP + SEAL_DOWN
    low = round(PAGE_HEIGHT - top - SEAL_HEIGHT)
    return SEAL_LEFT, low, SEAL_LEFT + SEAL_WIDTH, low + SEAL_HEIGHT


@contextmanager
def _seal(signatory: Signatory, serial: str, authority: str, at: datetime) -> Iterator[Any]:
    from pyhanko.stamp import StaticStampStyle

    said = {
        "organisation": signatory.organisation,
        "person": signatory.person,
        "signed_at": f"{at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M:%S} (UTC+8)",
        "serial": serial,
        "authority": authority,
    }
    # the library takes the picture of a signature from a file only
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(typeset("seal", said, at))
        file.flush()
        yield StaticStampStyle.from_pdf_file(file.name, border_width=0)


def _store(*identities: Identity) -> SimpleCertificateStore:
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()
    for identity in identities:
        store.register(_certificate(identity))
    return store


def _certificate(identity: Identity) -> Any:
    from asn1crypto import x509

    return x509.Certificate.load(identity.certificate.public_bytes(serialization.Encoding.DER))


def _key(identity: Identity) -> Any:
    from asn1crypto import keys

    return keys.PrivateKeyInfo.load(
        identity.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def _common_name(identity: Identity) -> str:
    return str(_certificate(identity).subject.native["common_name"])


def _unreadable() -> NoSignedDocument:
    return NoSignedDocument(
        "这不是可以读取的 PDF 文件，或者文件已经损坏。", "This is no PDF that can be read, or the file is damaged."
    )


def _unsigned() -> NoSignedDocument:
    return NoSignedDocument("这份 PDF 里没有电子签名。", "There is no electronic signature in this PDF.")
