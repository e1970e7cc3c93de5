"""Loans for tests, quickly: `lent(desk, ...)` gives the number of an active loan without walking any diagram.

The case has its two reviews, accepted offer, held limits, a loan contract in force and a payment that succeeded as
rows, and the loan itself is made by the operation activate_loan. `close_to`, `receive`, `loan` and `trial` then let
it live. Any test may use this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lending.daily_close import Close
from app.moment import Moment
from app.storage import ledger, limits, loans, payments
from app.storage.cases import parties
from app.storage.contracts import IN_FORCE, Contract, ContractSignature
from app.storage.database import reading, unit_of_work
from app.storage.limits import CreditLimit, LimitReservation
from app.storage.loans import Loan
from app.storage.offers import Offer
from app.storage.outbox import OutboxRow
from app.storage.payments import Payment
from app.storage.user_tasks import UserTask
from app.use_cases.contracts.content import money
from app.use_cases.loans.activate_loan import ACTIVATE_LOAN
from app.use_cases.loans.close_loan import close_loan_in
from app.use_cases.loans.take_receipt import take_receipt_in
from app.use_cases.offers.preview_schedule import REPAYMENT_METHODS
from app.use_cases.operation import Call
from tests.desk import FIRM, Desk
from tests.use_cases.done_tasks import done_task
from tests.use_cases.ledger_check.payout_process import finish_payouts

PAID_OUT = date(2026, 1, 15)
REVIEWER, APPROVER, MAKER, CHECKER = "wang.lei", "sun.hao", "bai.xue", "fu.lei"
SHA = "0" * 64


def at(on: date) -> Moment:
    """Ten in the morning of a business date in China."""
    return Moment.at(datetime(on.year, on.month, on.day, 2, 0, tzinfo=UTC))


def lent(
    desk: Desk,
    amount: str = "120000.00",
    months: int = 12,
    *,
    rate: str = "6.00",
    method: str = "equal_principal",
    paid_out_on: date = PAID_OUT,
    login: str = FIRM,
    case_number: str | None = None,
    penalty_uplift: str | None = None,
) -> str:
    """The number of an active loan of the person's firm (of a new case unless one is named), paid out on that day."""
    number = case_number or desk.start(login)
    payment_no = paid(desk, number, amount, months, rate, method, paid_out_on, penalty_uplift)
    return activate(desk, number, payment_no, paid_out_on)["loan_no"]


def activate(desk: Desk, case_number: str, payment_no: str, on: date, broken: Any = ()) -> dict[str, Any]:
    """What the operation gives for the loan; the instance that pays it out is over afterwards."""
    result = operate(desk, case_number, payment_no, on, broken)
    finish_payouts(desk, case_number, at(on).now)
    return result


def operate(desk: Desk, case_number: str, payment_no: str, on: date, broken: Any = ()) -> dict[str, Any]:
    """What the operation gives for the loan, run as in the unit of a worker, and nothing else."""
    call = Call(1, desk.case(case_number), {"payment_no": payment_no}, {}, at(on))
    with desk.app.app_context(), unit_of_work() as session:
        result: dict[str, Any] = ACTIVATE_LOAN.record(session, call, list(broken))["loan"]
        return result


def paid(
    desk: Desk,
    case_number: str,
    amount: str = "120000.00",
    months: int = 12,
    rate: str = "6.00",
    method: str = "equal_principal",
    on: date = PAID_OUT,
    penalty_uplift: str | None = None,
) -> str:
    """Makes a case as it stands when the bank has paid its drawdown; the payment's number."""
    case, moment = desk.case(case_number), at(on)
    whole = Decimal(amount)
    with desk.app.app_context(), unit_of_work() as session:
        who = parties(session, case.id)
        pattern = session.scalars(select(UserTask).where(UserTask.case_id == case.id)).first()
        assert pattern is not None
        for duty, login in (("credit_review", REVIEWER), ("credit_approval", APPROVER), ("conditions_check", MAKER)):
            session.add(done_task(pattern, duty, desk.person(login).id, moment.now))
        limit = session.scalars(select(CreditLimit).where(CreditLimit.funder_id == who["funder"])).first()
        assert limit is not None and limits.take(session, limit.id, whole)
        held = {"case_id": case.id, "limit_id": limit.id, "reference": case_number}
        session.add(LimitReservation(**held, amount=whole, reserved_at=moment.now))
        offer = Offer(
            number=f"OF-{case.id}",
            case_id=case.id,
            funder_id=who["funder"],
            amount=whole,
            rate_percent_per_year=rate,
            term_months=months,
            repayment_method=method,
            valid_until=on,
            state="accepted",
            issued_at=moment.now,
            decided_at=moment.now,
        )
        session.add(offer)
        session.flush()
        _add_contract(session, offer, penalty_uplift, [who["borrower"], who["funder"]], moment.now)
        payment = Payment(
            number=f"PO-{case.id}",
            case_id=case.id,
            direction=payments.OUT,
            kind="drawdown",
            amount=whole,
            counterparty_name="东明机械有限公司",
            state="succeeded",
            maker_id=desk.person(MAKER).id,
            checker_id=desk.person(CHECKER).id,
            created_at=moment.now,
            sent_at=moment.now,
            settled_at=moment.now,
        )
        session.add(payment)
        session.flush()
        payments.add_event(session, payment, "sent", moment.now, amount=whole)
        return payment.number


