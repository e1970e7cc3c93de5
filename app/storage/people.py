"""People who log in, and their sessions as rows that can be listed and revoked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model


class Person(Model):
    """Somebody with a login; the password is an argon2 hash. `must_change_password`: somebody else knows it."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="zh")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    failed_logins: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def name(self, language: str) -> str:
        return self.name_en or self.name_zh if language == "en" else self.name_zh


class WebSession(Model):
    """One log-in: `token_hash` is the SHA-256 of what the cookie carries, so that the table opens no door."""

    __tablename__ = "web_session"
    __table_args__ = (Index("ix_web_session_person", "person_id"),)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fresh_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(60), default="")
    device: Mapped[str] = mapped_column(String(200), default="")


def by_login(session: Session, login: str) -> Person | None:
    """The person with this login, whatever its state."""
    return session.scalar(select(Person).where(Person.login == login))


def names(session: Session, ids: set[int]) -> dict[int, Person]:
    """People by id."""
    return {p.id: p for p in session.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}
