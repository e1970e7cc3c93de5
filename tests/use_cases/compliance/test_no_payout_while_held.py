"""No money leaves while a hold is open: every way to pay is tried, by the bank's people and around them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.errors import Refused
from app.gateways import clock
from app.sandbox_bank.bank import Bank
from app.storage import outbox, payments
from app.storage.database import reading, unit_of_work
from app.storage.outbox import OutboxRow
from app.storage.payments import Payment
from app.use_cases.operation import Call, OperationRefused
from app.use_cases.payments.confirm_payment import confirm_payment
from app.use_cases.payments.pay_out import PAY_OUT
from tests.desk import COMPLIANCE_OFFICER, FINANCE_CHECKER, FINANCE_OFFICER, LEAD, Desk
from tests.processes.payout_answers import COMPLIANCE_CLEAR, CONFIRM_PAYMENT, GO_ON, all_met
from tests.use_cases.compliance.holding import SECOND_OFFICER, decide, hold
from tests.web.visitor import Visitor, words

AMOUNT = "400000.00"
FRESH = {"fresh_log_in": "1"}  # as the page of an act that wants the password posts it


def order_of(desk: Desk, number: str) -> Payment:
    """The case's order as it is now."""
    with desk.app.app_context(), reading() as session:
        return payments.of_case(session, desk.case(number).id, payments.OUT)[-1]


def debits(bank: Bank) -> int:
    """How often money left the bank."""
    with bank._book.open() as page:
        return int(page.execute("SELECT count(*) FROM entry WHERE direction = 'out'").fetchone()[0])


def prepared(desk: Desk) -> str:
    """A case whose order waits for its second person."""
    number = desk.at_payout()
    desk.prepare_payout(number, AMOUNT)
    return number


def confirmed(desk: Desk) -> str:
    """As prepared, confirmed, and the worker has not come to it yet."""
    number = prepared(desk)
    desk.complete_task(FINANCE_CHECKER, desk.task(number, "confirm_payment").id, CONFIRM_PAYMENT)
    return number


def by_the_page(desk: Desk, bank: Bank) -> str:
    """The checker confirms on the task's page."""
    number = prepared(desk)
    hold(desk, number)
    task = desk.task(number, "confirm_payment")
    answer = Visitor(desk, FINANCE_CHECKER).post(f"/tasks/{task.id}/complete", CONFIRM_PAYMENT | FRESH)
    assert answer.status_code == 422 and "合规暂缓未解除" in words(answer)
    assert order_of(desk, number).state == "prepared"
    return number


def by_the_use_case(desk: Desk, bank: Bank) -> str:
    """The checker confirms without a task."""
    number = prepared(desk)
    hold(desk, number)
    actor, order = desk.actor(FINANCE_CHECKER), order_of(desk, number)
    with desk.app.app_context(), pytest.raises(Refused):
        confirm_payment(actor, order.number, logged_in_at=clock.real_now())
    return number


def by_the_step(desk: Desk, bank: Bank) -> str:
    """The worker comes to the step of an order that was confirmed before the hold, and again."""
    number = confirmed(desk)
    hold(desk, number)
    desk.work()
    desk.work()
    assert desk.waits_for(number, "held_payout")
    return number


def by_the_lead(desk: Desk, bank: Bank) -> str:
    """The lead lets a held payout go on, twice."""
    number = by_the_step(desk, bank)
    for _ in range(2):
        desk.complete(LEAD, number, "held_payout", GO_ON)
        assert desk.waits_for(number, "held_payout")
    return number


def by_the_operation(desk: Desk, bank: Bank) -> str:
    """The operation is called as a diagram that draws nothing else would call it."""
    number = confirmed(desk)
    hold(desk, number)
    call = Call(99, desk.case(number), {"payment_no": order_of(desk, number).number}, {}, clock.moment())
    with desk.app.app_context(), pytest.raises(OperationRefused) as refused:
        assert PAY_OUT.ask is not None
        PAY_OUT.ask(call)
        with unit_of_work() as session:
            PAY_OUT.record(session, call, None)
    assert refused.value.code == "NotAllowed"
    return number


def by_a_retry(desk: Desk, bank: Bank) -> str:
    """The step's row is put back as if its worker had died, and is done again."""
    number = confirmed(desk)
    hold(desk, number)
    with desk.app.app_context(), unit_of_work() as session:
        for row in outbox.pending(session, desk.case(number).id):
            found = session.get_one(OutboxRow, row.id)
            found.attempts += 1
    desk.work()
    return number


def by_compliance(desk: Desk, bank: Bank) -> str:
    """An officer passes the compliance check while another one's hold is open."""
    number = desk.at_disbursement()
    task = desk.task(number, "check_conditions")
    desk.complete(FINANCE_OFFICER, number, "check_conditions", all_met(task.variables))
    hold(desk, number)
    with pytest.raises(Refused):
        desk.complete(SECOND_OFFICER, number, "compliance_check", COMPLIANCE_CLEAR)
    return number


WAYS: tuple[Callable[[Desk, Bank], str], ...] = (
    by_the_page,
    by_the_use_case,
    by_the_lead,
    by_the_operation,
    by_a_retry,
    by_compliance,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_money_leaves_while_a_hold_is_open(desk: Desk, bank: Bank, way: Callable[[Desk, Bank], str]) -> None:
    number = way(desk, bank)
    bank.work()
    desk.work()

    assert debits(bank) == 0 and desk.case(number).milestone == "contracts_signed"
    assert desk.incidents(number) == []


def test_once_the_hold_is_cleared_the_same_order_leaves_once(desk: Desk, bank: Bank) -> None:
    number = confirmed(desk)
    hold_id = hold(desk, number, COMPLIANCE_OFFICER)
    desk.work()
    decide(desk, hold_id, SECOND_OFFICER)
    desk.complete(LEAD, number, "held_payout", GO_ON)
    bank.work()
    desk.work()

    assert debits(bank) == 1 and desk.case(number).milestone == "disbursed"
