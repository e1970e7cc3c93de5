"""What finance people look at: payments out and in, money that no loan took, and alarms of the bank's messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session

from app.storage import people
from app.storage.cases import CaseParty, LoanCase
from app.storage.database import reading
from app.storage.loans import Loan, LoanReceipt
from app.storage.payments import IN, OUT, Payment, PaymentAlarm
from app.texts import Text
from app.use_cases.disposals.take_proceeds import PROCEEDS
from app.use_cases.permissions import Actor, may, require

PAGE_SIZE = 30
FUNDER = "funder"
# a loan took it, or it is the price of goods that were disposed of
TAKEN = or_(exists().where(LoanReceipt.payment_id == Payment.id), Payment.kind == PROCEEDS)
FILTERS: dict[str, ColumnElement[bool]] = {
    "open": and_(Payment.direction == OUT, Payment.state.in_(("prepared", "authorised", "sent", "unknown"))),
    "unidentified": and_(Payment.direction == IN, ~TAKEN),
    "out": Payment.direction == OUT,
    "in": Payment.direction == IN,
}


@dataclass(frozen=True)
class PaymentLine:
    """A payment with its case, the loan that took it, and who prepared and confirmed it."""

    payment: Payment
    case_number: str
    loan_no: str
    maker: Text | None
    checker: Text | None

    @property
    def taken(self) -> bool:
        """Whether money that came belongs to a loan or a disposal."""
        return bool(self.loan_no) or self.payment.kind == PROCEEDS


@dataclass(frozen=True)
class Alarm:
    """A finding with the payment that it is about; `may_settle` says whether the reader may."""

    alarm: PaymentAlarm
    payment_no: str
    may_settle: bool


@dataclass(frozen=True)
class FinanceDesk:
    """A page of payments, newest first, with counts by filter, and all alarms that nobody has settled."""

    lines: tuple[PaymentLine, ...]
    total: int
    counts: Mapping[str, int]
    alarms: tuple[Alarm, ...]


def list_payments(actor: Actor, *, chosen: str = "open", page: int = 1) -> FinanceDesk:
    """Those of the actor's funder; the operator's are those of all, with money and alarms that are nobody's yet."""
    require("view_ledger", actor)
    chosen = chosen if chosen in FILTERS else "open"
    with reading() as session:
        own = select(Payment).where(of_funder(actor))
        counts = _counts(session, own)
        query = own.where(FILTERS[chosen]).order_by(Payment.id.desc())
        found = list(session.scalars(query.limit(PAGE_SIZE).offset((max(1, page) - 1) * PAGE_SIZE)))
        return FinanceDesk(_lines(session, found), counts[chosen], counts, _alarms(session, actor))


def of_funder(actor: Actor) -> ColumnElement[bool]:
    """The condition on Payment that it belongs to a case of the actor's bank; every payment for the operator."""
    if actor.case_scope is None:
        return true()
    own = select(CaseParty.case_id).where(CaseParty.capacity == FUNDER, CaseParty.organisation_id == actor.case_scope)
    return Payment.case_id.in_(own)


def may_settle(actor: Actor, alarm: PaymentAlarm, case_id: int | None) -> bool:
    """Finance of the payment's funder; what belongs to no funder is the operator's."""
    if alarm.payment_id is None or case_id is None:
        return actor.case_scope is None and may("view_ledger", actor)
    return actor.case_scope is not None and may("prepare_payments", actor)


def _counts(session: Session, own: Any) -> dict[str, int]:
    each = [func.sum(case((condition, 1), else_=0)) for condition in FILTERS.values()]
    numbers = session.execute(own.with_only_columns(*each)).one()
    return {key: number or 0 for key, number in zip(FILTERS, numbers, strict=True)}


def _lines(session: Session, found: list[Payment]) -> tuple[PaymentLine, ...]:
    numbers = dict(
        session.execute(
            select(LoanCase.id, LoanCase.number).where(LoanCase.id.in_({one.case_id for one in found if one.case_id}))
        ).all()
    )
    taken = select(LoanReceipt.payment_id, Loan.number).join(Loan, Loan.id == LoanReceipt.loan_id)
    loan_of = dict(session.execute(taken.where(LoanReceipt.payment_id.in_([one.id for one in found]))).all())
    lent = select(Loan.payment_id, Loan.number).where(Loan.payment_id.in_([one.id for one in found]))
    loan_of |= dict(session.execute(lent).all())
    who = people.names(session, {id_ for one in found for id_ in (one.maker_id, one.checker_id) if id_})
    names = {id_: Text(one.name_zh, one.name_en) for id_, one in who.items()}
    return tuple(
        PaymentLine(
            one,
            numbers.get(one.case_id or 0, ""),
            loan_of.get(one.id, ""),
            names.get(one.maker_id or 0),
            names.get(one.checker_id or 0),
        )
        for one in found
    )


def _alarms(session: Session, actor: Actor) -> tuple[Alarm, ...]:
    query = select(PaymentAlarm, Payment.number, Payment.case_id)
    query = query.outerjoin(Payment, Payment.id == PaymentAlarm.payment_id)
    if actor.case_scope is not None:
        query = query.where(of_funder(actor))
    rows = session.execute(query.where(PaymentAlarm.settled_at.is_(None)).order_by(PaymentAlarm.id))
    return tuple(Alarm(alarm, number or "", may_settle(actor, alarm, case_id)) for alarm, number, case_id in rows)
