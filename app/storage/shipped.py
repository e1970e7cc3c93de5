"""Which releases came with the product, so that an upgrade sees what an analyst has published since."""

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
