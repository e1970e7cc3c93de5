"""Money that nobody can place and money too much: people at their desks, the real ledger, the sandbox bank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.errors import InvalidForm, Refused
from app.gateways import clock
from app.storage import loans
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.loans import LoanReceipt
from app.storage.organisations import Organisation
from app.use_cases.operation import Call, OperationRefused
from app.use_cases.payments.book_refund import book_refund
from app.use_cases.payments.claim_receipt import claim_receipt
from app.use_cases.tasks.complete_task import complete_task
from tests.desk import Desk
from tests.processes import bill_answers as given
from tests.use_cases.loans.lent import at, close_to, lent, loan, trial
from tests.use_cases.payments.counter import Counter
from tests.use_cases.payments.test_money_owed import prepare

OFFICER, CHECKER = "bai.xue", "fu.lei"
ON = date(2026, 2, 15)
ACCOUNT = "6222021202049998888"


def borrower_of(desk: Desk, number: str) -> str:
    with desk.app.app_context(), reading() as session:
        return session.get_one(Organisation, loan(desk, number).borrower_id).name_zh


def case_of(desk: Desk, number: str) -> LoanCase:
    with desk.app.app_context(), reading() as session:
        return session.get_one(LoanCase, loan(desk, number).case_id)


def sent(counter: Counter, payer: str, amount: str, remark: str, serial: str = "C1") -> str:
    """Money comes in on ON; the receipt's number."""
    said = {"serial": serial, "kind": "credit", "amount": amount, "payer_name": payer, "remark": remark}
    with clock.fixed_at(at(ON).now):
        assert counter.call_back(said | {"payer_account": ACCOUNT, "value_on": ON.isoformat()})[0] == 200
        counter.desk.work()
    return counter.receipts()[-1].number


def does(desk: Desk, login: str, case_number: str, form: str, entered: dict[str, Any]) -> None:
    """Completes the case's open task with this form, the password just given, and lets the system work."""
    with clock.fixed_at(at(ON).now):
        with desk.app.app_context():
            task = desk.task(case_number, form)
            complete_task(desk.actor(login), task.id, entered, logged_in_at=clock.real_now())
        desk.work()


def taken(desk: Desk, number: str) -> list[LoanReceipt]:
    with desk.app.app_context(), reading() as session:
        return loans.receipts(session, loan(desk, number).id)


def operated(desk: Desk, case: LoanCase, operation: Any, **inputs: str) -> dict[str, Any]:
    with desk.app.app_context(), unit_of_work() as session:
        result: dict[str, Any] = operation(session, Call(1, case, inputs, {}, at(ON)), None)
        return result


def test_two_people_find_the_loan_for_money_without_a_number(counter_on_each_database: Counter) -> None:
    counter, desk = counter_on_each_database, counter_on_each_database.desk
    number = lent(desk)
    close_to(desk, number, ON, days=31)
    case_number = case_of(desk, number).number
    receipt_no = sent(counter, borrower_of(desk, number), "10600.00", "货款")
    assert taken(desk, number) == []

    does(desk, OFFICER, case_number, "identify_receipt", given.CLAIM | {"loan_no": number})
    assert taken(desk, number) == []
    does(desk, CHECKER, case_number, "confirm_claim", given.AGREE)

    (receipt,) = taken(desk, number)
    assert (receipt.number, receipt.amount, receipt.value_on) == (receipt_no, Decimal("10600.00"), ON)
    assert counter.receipts()[0].case_id == case_of(desk, number).id and not desk.incidents(case_number)


def test_a_number_that_is_no_loan_comes_back_to_the_officer(counter: Counter) -> None:
    desk = counter.desk
    number = lent(desk)
    case_number = case_of(desk, number).number
    sent(counter, borrower_of(desk, number), "10600.00", "货款")
    does(desk, OFFICER, case_number, "identify_receipt", given.CLAIM | {"loan_no": "DK209901010001"})
    does(desk, CHECKER, case_number, "confirm_claim", given.AGREE)
    assert "请核对借据号" in desk.task(case_number, "identify_receipt").variables["claim_refusal"]