def _add_contract(
    session: Session, offer: Offer, penalty_uplift: str | None, signatories: list[int], now: datetime
) -> None:
    """The loan contract, signed by borrower and funder."""
    name = REPAYMENT_METHODS[offer.repayment_method]
    terms = {
        "amount": money(offer.amount),
        "rate": offer.rate_percent_per_year,
        "term_months": offer.term_months,
        "method": {"zh": name.zh, "en": name.en},
        "penalty_uplift": penalty_uplift,
    }
    contract = Contract(
        number=f"JK-{offer.case_id}",
        case_id=offer.case_id,
        kind="loan",
        reference=f"lent-{offer.case_id}",
        offer_id=offer.id,
        state=IN_FORCE,
        content={"terms": terms},
        document_sha256=SHA,
        generated_at=now,
        in_force_at=now,
    )
    session.add(contract)
    session.flush()
    for position, (capacity, place) in enumerate(zip(("borrower", "funder"), signatories, strict=True)):
        signed = {"capacity": capacity, "organisation_id": place, "signed_at": now}
        session.add(ContractSignature(contract_id=contract.id, position=position, **signed))


def loan(desk: Desk, number: str) -> Loan:
    """The loan as it is now."""
    with desk.app.app_context(), reading() as session:
        found = loans.by_number(session, number)
        assert found is not None
        return found


def close(desk: Desk, number: str, on: date) -> Close | None:
    """Closes one loan for a date, in a unit of its own."""
    with desk.app.app_context(), unit_of_work() as session:
        return close_loan_in(session, session.merge(loan(desk, number), load=False), on, at(on))


def close_to(desk: Desk, number: str, last: date, days: int = 1) -> None:
    """Closes day by day (or each `days`) from the day after the last close, or the payout, to `last` inclusive."""
    one = loan(desk, number)
    for on in _days((one.closed_on or one.paid_out_on) + timedelta(days=1), last, days):
        close(desk, number, on)


def _days(first: date, last: date, step: int) -> Iterator[date]:
    while first < last:
        yield first
        first += timedelta(days=step)
    yield last


def receive(desk: Desk, number: str, amount: str, value_on: date, *, booked_on: date | None = None) -> str:
    """Money of a value date for the loan, booked that day or later; the receipt's number."""
    moment = at(booked_on or value_on)
    with desk.app.app_context(), unit_of_work() as session:
        one = session.merge(loan(desk, number), load=False)
        receipt_no = f"RC-{number}-{len(loans.receipts(session, one.id)) + 1}"
        take_receipt_in(session, one, receipt_no, Decimal(amount), value_on, moment)
        return receipt_no


def trial(desk: Desk, number: str) -> dict[str, Decimal]:
    """Account -> balance of one loan's journals, debit above zero, without the empty ones."""
    with desk.app.app_context(), reading() as session:
        found = ledger.balances(session, loan_id=loan(desk, number).id)
        return {account: amount for (_, account), amount in found.items() if amount}


def thrown(desk: Desk, number: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(name, key, payload) of every message about a loan, in order."""
    with desk.app.app_context(), reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "message").order_by(OutboxRow.id))
        told = [(row.name, row.payload["key"], row.payload["payload"]) for row in rows]
        return [one for one in told if one[2].get("loan_no") == number]
