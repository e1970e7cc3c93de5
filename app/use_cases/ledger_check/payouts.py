"""Invariants 16, 17 and 19: what left is covered, was signed for before it left, and left once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.lending.journal import PAYOUT_CLEARING
from app.storage import limits
from app.storage.cases import LoanCase
from app.storage.collateral import LIVE, Collateral
from app.storage.contracts import LAPSED, Contract, ContractSignature
from app.storage.ledger import JournalRow
from app.storage.limits import CreditLimit, LimitReservation
from app.storage.loans import ACTIVE, Loan
from app.storage.offers import Offer
from app.storage.payments import COMMITTED, OUT, Payment, PaymentEvent
from app.storage.user_tasks import UserTask
from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.loan_books import ZERO, LoanBooks
from app.use_cases.ledger_check.people import DRAWDOWN

# the duty of the task in which a person ticks off the conditions, each with its evidence
CONDITIONS = "conditions_check"
LEFT = "sent"
LOAN_CONTRACT, ACCEPTED, PAYOUT, SUCCEEDED = "loan", "accepted", "payout", "succeeded"


def covered_drawdowns(session: Session, found: Findings) -> None:
    """16: a case's drawdowns stay within its accepted offer and what it holds; a limit's use is what cases hold."""
    for limit, held in _limits(session):
        found.rows += 1
        where = f"{limit.kind} #{limit.id}"
        found.differ(where, "额度占用与明细不符", "used is not what cases hold", found=limit.used, wanted=held)
        if not ZERO <= limit.used <= limit.total:
            found.fault(where, f"占用 {limit.used}，额度 {limit.total}。", f"{limit.used} used of {limit.total}.")
    drawn = (Payment.kind == DRAWDOWN, Payment.state.in_(COMMITTED))
    query = select(LoanCase.id, LoanCase.number, func.sum(Payment.amount)).join(Payment, Payment.case_id == LoanCase.id)
    owing = set(session.scalars(select(Loan.case_id).where(Loan.state == ACTIVE)))
    for case_id, number, total in session.execute(query.where(*drawn).group_by(LoanCase.id, LoanCase.number)):
        found.rows += 1
        offered = session.scalars(
            select(Offer.amount).where(Offer.case_id == case_id, Offer.state == ACCEPTED).order_by(Offer.id.desc())
        ).first()
        if offered is None or total > offered:
            found.fault(number, f"放款 {total}，方案 {offered}。", f"{total} drawn on an offer of {offered}.")
        held = _held(session, case_id, open_only=case_id in owing)
        if not held or min(held) < min(total, offered or total):
            found.fault(number, f"放款 {total}，占用额度 {held}。", f"{total} drawn; held on limits: {held}.")


def _limits(session: Session) -> Any:
    held = func.coalesce(func.sum(limits.held()), 0)
    query = select(CreditLimit, held).outerjoin(LimitReservation, LimitReservation.limit_id == CreditLimit.id)
    return session.execute(query.group_by(CreditLimit.id).order_by(CreditLimit.id))


def _held(session: Session, case_id: int, *, open_only: bool) -> list[Decimal]:
    """What a case holds on each limit; with what it gave back where nothing is owed any more."""
    query = select(func.max(LimitReservation.amount)).where(LimitReservation.case_id == case_id)
    query = query.where(LimitReservation.released_at.is_(None)) if open_only else query
    return list(session.scalars(query.group_by(LimitReservation.limit_id)))


def signed_before_payout(session: Session, found: Findings) -> None:
    """17: when money left, somebody had checked the conditions, all had signed, and collateral was registered."""
    # the event's time is the product's, as that of signatures and tasks; `sent_at` is real time, for the bank
    left = (
        select(Payment.number, Payment.case_id, func.max(PaymentEvent.at))
        .join(PaymentEvent, (PaymentEvent.payment_id == Payment.id) & (PaymentEvent.kind == LEFT))
        .where(Payment.direction == OUT, Payment.kind == DRAWDOWN, Payment.sent_at.is_not(None))
        .group_by(Payment.id, Payment.number, Payment.case_id)
    )
    for number, case_id, sent_at in session.execute(left):
        found.rows += 1
        if not _conditions_checked(session, case_id, sent_at):
            found.fault(number, "放款前没有人落实放款条件。", "nobody had checked the conditions when it left.")
        there = [
            one for one in _contracts(session, case_id) if one.generated_at <= sent_at and not _lapsed(one, sent_at)
        ]
        if not any(one.kind == LOAN_CONTRACT for one in there):
            found.fault(number, "放款时没有借款合同。", "there was no loan contract when it left.")
        for one in there:
            if not one.places or one.places != one.signed or one.in_force_at is None or one.in_force_at > sent_at:
                found.fault(
                    number,
                    f"放款时合同 {one.number} 没有全部签署生效。",
                    f"the contract {one.number} was not signed by all and in force when it left.",
                )
        for item in _unregistered(session, case_id, sent_at):
            found.fault(number, f"放款时担保物 {item} 没有登记。", f"the collateral {item} was not registered.")


def _conditions_checked(session: Session, case_id: int | None, at: datetime) -> bool:
    checked = (UserTask.case_id == case_id, UserTask.duty == CONDITIONS, UserTask.done_by.is_not(None))
    return session.scalar(select(UserTask.id).where(*checked, UserTask.done_at <= at).limit(1)) is not None


def _contracts(session: Session, case_id: int | None) -> Any:
    signature = ContractSignature
    query = (
        select(
            *(Contract.number, Contract.kind, Contract.generated_at, Contract.in_force_at),
            *(Contract.state, Contract.lapsed_at),
            func.count(signature.id).label("places"),
            func.count(signature.signed_at).label("signed"),
        )
        .outerjoin(signature, signature.contract_id == Contract.id)
        .where(Contract.case_id == case_id)
        .group_by(Contract.id)
        .order_by(Contract.id)
    )
    return session.execute(query)


def _lapsed(contract: Any, at: datetime) -> bool:
    return contract.state == LAPSED and (contract.lapsed_at is None or contract.lapsed_at <= at)


def _unregistered(session: Session, case_id: int | None, at: datetime) -> Any:
    held = (Collateral.case_id == case_id, Collateral.pledged_at <= at, Collateral.state.in_(LIVE))
    return session.scalars(select(Collateral.number).where(*held, Collateral.registration_no.is_(None)))


def one_instruction(session: Session, found: Findings) -> None:
    """19: a payment reached the bank once at most, one that succeeded exactly once, each with its own reference."""
    found.rows += session.scalar(select(func.count()).where(Payment.direction == OUT)) or 0
    # what the bank never took may be sent again
    left = func.coalesce(
        func.sum(case((PaymentEvent.kind == "sent", 1), (PaymentEvent.kind == "not_taken", -1), else_=0)), 0
    )
    times = (
        select(Payment.number, Payment.state, left)
        .outerjoin(PaymentEvent, PaymentEvent.payment_id == Payment.id)
        .where(Payment.direction == OUT)
        .group_by(Payment.id, Payment.number, Payment.state)
    )
    for number, state, count in session.execute(times):
        wanted = 1 if state in ("sent", "unknown", SUCCEEDED) else count if state == "failed" and count < 2 else 0
        if count != wanted:
            found.fault(number, f"状态 {state}，发出 {count} 次。", f"is {state} and was sent {count} times.")
    twice = (
        select(Payment.channel, Payment.bank_reference, func.count())
        .where(Payment.direction == OUT, Payment.bank_reference != "")
        .group_by(Payment.channel, Payment.bank_reference)
        .having(func.count() > 1)
    )
    for channel, reference, count in session.execute(twice):
        found.fault(f"{channel} {reference}", f"银行编号用于 {count} 笔付款。", f"stands on {count} payments.")


def booked_on_confirmation(books: LoanBooks, found: Findings) -> None:
    """19: a payout is in the ledger once, for the amount that the bank confirmed, and clearing is empty."""
    found.rows += 1
    payment = books.payment
    if (payment.direction, payment.kind, payment.state) != (OUT, DRAWDOWN, SUCCEEDED):
        found.fault(
            books.number,
            f"付款 {payment.number} 是 {payment.state}，不是银行已确认的放款。",
            f"stands on {payment.number}, which is {payment.state} and no payout that the bank confirmed.",
        )
    payouts = [one.row for one in books.journals if one.row.event == PAYOUT]
    if [row.subject for row in payouts] != [payment.number] or books.loan.principal != payment.amount:
        found.fault(
            books.number,
            f"付款 {payment.number} 的 {payment.amount} 元没有恰好入账一次。",
            f"the {payment.amount} of {payment.number} are not booked exactly once.",
        )
    found.differ(
        books.number,
        "放款清算未结清",
        "payout clearing is not empty",
        found=books.accounts[PAYOUT_CLEARING.code] + ZERO,
        wanted=ZERO,
    )


def confirmed_have_no_twin(session: Session, found: Findings) -> None:
    """19: no two payout journals stand on one payment, whichever loans they belong to."""
    twice = (
        select(JournalRow.subject, func.count())
        .where(JournalRow.event == PAYOUT)
        .group_by(JournalRow.subject)
        .having(func.count() > 1)
    )
    for number, times in session.execute(twice):
        found.fault(number, f"入账 {times} 次。", f"is booked as a payout {times} times.")
