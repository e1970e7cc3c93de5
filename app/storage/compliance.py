"""Compliance holds: why a case stands still, and what compliance officers said of each (append-only)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.cases import CaseParty, LoanCase
from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model

OPEN, CLEARED, UPHELD = "open", "cleared", "upheld"
CLEAR, UPHOLD = "clear", "uphold"
SCREENING, OFFICER = "screening", "officer"
BLOCKING = (OPEN, UPHELD)


class ComplianceHold(Model):
    """One hold on a case. `state` open, cleared (it no longer blocks) or upheld (it blocks for good).

    `source` screening or officer; `reference` is the call that opened it, so that a repeated call opens no second one.
    `persons_needed` is how many persons must clear it; `findings` is what the screening answered.
    """

    __tablename__ = "compliance_hold"
    __table_args__ = (
        Index("ix_compliance_hold_case", "case_id", "state"),
        Index("ix_compliance_hold_state", "state", "opened_at"),
        CheckConstraint("persons_needed IN (1, 2)", name="ck_compliance_hold_persons"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    reference: Mapped[str | None] = mapped_column(String(60), unique=True)
    source: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    reason_en: Mapped[str] = mapped_column(String(500), default="")
    findings: Mapped[Any] = mapped_column(PlainJson)
    persons_needed: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(12), default=OPEN)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HoldOpinion(Model):
    """What one person decided about a hold, once; the database itself refuses to change or delete a row."""

    __tablename__ = "compliance_opinion"
    __table_args__ = (UniqueConstraint("hold_id", "person_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    hold_id: Mapped[int] = mapped_column(ForeignKey("compliance_hold.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(500))
    evidence: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def blocking(session: Session, case_id: int) -> list[ComplianceHold]:
    """The holds of a case that are not cleared, oldest first."""
    return [hold for hold in of_case(session, case_id) if hold.state in BLOCKING]


def of_case(session: Session, case_id: int) -> list[ComplianceHold]:
    """All holds of a case, oldest first."""
    return list(
        session.scalars(select(ComplianceHold).where(ComplianceHold.case_id == case_id).order_by(ComplianceHold.id))
    )


def of_reference(session: Session, reference: str) -> ComplianceHold | None:
    """What a call opened."""
    return session.scalar(select(ComplianceHold).where(ComplianceHold.reference == reference))


def visible(session: Session, hold_id: int, funder_id: int) -> tuple[ComplianceHold, LoanCase] | None:
    """The hold with its case where the organisation is the case's funder; nobody else is told that there is one."""
    query = select(ComplianceHold, LoanCase).join(LoanCase, LoanCase.id == ComplianceHold.case_id)
    found = session.execute(query.where(ComplianceHold.id == hold_id, _of_funder(funder_id))).one_or_none()
    return None if found is None else (found[0], found[1])


def of_funder(
    session: Session, funder_id: int, states: Iterable[str], *, limit: int, offset: int
) -> list[tuple[ComplianceHold, LoanCase]]:
    """A funder's holds in these states with their cases, newest first."""
    query = select(ComplianceHold, LoanCase).join(LoanCase, LoanCase.id == ComplianceHold.case_id)
    query = query.where(_of_funder(funder_id), ComplianceHold.state.in_(list(states)))
    rows = session.execute(query.order_by(ComplianceHold.id.desc()).limit(limit).offset(offset))
    return [(hold, case) for hold, case in rows]


def count_by_state(session: Session, funder_id: int) -> dict[str, int]:
    """How many holds of a funder are in each state."""
    query = select(ComplianceHold.state, func.count()).join(LoanCase, LoanCase.id == ComplianceHold.case_id)
    rows = session.execute(query.where(_of_funder(funder_id)).group_by(ComplianceHold.state))
    return {state: count for state, count in rows}


def opinions(session: Session, hold_ids: Iterable[int]) -> list[HoldOpinion]:
    """What was said of these holds, oldest first."""
    query = select(HoldOpinion).where(HoldOpinion.hold_id.in_(list(hold_ids)))
    return list(session.scalars(query.order_by(HoldOpinion.id)))


def _of_funder(funder_id: int) -> Any:
    return (
        select(CaseParty.case_id)
        .where(CaseParty.case_id == LoanCase.id, CaseParty.capacity == "funder", CaseParty.organisation_id == funder_id)
        .exists()
    )
