"""Messages to the people of an organisation about a case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.cases import LoanCase
from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model


class Notification(Model):
    """One message in both languages, to an organisation's people or to one of them (`person_id`)."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_organisation", "organisation_id", "id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def told_to(organisation_id: int, person_id: int) -> ColumnElement[bool]:
    """The condition that a message is for this person: to all of the organisation, or to her by name."""
    by_name_or_all = or_(Notification.person_id.is_(None), Notification.person_id == person_id)
    return and_(Notification.organisation_id == organisation_id, by_name_or_all)


def of_person(
    session: Session, organisation_id: int, person_id: int, limit: int = 100
) -> list[tuple[Notification, LoanCase | None]]:
    """The newest messages for a person acting for an organisation, with their cases."""
    query = (
        select(Notification, LoanCase)
        .outerjoin(LoanCase, LoanCase.id == Notification.case_id)
        .where(told_to(organisation_id, person_id))
    )
    return list(session.execute(query.order_by(Notification.id.desc()).limit(limit)))


def of_case(session: Session, case_id: int, organisation_id: int) -> list[Notification]:
    """An organisation's messages on a case, newest first."""
    query = select(Notification).where(
        Notification.case_id == case_id,
        Notification.organisation_id == organisation_id,
        Notification.person_id.is_(None),
    )
    return list(session.scalars(query.order_by(Notification.id.desc())))


def unread(session: Session, organisation_id: int, person_id: int) -> int:
    """How many messages for a person nobody has read."""
    query = (
        select(func.count())
        .select_from(Notification)
        .where(told_to(organisation_id, person_id), Notification.read_at.is_(None))
    )
    return session.scalar(query) or 0
