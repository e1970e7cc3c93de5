"""What the bank tells by itself counts once, however often, forged, late or wrong it comes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import signatures
from app.config import CALL_BACK_PATH
from app.storage import party_store
from app.storage.database import reading
from app.use_cases.parties import party_key
from app.use_cases.payments import believe
from tests.use_cases.payments.counter import Counter
from tests.use_cases.payments.drawn import Drawn
from tests.use_cases.tasks.races import at_once

BOOKED, KNOWN, ALARM = (200, {"received": True, "outcome": "booked"}), "known", "alarm"
TWENTY = 20


def sent(counter: Counter, amount: str = "10.08") -> str:
    """The number of a payment that the bank took and never calls back about."""
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, amount)
    counter.pay_out(case_number, number)
    return number


def result(number: str, **changes: Any) -> dict[str, Any]:
    said = {"serial": "S1", "kind": "payment_result", "payment_no": number, "amount": "10.08", "status": "succeeded"}
    return said | {"reference": "SB1"} | changes


def credit(**changes: Any) -> dict[str, Any]:
    said = {"serial": "C1", "kind": "credit", "amount": "5000.00", "payer_name": "清溪纺织"}
    return said | {"payer_account": "6222021202049998888", "value_on": "2026-11-20"} | changes


def outcomes(answers: list[Any]) -> list[str]:
    return sorted(answer[1]["outcome"] for answer in answers)


def test_the_same_call_back_twenty_times_at_once_books_once(counter_on_each_database: Counter) -> None:
    counter = counter_on_each_database
    number = sent(counter)

    answers = at_once(*(lambda: counter.call_back(result(number)) for _ in range(TWENTY)))

    assert outcomes(answers) == ["booked"] + [KNOWN] * (TWENTY - 1)
    assert counter.payment(number).state == "succeeded" and len(counter.results(number)) == 1
    assert counter.kinds(number).count("called_back") == 1 and counter.alarms() == []


def test_money_that_is_called_back_twenty_times_at_once_comes_in_once(counter_on_each_database: Counter) -> None:
    counter = counter_on_each_database

    answers = at_once(*(lambda: counter.call_back(credit()) for _ in range(TWENTY)))

    assert outcomes(answers) == ["booked"] + [KNOWN] * (TWENTY - 1)
    assert [(str(one.amount), one.state) for one in counter.receipts()] == [("5000.00", "unapplied")]


def test_two_amounts_under_one_serial_at_once_book_one_and_alarm(counter_on_each_database: Counter) -> None:
    counter = counter_on_each_database

    answers = at_once(*(lambda a=a: counter.call_back(credit(amount=a)) for a in ("5000.00", "6000.00") * 5))

    assert outcomes(answers) == [ALARM] * 5 + ["booked"] + [KNOWN] * 4
    assert len(counter.receipts()) == 1 and [(one.kind, one.times) for one in counter.alarms()] == [("other_amount", 5)]


def test_another_amount_with_the_same_serial_is_an_alarm_and_changes_nothing(counter: Counter) -> None:
    number = sent(counter)
    counter.call_back(result(number, status="processing"))
    before = counter.payment(number).state, counter.kinds(number)

    answer = counter.call_back(result(number, status="processing", amount="99.00"))

    assert answer[1]["outcome"] == ALARM and [one.kind for one in counter.alarms()] == ["other_amount"]
    assert (counter.payment(number).state, counter.kinds(number)) == before and counter.results(number) == []


def test_another_amount_with_a_new_serial_is_an_alarm_and_moves_no_state(counter: Counter) -> None:
    number = sent(counter)

    answer = counter.call_back(result(number, amount="99.00"))

    assert answer[1]["outcome"] == ALARM and counter.payment(number).state == "sent"


def test_a_result_that_contradicts_a_final_one_is_an_alarm(counter: Counter) -> None:
    number = sent(counter)
    counter.call_back(result(number))

    answer = counter.call_back(result(number, serial="S2", status="failed"))

    assert answer[1]["outcome"] == ALARM and [one.kind for one in counter.alarms()] == ["contradiction"]
    assert counter.payment(number).state == "succeeded" and len(counter.results(number)) == 1


def test_a_result_for_a_payment_that_was_never_sent_is_an_alarm(counter: Counter) -> None:
    number = counter.confirmed(counter.ready_case(), "10.08")

    counter.call_back(result(number))

    assert counter.payment(number).state == "authorised" and [one.kind for one in counter.alarms()] == ["not_sent"]


def test_a_number_that_is_no_payment_is_an_alarm_that_counts(counter: Counter) -> None:
    for _ in range(3):
        assert counter.call_back(result("PO1"))[1]["outcome"] == ALARM

    assert [(one.kind, one.times) for one in counter.alarms()] == [("unknown_payment", 3)]


def test_a_result_that_processing_follows_stays(counter: Counter) -> None:
    number = sent(counter)
    counter.call_back(result(number))

    assert counter.call_back(result(number, serial="S2", status="processing")) == BOOKED
    assert counter.payment(number).state == "succeeded" and counter.alarms() == []


@pytest.mark.parametrize(
    ("changes", "status", "alarms"),
    [
        ({"secret": "x" * 40}, 401, ["bad_signature"]),
        ({"now": datetime.now(UTC) - timedelta(hours=1)}, 401, ["bad_signature"]),
        ({"now": datetime.now(UTC) + timedelta(hours=1)}, 401, ["bad_signature"]),
        ({"sent": b'{"serial": "S9"}'}, 401, ["bad_signature"]),
        ({"headers": {signatures.NONCE: "another"}}, 401, ["bad_signature"]),
        ({"headers": {signatures.CHANNEL: "nobody"}}, 400, []),
        ({"headers": {signatures.SIGNATURE: ""}}, 400, []),
        ({"headers": {signatures.TIMESTAMP: "9" * 30}}, 400, []),
    ],
    ids=["secret", "old", "future", "body", "nonce", "channel", "no signature", "no time"],
)
def test_what_the_bank_did_not_sign_just_now_is_refused(
    counter: Counter, changes: dict[str, Any], status: int, alarms: list[str]
) -> None:
    number = sent(counter)

    answer = counter.call_back(result(number), **changes)

    assert answer == (status, {"received": False}) and counter.payment(number).state == "sent"
    assert [one.kind for one in counter.alarms()] == alarms


def test_forged_call_backs_make_one_alarm_an_hour(counter: Counter) -> None:
    for _ in range(5):
        counter.call_back(credit(), secret="x" * 40)

    assert [(one.kind, one.times) for one in counter.alarms()] == [("bad_signature", 5)]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'"x"', *(json.dumps(credit() | {key: value}).encode() for key, value in [
        ("amount", "12.345"), ("amount", "-1"), ("amount", "NaN"), ("amount", None), ("serial", ""),
        ("serial", "x" * 81), ("remark", "a\0b"), ("serial", "a\nb"),
        ("kind", "gift"), ("currency", "USD"), ("value_on", "yesterday"), ("payer_name", "x" * 300),
    ])],
)  # fmt: skip
def test_a_signed_message_that_cannot_be_read_is_an_alarm_and_books_nothing(counter: Counter, body: bytes) -> None:
    assert counter.call_back(body) == (400, {"received": False})
    assert counter.receipts() == [] and [one.kind for one in counter.alarms()] == ["unreadable"]


def test_a_large_body_is_not_read(counter: Counter) -> None:
    status, _ = counter.call_back(credit(remark="x" * 20_000))

    assert status == 413 and counter.alarms() == []


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_large_form_is_not_read_either(counter: Counter, kind: str) -> None:
    form = counter.desk.app.test_client().post(CALL_BACK_PATH, data=b"x" * 100_000, headers={"Content-Type": kind})

    assert form.status_code == 413


def test_a_receipt_names_its_case_and_hides_the_payers_account(counter: Counter) -> None:
    case_number = counter.ready_case()

    counter.call_back(credit(remark=case_number))

    (receipt,) = counter.receipts()
    assert receipt.case_id == counter.desk.case(case_number).id and str(receipt.value_on) == "2026-11-20"
    assert receipt.account_masked == "*" * 15 + "8888" and receipt.counterparty_name == "清溪纺织"
    with counter.desk.app.app_context(), reading() as session:
        assert receipt.account_id is not None
        clear = party_store.reveal(session, party_key.current(), receipt.account_id)
    assert clear == "6222021202049998888"


def test_a_receipt_without_a_known_case_waits_to_be_identified(counter: Counter) -> None:
    counter.call_back(credit(remark="货款", payer_account="", value_on=None))

    (receipt,) = counter.receipts()
    assert receipt.case_id is None and receipt.account_id is None and receipt.value_on is not None


def test_the_banks_repayment_reaches_the_product_once(counter: Counter) -> None:
    case_number = counter.ready_case()
    serial = counter.bank.credit({"amount": "88.80", "remark": case_number, "times": 3}).content["serial"]

    counter.bank.work()

    (receipt,) = counter.receipts()
    assert (str(receipt.amount), receipt.bank_reference) == ("88.80", serial) and counter.alarms() == []


def test_a_web_process_that_is_killed_in_a_call_back_books_it_when_it_comes_again(
    counter_on_each_database: Counter,
) -> None:
    drawn = Drawn(counter_on_each_database, "10.08")
    drawn.run()
    said = result(drawn.number)

    def before_the_message_is_thrown(kill: Any) -> None:
        believe.add_outbox = kill  # type: ignore[attr-defined]

    code = drawn.die(before_the_message_is_thrown, lambda: drawn.counter.call_back(said))
    nothing = drawn.counter.kinds(drawn.number)
    again = drawn.counter.call_back(said)
    drawn.work()

    assert code == -9 and "called_back" not in nothing and again == BOOKED
    assert len(drawn.counter.results(drawn.number)) == 1 and drawn.instance.status == "completed"
