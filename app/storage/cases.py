"""Cases: one firm's request from application to closure, with its parties and its number."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, ForeignKey, Index, Integer, String, exists, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.storage.column_types import Fen, Id, UtcDateTime
from app.storage.database import Model, upsert

FIRMS_OWN = ("draft", "deleted")  # milestones of what a bank was never sent


class LoanCase(Model):
    """A case. `milestone` is the last one its diagrams reached; typed columns are what lists and rules need."""

    __tablename__ = "loan_case"
    __table_args__ = (Index("ix_case_milestone", "milestone"), Index("ix_case_created", "created_at"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    source_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    channel: Mapped[str] = mapped_column(String(20), default="online")
    product_key: Mapped[str] = mapped_column(String(60))
    round: Mapped[int] = mapped_column(Integer, default=1)
    milestone: Mapped[str] = mapped_column(String(40), default="draft")
    milestone_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applicant_name: Mapped[str] = mapped_column(String(200), default="")
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    amount: Mapped[Decimal | None] = mapped_column(Fen)
    term_months: Mapped[int | None] = mapped_column(Integer)
    purpose: Mapped[str | None] = mapped_column(String(200))
    repayment_method: Mapped[str | None] = mapped_column(String(60))
    industry: Mapped[str | None] = mapped_column(String(60))
    score: Mapped[int | None] = mapped_column(Integer)
    rating: Mapped[str | None] = mapped_column(String(10))
    previous_case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CaseParty(Model):
    """An organisation's capacity in a case: borrower, funder, core_enterprise, guarantor, custodian ..."""

    __tablename__ = "case_party"
    __table_args__ = (Index("ix_case_party_organisation", "organisation_id", "case_id"),)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"), primary_key=True)
    capacity: Mapped[str] = mapped_column(String(30), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))


# beside visible_to, which asks the same table about the reader: an alias keeps the two rows apart
Its = aliased(CaseParty)


class NumberSeries(Model):
    """The last number given out of a series (a day's case numbers)."""

    __tablename__ = "number_series"
    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


def next_number(session: Session, prefix: str, on: date) -> str:
    """The next number of a day, as "LN202611210001"; the row's lock keeps two units from getting the same one."""
    series = f"{prefix}{on:%Y%m%d}"
    first = upsert(session, NumberSeries).values(series=series, last=1)
    counted = first.on_conflict_do_update(
        index_elements=[NumberSeries.series], set_={"last": NumberSeries.last + 1}
    ).returning(NumberSeries.last)
    return f"{series}{session.scalars(counted).one():04d}"


def parties(session: Session, case_id: int) -> dict[str, int]:
    """Capacity -> organisation id of a case."""
    return {
        row.capacity: row.organisation_id
        for row in session.scalars(select(CaseParty).where(CaseParty.case_id == case_id))
    }


def set_party(session: Session, case_id: int, capacity: str, organisation_id: int) -> None:
    """Makes the organisation the case's party of that capacity, in place of another one."""
    row = session.get(CaseParty, (case_id, capacity))
    if row is None:
        session.add(CaseParty(case_id=case_id, capacity=capacity, organisation_id=organisation_id))
    else:
        row.organisation_id = organisation_id


def visible(session: Session, number: str, organisation_id: int | None) -> LoanCase | None:
    """The case with this number if the organisation is a party of it; None as organisation sees every case."""
    query = select(LoanCase).where(LoanCase.number == number)
    return session.scalar(query if organisation_id is None else query.where(visible_to(organisation_id)))


def visible_to(organisation_id: int) -> ColumnElement[bool]:
    """The condition on LoanCase that the organisation is a party that may see it; a firm's draft is its own."""
    told = or_(CaseParty.capacity == "borrower", LoanCase.milestone.not_in(FIRMS_OWN), LoanCase.channel != "online")
    return exists().where(CaseParty.case_id == LoanCase.id, CaseParty.organisation_id == organisation_id, told)
