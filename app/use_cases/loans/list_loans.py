"""Lists the loans of a funder, or of all for the operator; and a firm's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage.database import reading
from app.storage.loans import ACTIVE, Loan
from app.storage.organisations import Organisation
from app.texts import Text
from app.use_cases.loans.repayment_plan import PlanRow, next_due, repayment_plans
from app.use_cases.permissions import Actor, require

PAGE_SIZE = 50
FILTERS: dict[str, Any] = {
    "active": Loan.state == ACTIVE,
    "overdue": and_(Loan.state == ACTIVE, Loan.overdue > 0),
    "ended": Loan.state != ACTIVE,
}


@dataclass(frozen=True)
class LoanLine:
    """A loan with its two sides, its plan and the first instalment of it that is not paid."""

    loan: Loan
    borrower: Text
    funder: Text
    plan: tuple[PlanRow, ...]
    due: PlanRow | None


@dataclass(frozen=True)
class LoanList:
    """A page of loans; `counts` by filter (and "" for all) over all that match the words."""

    lines: tuple[LoanLine, ...]
    total: int
    counts: Mapping[str, int]


def list_loans(actor: Actor, *, words: str = "", chosen: str = "", page: int = 1) -> LoanList:
    """Loans of the actor's funder, the newest first, the overdue ones by days past due; words in number or firm."""
    require("view_ledger", actor)
    with reading() as session:
        query = select(Loan).join(Organisation, Organisation.id == Loan.borrower_id)
        if actor.case_scope is not None:
            query = query.where(Loan.funder_id == actor.case_scope)
        if words.strip():
            query = query.where(_holds(words.strip()))
        counts = _counts(session, query)
        if chosen in FILTERS:
            query = query.where(FILTERS[chosen])
        order = (Loan.dpd.desc(), Loan.id.desc()) if chosen == "overdue" else (Loan.id.desc(),)
        found = list(session.scalars(query.order_by(*order).limit(PAGE_SIZE).offset((max(page, 1) - 1) * PAGE_SIZE)))
        return LoanList(_lines(session, found), counts[chosen if chosen in FILTERS else ""], counts)


def list_my_loans(actor: Actor) -> tuple[LoanLine, ...]:
    """All loans of the actor's firm, those that run first."""
    require("apply", actor)
    with reading() as session:
        query = select(Loan).where(Loan.borrower_id == actor.organisation_id)
        found = session.scalars(query.order_by(Loan.state != ACTIVE, Loan.id.desc()))
        return _lines(session, list(found))


def _holds(words: str) -> Any:
    return or_(
        Loan.number.icontains(words, autoescape=True),
        Organisation.name_zh.icontains(words, autoescape=True),
        Organisation.name_en.icontains(words, autoescape=True),
    )


def _counts(session: Session, query: Any) -> dict[str, int]:
    each = [func.sum(case((condition, 1), else_=0)) for condition in FILTERS.values()]
    whole, *parts = session.execute(query.with_only_columns(func.count(), *each)).one()
    return {"": whole} | {key: number or 0 for key, number in zip(FILTERS, parts, strict=True)}


def _lines(session: Session, found: list[Loan]) -> tuple[LoanLine, ...]:
    plans = repayment_plans(session, found, clock.moment().business_on)
    sides = {id_ for loan in found for id_ in (loan.borrower_id, loan.funder_id)}
    names = {one.id: one.name for one in session.scalars(select(Organisation).where(Organisation.id.in_(sides)))}
    return tuple(
        LoanLine(loan, names[loan.borrower_id], names[loan.funder_id], plan, next_due(plan))
        for loan in found
        for plan in (plans.get(loan.id, ()),)
    )
