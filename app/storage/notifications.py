"""Messages to the people of an organisation about a case, and how far each of them has read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.cases import LoanCase
from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model


class Notification(Model):
    """One message in both languages, to an organisation's people, to those of a role, or to one of them by name."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_organisation", "organisation_id", "id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    role_key: Mapped[str | None] = mapped_column(ForeignKey("role.key"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeMark(Model):
    """How far a person who acts for an organisation has read: up to and with the message `read_to`."""

    __tablename__ = "notice_mark"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    read_to: Mapped[int] = mapped_column(ForeignKey("notification.id"))


@dataclass(frozen=True)
class Reader:
    """Who reads: a person acting for an organisation in some roles (keys)."""

    person_id: int
    organisation_id: int
    roles: frozenset[str]


def told_to(reader: Reader) -> ColumnElement[bool]:
    """The condition that a message is for this reader: to all of the organisation, to a role, or by name."""
    return and_(
        Notification.organisation_id == reader.organisation_id,
        or_(Notification.person_id.is_(None), Notification.person_id == reader.person_id),
        or_(Notification.role_key.is_(None), Notification.role_key.in_(reader.roles)),
    )


def of_person(session: Session, reader: Reader, limit: int = 100) -> list[tuple[Notification, LoanCase | None]]:
    """The newest messages for a reader, with their cases."""
    query = (
        select(Notification, LoanCase).outerjoin(LoanCase, LoanCase.id == Notification.case_id).where(told_to(reader))
    )
    return list(session.execute(query.order_by(Notification.id.desc()).limit(limit)))


def read_to(session: Session, reader: Reader) -> int:
    """The id up to which the reader has read, 0 before the first time."""
    mark = session.get(NoticeMark, (reader.person_id, reader.organisation_id))
    return mark.read_to if mark else 0


def mark_read(session: Session, reader: Reader) -> None:
    """All that the reader was told until now counts as read by this reader alone."""
    newest = session.scalar(select(func.max(Notification.id)).where(told_to(reader)))
    mark = session.get(NoticeMark, (reader.person_id, reader.organisation_id), with_for_update=True)
    if newest is None:
        return
    if mark is None:
        session.add(NoticeMark(person_id=reader.person_id, organisation_id=reader.organisation_id, read_to=newest))
    else:
        mark.read_to = max(mark.read_to, newest)


def of_case(session: Session, case_id: int, organisation_id: int) -> list[Notification]:
    """An organisation's messages on a case, newest first."""
    query = select(Notification).where(
        Notification.case_id == case_id,
        Notification.organisation_id == organisation_id,
        Notification.person_id.is_(None),
        Notification.role_key.is_(None),
    )
    return list(session.scalars(query.order_by(Notification.id.desc())))


def unread(session: Session, reader: Reader) -> int:
    """How many messages for a reader are younger than what the reader has read."""
    mark = (
        select(NoticeMark.read_to)
        .where(NoticeMark.person_id == reader.person_id, NoticeMark.organisation_id == reader.organisation_id)
        .scalar_subquery()
    )
    query = select(func.count()).select_from(Notification)
    return session.scalar(query.where(told_to(reader), Notification.id > func.coalesce(mark, 0))) or 0
