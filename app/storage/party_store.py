"""The encrypted party store: personal numbers as AES-GCM cipher text, found again by an HMAC index, shown masked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Blob, UtcDateTime
from app.storage.database import Model


class PartyValue(Model):
    """One personal value; everything else in the database carries its id and its mask only."""

    __tablename__ = "party_value"
    __table_args__ = (Index("ix_party_value_search", "search_index"), Index("ix_party_value_case", "case_id"))
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    kind: Mapped[str] = mapped_column(String(40))
    cipher: Mapped[bytes] = mapped_column(Blob)
    search_index: Mapped[str] = mapped_column(String(64))
    masked: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class PartyKey:
    """The two keys derived from the one secret of the installation (32 bytes or more of randomness)."""

    encryption: bytes
    index: bytes

    @classmethod
    def derive(cls, secret: str) -> PartyKey:
        """Keys from the secret; each use has its own, so that the index tells nothing of the cipher."""

        def one(use: bytes) -> bytes:
            return hmac.new(secret.encode(), use, hashlib.sha256).digest()

        return cls(one(b"party-encryption"), one(b"party-index"))

    def search_index(self, value: str) -> str:
        """What is stored to find an equal value again (hex)."""
        return hmac.new(self.index, _normal(value).encode(), hashlib.sha256).hexdigest()


def _normal(value: str) -> str:
    return "".join(value.split()).upper()


def store(
    session: Session, key: PartyKey, *, case_id: int | None, kind: str, value: str, masked_as: str, at: datetime
) -> dict[str, str]:
    """Encrypts a value and gives the reference that stands in its place: {"$party": id, "masked": ...}."""
    id_ = secrets.token_hex(16)
    nonce = secrets.token_bytes(12)
    cipher = nonce + AESGCM(key.encryption).encrypt(nonce, value.encode(), id_.encode())
    session.add(
        PartyValue(
            id=id_,
            case_id=case_id,
            kind=kind,
            cipher=cipher,
            search_index=key.search_index(value),
            masked=masked_as,
            at=at,
        )
    )
    return {"$party": id_, "masked": masked_as}


def references(session: Session, case_id: int) -> dict[tuple[str, str], dict[str, str]]:
    """(kind, search index) -> reference of what a case holds, so that a value that is given again is the same one."""
    query = select(PartyValue.kind, PartyValue.search_index, PartyValue.id, PartyValue.masked)
    return {
        (kind, index): {"$party": id_, "masked": masked}
        for kind, index, id_, masked in session.execute(query.where(PartyValue.case_id == case_id))
    }


def reveal(session: Session, key: PartyKey, id_: str) -> str | None:
    """The value behind a reference, in clear."""
    row = session.get(PartyValue, id_)
    return (
        None if row is None else AESGCM(key.encryption).decrypt(row.cipher[:12], row.cipher[12:], id_.encode()).decode()
    )


def indexes_of(session: Session, ids: set[str]) -> dict[str, str]:
    """Reference -> what an equal value is found by, of the values behind references."""
    if not ids:
        return {}
    rows = session.execute(select(PartyValue.id, PartyValue.search_index).where(PartyValue.id.in_(ids)))
    return {id_: index for id_, index in rows if index is not None}


def cases_with(session: Session, key: PartyKey, value: str) -> set[int]:
    """Ids of the cases in which exactly this value was given."""
    return cases_with_index(session, key.search_index(value))


def cases_with_index(session: Session, index: str) -> set[int]:
    """As cases_with, for a value that is known by its index."""
    query = select(PartyValue.case_id).where(PartyValue.search_index == index, PartyValue.case_id.is_not(None))
    return {case_id for case_id in session.scalars(query) if case_id is not None}
