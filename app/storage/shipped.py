"""What came with the product, so that an upgrade sees what analysts and administrators have changed since."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.column_types import UtcDateTime
from app.storage.database import Model


class ShippedRelease(Model):
    """The release last shipped for a process; `files_digest` is the hash over all files of that shipment."""

    __tablename__ = "shipped_release"
    process_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    files_digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ShippedGrant(Model):
    """A right that the product's own roles had at the last upgrade."""

    __tablename__ = "shipped_grant"
    role_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    verb: Mapped[str] = mapped_column(String(60), primary_key=True)