def test_what_was_overpaid_goes_back_to_its_account_and_the_books_are_even(counter: Counter) -> None:
    desk = counter.desk
    number = lent(desk, "1200.00", 1)
    close_to(desk, number, ON, days=31)
    case_number = case_of(desk, number).number
    sent(counter, borrower_of(desk, number), "1506.00", number)
    assert loan(desk, number).state == "settled" and trial(desk, number)["overpayments"] == Decimal("-300.00")

    does(desk, OFFICER, case_number, "prepare_refund", given.REFUND)
    shown = desk.task(case_number, "confirm_payment").variables
    assert shown["payee_account"]["masked"] != ACCOUNT and shown["amount"] == Decimal("300.00")
    does(desk, CHECKER, case_number, "confirm_payment", {"decision": "confirm", "order_checked": "true"})
    with clock.fixed_at(at(ON).now):
        counter.bank.work()
        desk.work()

    assert counter.debits(shown["payment_no"]) == ["300.00"]
    assert "overpayments" not in trial(desk, number) and not desk.incidents(case_number)
    assert [one.status for one in desk.instances(counter.receipts()[0].number)] == ["completed"]


def test_a_refund_above_what_was_overpaid_cannot_be_entered(counter: Counter) -> None:
    desk = counter.desk
    number = lent(desk, "1200.00", 1)
    close_to(desk, number, ON, days=31)
    sent(counter, borrower_of(desk, number), "1506.00", number)
    with pytest.raises(InvalidForm) as refused:
        does(desk, OFFICER, case_of(desk, number).number, "prepare_refund", given.REFUND | {"amount": "300.01"})
    assert "300.00" in refused.value.errors[0].text.zh


def test_a_receipt_is_claimed_once_and_for_loans_of_the_funder_only(counter: Counter) -> None:
    desk = counter.desk
    number, other = lent(desk), lent(desk, login="lu.ming")
    case = case_of(desk, number)
    receipt_no = sent(counter, "不明付款人", "500.00", "货款")
    with pytest.raises(OperationRefused, match="no such receipt"):
        operated(desk, case, claim_receipt, receipt_no="RC1", loan_no=number)

    first = operated(desk, case, claim_receipt, receipt_no=receipt_no, loan_no=number)
    assert operated(desk, case, claim_receipt, receipt_no=receipt_no, loan_no=number) == first
    with pytest.raises(OperationRefused, match=number):
        operated(desk, case, claim_receipt, receipt_no=receipt_no, loan_no=other)
    assert len(taken(desk, number)) == 1 and taken(desk, other) == []


def test_a_loan_of_another_funder_cannot_be_named(counter: Counter) -> None:
    desk = counter.desk
    mine = lent(desk)
    theirs = lent(desk, case_number=desk.start(funder="qiantang"))
    receipt_no = sent(counter, "不明付款人", "500.00", "货款")
    with pytest.raises(OperationRefused, match="no such loan"):
        operated(desk, case_of(desk, mine), claim_receipt, receipt_no=receipt_no, loan_no=theirs)


def test_a_refund_that_the_bank_has_not_paid_is_not_booked(counter: Counter) -> None:
    desk = counter.desk
    number = lent(desk, "1200.00", 1)
    close_to(desk, number, ON, days=31)
    sent(counter, borrower_of(desk, number), "1506.00", number)
    does(desk, OFFICER, case_of(desk, number).number, "prepare_refund", given.REFUND)
    payment_no = desk.task(case_of(desk, number).number, "confirm_payment").variables["payment_no"]
    with pytest.raises(OperationRefused, match="was not paid"):
        operated(desk, case_of(desk, number), book_refund, payment_no=payment_no, loan_no=number)


def test_money_that_names_a_case_of_another_funder_is_not_claimed(counter: Counter) -> None:
    """A drawing may ask for any receipt: what its payer sent to another bank's case is not this bank's."""
    desk = counter.desk
    mine = lent(desk)
    receipt_no = sent(counter, "不明付款人", "500.00", desk.start(funder="qiantang"))
    with pytest.raises(OperationRefused, match="no such receipt"):
        operated(desk, case_of(desk, mine), claim_receipt, receipt_no=receipt_no, loan_no=mine)
    assert taken(desk, mine) == []


def test_an_overpayment_goes_back_to_who_overpaid_and_to_no_other_payer_of_the_loan(counter: Counter) -> None:
    desk = counter.desk
    number = lent(desk, "1200.00", 1)
    close_to(desk, number, ON, days=31)
    case_number = case_of(desk, number).number
    sent(counter, "乙公司", "100.00", number, "C1")
    sent(counter, "甲公司", "1206.00", number, "C2")
    assert trial(desk, number)["overpayments"] == Decimal("-100.00")

    with pytest.raises(Refused, match="it came"):
        prepare(counter, case_number, "refund", "100.00", name="乙公司", account=ACCOUNT)
    prepare(counter, case_number, "refund", "100.00", name="甲公司", account=ACCOUNT)
