"""Money that a bank calls back about reaches the loan that it names, once; a person is asked where that is unclear."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.gateways import clock
from app.storage import loans
from app.storage.cases import LoanCase
from app.storage.closes import DaySealed
from app.storage.database import reading
from app.storage.loans import LoanReceipt
from app.storage.notifications import Notification
from app.storage.outbox import OutboxRow
from tests.desk import Desk
from tests.use_cases.loans.lent import PAID_OUT, at, close_to, lent, loan, receive, thrown, trial
from tests.use_cases.payments.conftest import counter, counter_on_each_database
from tests.use_cases.payments.counter import Counter
from tests.use_cases.tasks.races import at_once

__all__ = ["counter", "counter_on_each_database"]
TWENTY = 20
PAYER = "某某贸易有限公司"


def credit(remark: str, **changes: Any) -> dict[str, Any]:
    said = {"serial": "C1", "kind": "credit", "amount": "10600.00", "payer_name": PAYER, "remark": remark}
    return said | {"payer_account": "6222021202049998888", "value_on": "2026-02-15"} | changes


def receipts(desk: Desk, number: str) -> list[LoanReceipt]:
    with desk.app.app_context(), reading() as session:
        return loans.receipts(session, loan(desk, number).id)


def case_number_of(desk: Desk, number: str) -> str:
    with desk.app.app_context(), reading() as session:
        return session.get_one(LoanCase, loan(desk, number).case_id).number


def exceptions(desk: Desk) -> list[dict[str, Any]]:
    with desk.app.app_context(), reading() as session:
        rows = session.query(OutboxRow).filter_by(name="BillException").order_by(OutboxRow.id)
        return [row.payload["payload"] for row in rows]


@pytest.mark.parametrize("named", ["loan", "case"])
def test_money_that_names_the_loan_or_its_case_pays_it(counter: Counter, named: str) -> None:
    desk = counter.desk
    number = lent(desk)
    remark = number if named == "loan" else case_number_of(desk, number)

    with clock.fixed_at(at(PAID_OUT.replace(month=2)).now):
        counter.call_back(credit(f" {remark} "))

    (receipt,) = receipts(desk, number)
    (payment,) = counter.receipts()
    one = loan(desk, number)
    assert (receipt.number, receipt.payment_id, receipt.amount) == (payment.number, payment.id, Decimal("10600.00"))
    assert (one.dpd, one.outstanding) == (0, Decimal("113300.00")) and payment.case_id == one.case_id
    ((name, key, payload),) = [told for told in thrown(desk, number) if told[0] == "RepaymentBooked"]
    assert (key, payload["receipt_no"], payload["amount"]) == (number, receipt.number, receipt.amount)
    with desk.app.app_context(), reading() as session:
        told = session.query(Notification).filter_by(organisation_id=one.borrower_id).all()[-1]
    assert "10,600.00" in told.text_zh and "10,600.00" in told.text_en and name == "RepaymentBooked"


def test_the_same_repayment_twenty_times_at_once_is_booked_once(counter_on_each_database: Counter) -> None:
    counter, desk = counter_on_each_database, counter_on_each_database.desk
    number = lent(desk)

    answers = at_once(*(lambda: counter.call_back(credit(number)) for _ in range(TWENTY)))

    assert sorted(answer[1]["outcome"] for answer in answers) == ["booked", *["known"] * (TWENTY - 1)]
    assert len(receipts(desk, number)) == 1
    assert trial(desk, number)["bank"] == Decimal("10600.00") - Decimal("120000.00")


def test_a_call_back_and_closes_at_once_book_the_money_once(counter_on_each_database: Counter) -> None:
    counter, desk = counter_on_each_database, counter_on_each_database.desk
    number = lent(desk)
    today = clock.moment().business_on

    at_once(
        *(lambda serial=serial: counter.call_back(credit(number, serial=serial)) for serial in ("C1", "C2", "C3")),
        lambda: close_to(desk, number, today, days=30),
    )

    assert len(receipts(desk, number)) == 3
    assert trial(desk, number)["bank"] == Decimal("31800.00") - Decimal("120000.00")


def test_money_of_an_unknown_payer_without_a_loan_asks_nobody(counter: Counter) -> None:
    lent(counter.desk)

    assert counter.call_back(credit("货款"))[1]["outcome"] == "booked"

    assert [one.case_id for one in counter.receipts()] == [None] and exceptions(counter.desk) == []


def test_money_of_a_borrower_that_names_no_loan_asks_a_person(counter: Counter) -> None:
    desk = counter.desk
    number = lent(desk)
    firm = desk.organisation("qingxi").name_zh

    counter.call_back(credit("还款", payer_name=firm))

    (told,) = exceptions(desk)
    assert told == {
        "case_number": case_number_of(desk, number),
        "loan_no": number,
        "receipt_no": counter.receipts()[0].number,
        "kind": "unidentified",
        "amount": Decimal("10600.00"),
        "payer_name": firm,
    }
    assert receipts(desk, number) == []


def test_money_for_a_case_with_two_loans_asks_a_person_which(counter: Counter) -> None:
    desk = counter.desk
    first = lent(desk)
    second = lent(desk)

    counter.call_back(credit("还款", payer_name=desk.organisation("qingxi").name_zh))

    (told,) = exceptions(desk)
    assert told["loan_no"] is None and told["case_number"] == case_number_of(desk, second)
    assert receipts(desk, first) == receipts(desk, second) == []


@pytest.mark.parametrize(
    ("value_on", "more_of_it"), [("2027-01-15", False), ("2027-01-14", True)], ids=["later", "backdated"]
)
def test_money_above_all_that_is_owed_is_owed_back_to_its_payer(
    counter: Counter, value_on: str, more_of_it: bool
) -> None:
    """Money that lies before it pushes more of the first receipt over what is owed: that part is told too."""
    desk = counter.desk
    number = lent(desk)

    with clock.fixed_at(at(loan(desk, number).matures_on).now):
        counter.call_back(credit(number, amount="150000.00", value_on="2027-01-15"))
        counter.call_back(credit(number, serial="C2", amount="70.00", value_on=value_on))

    first, second = exceptions(desk)
    owed_back = -trial(desk, number)["overpayments"]
    assert loan(desk, number).state == "settled" and "unapplied_receipts" not in trial(desk, number)
    assert (first["kind"], first["payer_name"], second["amount"]) == ("overpaid", PAYER, Decimal("70.00"))
    assert first["amount"] + second["amount"] == owed_back > Decimal("70.00")
    assert (first["receipt_no"] == second["receipt_no"]) is more_of_it
    keys = [key for name, key, _ in thrown(desk, number) if name == "BillException"]
    assert keys == [first["receipt_no"], second["receipt_no"] + "/2" * more_of_it]
    settled = [name for name, _, _ in thrown(desk, number) if name == "LoanSettled"]
    assert settled == ["LoanSettled"]


def test_a_loan_is_settled_only_when_money_of_a_later_value_date_is_booked_too(counter: Counter) -> None:
    """It is closed no more once it is settled: what the bank had told would never have come into the books."""
    desk = counter.desk
    number = lent(desk, "1200.00", 1)
    due_on = loan(desk, number).matures_on
    close_to(desk, number, due_on, days=31)
    receive(desk, number, "100.00", due_on + timedelta(days=2), booked_on=due_on)
    receive(desk, number, "1206.00", due_on)
    assert (loan(desk, number).state, loan(desk, number).outstanding) == ("active", Decimal("0.00"))

    close_to(desk, number, due_on + timedelta(days=2))

    assert loan(desk, number).state == "settled" and trial(desk, number)["overpayments"] == Decimal("-100.00")
    assert [name for name, _, _ in thrown(desk, number)].count("LoanSettled") == 1
    assert [told["amount"] for told in exceptions(desk)] == [Decimal("100.00")]


def test_money_that_waited_while_the_business_date_moved_is_tried_again(counter: Counter) -> None:
    desk = counter.desk
    number = lent(desk, "1200.00", 1)
    due_on = loan(desk, number).matures_on
    close_to(desk, number, due_on + timedelta(days=1), days=32)

    with pytest.raises(DaySealed):
        receive(desk, number, "100.00", due_on)
    assert receipts(desk, number) == []
    receive(desk, number, "100.00", due_on, booked_on=due_on + timedelta(days=1))

    assert trial(desk, number)["bank"] == Decimal("100.00") - Decimal("1200.00")
