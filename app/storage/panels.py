"""The panel of a funder: which appraisers, lawyers and other firms it admitted to work for it, and until when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, ForeignKey, String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model
from app.storage.organisations import Organisation


class PanelMember(Model):
    """A firm on a funder's panel; `valid_until` None has no end. A suspended one gets no new work."""

    __tablename__ = "panel_member"
    __table_args__ = (UniqueConstraint("funder_id", "organisation_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    since_on: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_because: Mapped[str] = mapped_column(String(500), default="")
    admitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    admitted_because: Mapped[str] = mapped_column(String(500), default="")
    admitted_at: Mapped[datetime] = mapped_column(UtcDateTime)


def in_force(on: date) -> ColumnElement[bool]:
    """The condition on PanelMember that it may be given work on that day."""
    lasts = or_(PanelMember.valid_until.is_(None), PanelMember.valid_until >= on)
    return and_(PanelMember.suspended_at.is_(None), PanelMember.since_on <= on, lasts)


def member(session: Session, funder_id: int, organisation_id: int) -> PanelMember | None:
    """The firm's row on the funder's panel, whatever its state."""
    query = select(PanelMember).where(
        PanelMember.funder_id == funder_id, PanelMember.organisation_id == organisation_id
    )
    return session.scalar(query)


def members(session: Session, funder_id: int) -> list[tuple[PanelMember, Organisation]]:
    """All of a funder's panel with the firms, by kind and name."""
    query = select(PanelMember, Organisation).join(Organisation, Organisation.id == PanelMember.organisation_id)
    rows = session.execute(query.where(PanelMember.funder_id == funder_id).order_by(Organisation.kind, Organisation.id))
    return [(one, firm) for one, firm in rows]


def choices(session: Session, funder_id: int, kind: str, on: date) -> list[Organisation]:
    """The firms of a kind that the funder may give work to on that day, those longest on the panel first."""
    query = select(Organisation).join(PanelMember, PanelMember.organisation_id == Organisation.id)
    wanted = (PanelMember.funder_id == funder_id, Organisation.kind == kind, Organisation.active, in_force(on))
    return list(session.scalars(query.where(*wanted).order_by(PanelMember.since_on, PanelMember.id)))
