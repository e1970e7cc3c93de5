"""A counter at which tests pay: a case that is ready for payout, maker and checker, and a running sandbox bank."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.gateways import clock
from app.sandbox_bank.bank import Bank
from app.sandbox_bank.server import BankServer
from app.storage import limits, payments
from app.storage.cases import parties
from app.storage.contracts import Contract, ContractSignature
from app.storage.database import reading, unit_of_work
from app.storage.limits import CreditLimit, LimitReservation
from app.storage.offers import Offer
from app.storage.outbox import OutboxRow
from app.storage.payments import Payment, PaymentAlarm, PaymentEvent
from app.storage.user_tasks import UserTask
from app.use_cases.operation import Call
from app.use_cases.payments.confirm_payment import confirm_payment
from app.use_cases.payments.pay_out import PAY_OUT
from app.use_cases.payments.prepare_payment import PaymentOrder, prepare_payment
from app.use_cases.payments.query_payment import QUERY_PAYMENT
from app.use_cases.permissions import Actor
from tests import bank
from tests.desk import Desk
from tests.use_cases.done_tasks import done_task

MAKER, CHECKER = "ma.li", "zhu.jun"
REVIEWER, APPROVER = "wang.lei", "sun.hao"
ACCOUNT = "6222021202041234567"
OFFERED = Decimal("400000.00")


class Counter:
    """Acts of people and of the bank on one desk's database; every call has its own app context."""

    def __init__(self, desk: Desk, running: Bank, server: BankServer) -> None:
        self.desk, self.bank, self.server = desk, running, server

    def address(self) -> str:
        """Where the bank listens."""
        return bank.address_of(self.server)

    def ready_case(self) -> str:
        """A case that is ready for its payout."""
        return ready_case(self.desk)

    def actor(self, login: str) -> Actor:
        """A demo person with the rights of finance officers."""
        return self.with_rights(self.desk.actor(login))

    @staticmethod
    def with_rights(actor: Actor) -> Actor:
        """Somebody with the rights of finance officers whatever the role."""
        return replace(actor, verbs=actor.verbs | {"prepare_payments", "confirm_payments"})

    def prepare(self, case_number: str, amount: str, login: str = MAKER, account: Any = ACCOUNT) -> str:
        """The number of a prepared payment."""
        order = PaymentOrder(Decimal(amount), "东明机械有限公司", "工商银行绍兴分行", account, "货款")
        with self.desk.app.app_context():
            return prepare_payment(self.actor(login), case_number, order)

    def confirm(self, number: str, login: str = CHECKER, minutes_ago: int = 0) -> None:
        """Confirms as somebody who gave the password so many minutes ago."""
        with self.desk.app.app_context():
            logged_in_at = clock.real_now() - timedelta(minutes=minutes_ago)
            confirm_payment(self.actor(login), number, logged_in_at=logged_in_at)

    def confirmed(self, case_number: str, amount: str) -> str:
        """The number of a confirmed payment."""
        number = self.prepare(case_number, amount)
        self.confirm(number)
        return number

    def pay_out(self, case_number: str, number: str) -> dict[str, Any]:
        """What the operation gives, run as a worker runs it."""
        return self._operate(PAY_OUT, case_number, number)

    def query(self, case_number: str, number: str) -> dict[str, Any]:
        """What the operation query_payment gives."""
        return self._operate(QUERY_PAYMENT, case_number, number)

    def _operate(self, operation: Any, case_number: str, number: str) -> dict[str, Any]:
        call = Call(1, self.desk.case(case_number), {"payment_no": number}, {}, clock.moment())
        with self.desk.app.app_context():
            operation.ask(call)
            with unit_of_work() as session:
                result: dict[str, Any] = operation.record(session, call, None)["payment"]
                return result

    def payment(self, number: str) -> Payment:
        """The payment as it is now."""
        with self.desk.app.app_context(), reading() as session:
            found = payments.by_number(session, number)
            assert found is not None
            return found

    def receipts(self) -> list[Payment]:
        """What came in, oldest first."""
        with self.desk.app.app_context(), reading() as session:
            query = select(Payment).where(Payment.direction == "in").order_by(Payment.id)
            return list(session.scalars(query))

    def events(self, number: str) -> list[PaymentEvent]:
        """What happened to a payment."""
        with self.desk.app.app_context(), reading() as session:
            return payments.events(session, self.payment(number).id)

    def kinds(self, number: str) -> list[str]:
        """The kinds of what happened to a payment."""
        return [event.kind for event in self.events(number)]

    def alarms(self) -> list[PaymentAlarm]:
        """Open alarms."""
        with self.desk.app.app_context(), reading() as session:
            return payments.alarms(session)

    def results(self, number: str) -> list[dict[str, Any]]:
        """The payloads of the messages PaymentResult that were thrown for a payment."""
        with self.desk.app.app_context(), reading() as session:
            rows = session.scalars(select(OutboxRow).where(OutboxRow.name == "PaymentResult").order_by(OutboxRow.id))
            return [row.payload["payload"] for row in rows if row.payload["key"] == number]

    def debits(self, number: str) -> list[str]:
        """The amounts that the bank paid out under a number."""
        with self.bank._book.open() as page:
            rows = page.execute("SELECT amount_fen FROM entry WHERE direction = 'out' AND number = ?", (number,))
            return [f"{Decimal(fen).scaleb(-2):.2f}" for (fen,) in rows]

    def instructions(self, number: str) -> int:
        """How often the bank was given an instruction under a number."""
        with self.bank._book.open() as page:
            row = page.execute("SELECT times FROM instruction WHERE number = ?", (number,)).fetchone()
            return row[0] if row else 0

    def call_back(self, content: dict[str, Any] | bytes, **changes: Any) -> tuple[int, Any]:
        """Posts a call-back as the bank does (tests.bank.call_back)."""
        return bank.call_back(self.desk.app, content, **changes)


