"""A payment leaves once: whatever the bank answers or does not, however many workers there are, wherever one dies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.gateways import clock
from app.gateways import payments as gateway
from app.gateways.payments import HttpChannel, NotTaken
from app.storage import payments
from app.storage.database import unit_of_work
from app.storage.payments import Payment
from app.use_cases import dispatch, operations
from app.use_cases.closing.move_business_date import move_business_date
from app.use_cases.operation import OperationRefused
from app.use_cases.payments import ask_bank, pay_out
from app.use_cases.payments.ask_bank import CLOSE_AFTER
from tests.use_cases.payments.counter import REVIEWER, Counter
from tests.use_cases.payments.drawn import Drawn
from tests.use_cases.tasks.races import at_once

Planted = Callable[[Callable[..., Any]], None]
# the amount's fen choose what the bank does: see app/sandbox_bank/behaviour.py
SILENT = {"10.02": "succeeded", "10.03": "failed", "10.04": "succeeded", "10.12": "succeeded", "10.13": "failed"}


def test_a_payment_that_the_bank_takes_succeeds_with_its_call_back(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "1000.00")

    sent = counter.pay_out(case_number, number)
    counter.bank.work()

    assert sent["result"] == "sent" and counter.payment(number).state == "succeeded"
    assert counter.debits(number) == ["1000.00"]
    assert [(one["case_number"], one["payment_no"], one["result"]) for one in counter.results(number)] == [
        (case_number, number, "succeeded")
    ]
    assert counter.kinds(number) == ["prepared", "authorised", "sent", "answered", "called_back"]


def test_a_definite_no_is_final_and_not_asked_about(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "10.01")

    result = counter.pay_out(case_number, number)

    assert result["result"] == "failed" and "does not accept" in result["reason"]
    assert counter.instructions(number) == 0 and [one["result"] for one in counter.results(number)] == ["failed"]


def test_a_failed_payment_frees_its_amount_for_a_new_one(counter: Counter) -> None:
    case_number = counter.ready_case()
    counter.pay_out(case_number, counter.confirmed(case_number, "399999.01"))

    again = counter.confirmed(case_number, "399999.00")
    counter.pay_out(case_number, again)
    counter.bank.work()

    assert counter.payment(again).state == "succeeded"


@pytest.mark.parametrize(("amount", "result"), SILENT.items())
def test_an_unknown_result_is_queried_and_never_repeated(counter: Counter, amount: str, result: str) -> None:
    settings = counter.desk.app.config["SETTINGS"]
    impatient = HttpChannel("sandbox", settings.payment_secret, counter.address, 0.3)
    gateway.use(impatient)
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, amount)

    first = counter.pay_out(case_number, number)
    taken = counter.instructions(number)
    again = counter.query(case_number, number)
    counter.bank.work()
    # what was silent has been silent; the last question has the time that an answer takes on a busy machine
    gateway.use(HttpChannel("sandbox", settings.payment_secret, counter.address, 10.0))
    with clock.fixed_at(clock.real_now() + 2 * CLOSE_AFTER):
        last = counter.query(case_number, number)

    assert first["result"] == "unknown" and again["result"] == "unknown" and last["result"] == result
    assert counter.instructions(number) == taken and len(counter.debits(number)) == (result == "succeeded")
    assert [one["result"] for one in counter.results(number)] == [result]


def test_a_move_of_the_business_date_closes_no_number_that_may_still_be_on_its_way(counter: Counter) -> None:
    gateway.use(HttpChannel("sandbox", counter.desk.app.config["SETTINGS"].payment_secret, counter.address, 0.3))
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "10.03")
    counter.pay_out(case_number, number)
    operator, today = counter.desk.actor("yun.ying"), clock.moment().business_on
    with counter.desk.app.app_context():
        move_business_date(operator, today + timedelta(days=30))

    asked = counter.query(case_number, number)

    assert asked["result"] == "unknown"


def test_a_late_call_back_after_the_query_changes_nothing_more(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "10.04")
    counter.pay_out(case_number, number)
    content = settled_without_call_back(counter, number)

    queried = counter.query(case_number, number)
    late = counter.call_back(content)

    assert queried["result"] == "succeeded" and late == (200, {"received": True, "outcome": "booked"})
    assert len(counter.results(number)) == 1 and counter.alarms() == []


def settled_without_call_back(counter: Counter, number: str) -> bytes:
    """The bank settles; the call-back that it would send is given instead of sent."""
    kept: list[bytes] = []
    deliver, counter.bank._deliver = counter.bank._deliver, lambda body: not kept.append(body)
    counter.bank.work()
    counter.bank._deliver = deliver
    return kept[0]


def test_a_call_back_may_come_before_the_answer_to_the_instruction(counter_on_each_database: Counter) -> None:
    counter = counter_on_each_database
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "10.09")

    result = counter.pay_out(case_number, number)

    assert result["result"] == "succeeded" and len(counter.results(number)) == 1
    assert counter.kinds(number)[-2:] == ["called_back", "answered"]


@pytest.mark.parametrize(
    ("amount", "alarms"), {"10.06": 0, "10.10": 0, "10.11": 1}.items(), ids=["thrice", "out of order", "other amount"]
)
def test_whatever_the_bank_calls_back_the_payment_succeeds_once(counter: Counter, amount: str, alarms: int) -> None:
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, amount)
    counter.pay_out(case_number, number)

    counter.bank.work()

    assert counter.payment(number).state == "succeeded" and len(counter.results(number)) == 1
    assert [one.kind for one in counter.alarms()] == ["other_amount"] * alarms


def test_a_bank_that_is_away_gets_the_payment_when_it_is_back(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "1000.00")
    there = gateway.current()
    gateway.use(HttpChannel("sandbox", there.secret, lambda: "http://127.0.0.1:9"))

    with pytest.raises(NotTaken):
        counter.pay_out(case_number, number)
    away = counter.payment(number).state
    gateway.use(there)
    counter.pay_out(case_number, number)
    counter.bank.work()

    assert away == "authorised" and counter.payment(number).state == "succeeded"
    assert counter.kinds(number)[2:5] == ["sent", "not_taken", "sent"] and counter.instructions(number) == 1


def test_a_bank_that_is_away_when_it_is_asked_leaves_the_result_unknown(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "10.08")
    counter.pay_out(case_number, number)
    gateway.use(HttpChannel("sandbox", gateway.current().secret, lambda: None))

    assert counter.query(case_number, number)["result"] == "unknown"


def unconfirmed(counter: Counter, case_number: str) -> str:
    return counter.prepare(case_number, "1000.00")


def of_another_case(counter: Counter, case_number: str) -> str:
    return counter.confirmed(counter.ready_case(), "1000.00")


def unheard_of(counter: Counter, case_number: str) -> str:
    return "PO209901010001FFFF"


def confirmed_by_a_reviewer(counter: Counter, case_number: str) -> str:
    number = counter.confirmed(case_number, "1000.00")
    with counter.desk.app.app_context(), unit_of_work() as session:
        session.execute(update(Payment).values(checker_id=counter.desk.person(REVIEWER).id))
    return number


@pytest.mark.parametrize(
    "made",
    [unconfirmed, of_another_case, unheard_of, pytest.param(confirmed_by_a_reviewer, marks=pytest.mark.violates(15))],
)
def test_whatever_is_drawn_a_payment_without_its_controls_does_not_leave(
    counter: Counter, made: Callable[[Counter, str], str]
) -> None:
    case_number = counter.ready_case()
    number = made(counter, case_number)

    with pytest.raises(OperationRefused) as refused:
        counter.pay_out(case_number, number)

    assert refused.value.code == "NotAllowed" and counter.instructions(number) == 0


def test_two_workers_at_once_give_one_instruction(counter_on_each_database: Counter) -> None:
    counter = counter_on_each_database
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "1000.00")

    results = at_once(*(lambda: counter.pay_out(case_number, number) for _ in range(4)))
    counter.bank.work()

    assert {one["result"] for one in results} <= {"sent", "unknown", "succeeded"}
    assert counter.payment(number).state == "succeeded" and len(counter.results(number)) == 1
    assert counter.instructions(number) == 1 and counter.debits(number) == ["1000.00"] and counter.alarms() == []


def test_a_worker_whose_lease_ran_out_while_the_bank_was_slow_sends_nothing_twice(
    counter_on_each_database: Counter,
) -> None:
    drawn = Drawn(counter_on_each_database)
    send = HttpChannel.send

    def slow(channel: HttpChannel, instruction: Any) -> Any:
        answer = send(channel, instruction)
        with clock.fixed_at(clock.real_now() + 2 * dispatch.LEASE):  # another worker takes the step over meanwhile
            assert drawn.run()
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(HttpChannel, "send", slow)
        drawn.run()
    drawn.work()

    assert drawn.counter.instructions(drawn.number) == 1 and drawn.counter.debits(drawn.number) == ["1000.00"]
    assert drawn.instance.status == "completed" and len(drawn.counter.results(drawn.number)) == 1


def before_it_is_marked_as_sent(kill: Callable[..., Any]) -> None:
    payments.add_event = kill


def before_the_instruction_leaves(kill: Callable[..., Any]) -> None:
    HttpChannel.send = kill  # type: ignore[method-assign]


def before_the_answer_is_recorded(kill: Callable[..., Any]) -> None:
    pay_out.record_word = kill  # type: ignore[attr-defined]


def while_the_answer_is_recorded(kill: Callable[..., Any]) -> None:
    ask_bank.believe = kill  # type: ignore[attr-defined]


def before_the_diagram_goes_on(kill: Callable[..., Any]) -> None:
    found = operations.OPERATIONS["pay_out"]
    object.__setattr__(found, "record", kill)


FAULT_POINTS = {
    before_it_is_marked_as_sent: "succeeded",
    before_the_instruction_leaves: "failed",
    before_the_answer_is_recorded: "succeeded",
    while_the_answer_is_recorded: "succeeded",
    before_the_diagram_goes_on: "succeeded",
}


@pytest.mark.parametrize(("fault_point", "result"), FAULT_POINTS.items(), ids=lambda one: getattr(one, "__name__", one))
def test_a_worker_that_is_killed_leaves_a_payment_that_happens_once(
    counter_on_each_database: Counter, fault_point: Planted, result: str
) -> None:
    drawn = Drawn(counter_on_each_database)

    code = drawn.die(fault_point, drawn.run)
    drawn.work()

    assert code == -9
    assert drawn.counter.payment(drawn.number).state == result
    assert drawn.counter.debits(drawn.number) == (["1000.00"] if result == "succeeded" else [])
    assert [one["result"] for one in drawn.counter.results(drawn.number)] == [result]
    assert drawn.instance.status == "completed"