@contextmanager
def counter(desk: Desk, answer_seconds: float = 5.0) -> Iterator[Counter]:
    """A counter whose bank settles at once, but calls back only when a test lets it work."""
    with bank.sandbox_bank(desk.app, answer_seconds) as (running, server):
        yield Counter(desk, running, server)


def ready_case(desk: Desk) -> str:
    """A case with two reviews, an accepted offer of 400,000 yuan, its contract and the limits held for it."""
    number = desk.start()
    case, now = desk.case(number), clock.moment().now
    with desk.app.app_context(), unit_of_work() as session:
        pattern = session.scalars(select(UserTask).where(UserTask.case_id == case.id)).first()
        assert pattern is not None
        for duty, login in (("credit_review", REVIEWER), ("credit_approval", APPROVER), ("conditions_check", MAKER)):
            session.add(done_task(pattern, duty, desk.person(login).id, now))
        who = parties(session, case.id)
        funder = who["funder"]
        offer = _accepted(case.id, funder, now)
        session.add(offer)
        session.flush()
        contract = _in_force(case.id, offer.id, now)
        session.add(contract)
        session.flush()
        for position, capacity in enumerate(("borrower", "funder")):
            signed = {"capacity": capacity, "organisation_id": who[capacity], "signed_at": now}
            session.add(ContractSignature(contract_id=contract.id, position=position, **signed))
        limit = session.scalars(select(CreditLimit).where(CreditLimit.funder_id == funder)).first()
        assert limit is not None and limits.take(session, limit.id, OFFERED)
        held = {"case_id": case.id, "limit_id": limit.id, "reference": number}
        session.add(LimitReservation(**held, amount=OFFERED, reserved_at=now))
    return number


def _in_force(case_id: int, offer_id: int, at: datetime) -> Contract:
    return Contract(
        number=f"JK-{case_id}",
        case_id=case_id,
        kind="loan",
        reference=f"made-{case_id}",
        offer_id=offer_id,
        state="in_force",
        content={},
        document_sha256="",
        generated_at=at,
        in_force_at=at,
    )


def _accepted(case_id: int, funder_id: int, at: datetime) -> Offer:
    return Offer(
        number=f"OF-{case_id}",
        case_id=case_id,
        funder_id=funder_id,
        amount=OFFERED,
        rate_percent_per_year="4.5",
        term_months=12,
        repayment_method="bullet",
        valid_until=at.date(),
        state="accepted",
        issued_at=at,
        decided_at=at,
    )
