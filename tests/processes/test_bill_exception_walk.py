"""Money without a loan's number and money too much, walked; and what a repaid loan leaves to be done."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.processes import bill_answers as given
from tests.processes.stages import texts
from tests.processes.walking import CASE, Walk, failing

LOAN = "DK202601150001"
RECEIPT = {"facts": {"receipt": given.CONTEXT["receipt"] | {"payer_account": {"$party": "1", "masked": "***0017"}}}}
PLEDGED = {"secured": True, "items": [{"number": "DB1", "registration_no": "ZD-2026-0117"}]}
UNREGISTERED = {"secured": True, "items": [{"number": "DB1", "registration_no": None}]}
NOTHING: dict[str, Any] = {"secured": False, "items": []}


def exception(kind: str, **results: Any) -> Walk:
    told = {"case_number": CASE, "loan_no": LOAN, "receipt_no": "RC202601200001", "payer_name": "甬江"}
    walk = Walk(results={"load_facts": RECEIPT} | results)
    return walk.open("bill_exception", "BillException", **told, kind=kind, amount=Decimal("300.00"))


def paid(walk: Walk, result: str = "succeeded") -> Walk:
    return walk.tell("PaymentResult", payment_no="PO1", result=result, reason="账号不存在")


def refund(**results: Any) -> Walk:
    """A walk whose refund is prepared."""
    return exception("overpaid", **results).answer("prepare_refund_task", given.REFUND, payment_no="PO1")


CONFIRM = {"decision": "confirm", "order_checked": "true"}


def closing(collateral: dict[str, Any]) -> Walk:
    facts = {"facts": {"collateral": collateral, "loan": {"principal": Decimal("120000.00")}}}
    walk = Walk(results={"load_facts": facts})
    return walk.open("loan_closure", "LoanSettled", case_number=CASE, loan_no=LOAN)


def test_two_people_claim_unidentified_money_for_a_loan() -> None:
    walk = exception("unidentified").answer("identify_receipt", given.CLAIM)
    assert walk.task("confirm_claim_task").properties["four_eyes"] == "identification"
    walk.answer("confirm_claim_task", given.AGREE)
    assert walk.elements[-1] == "receipt_claimed" and walk.tasks == {}


def test_money_that_is_nobodys_stays_in_suspense() -> None:
    walk = exception("unidentified").answer("identify_receipt", given.NOT_OURS)
    assert walk.elements[-1] == "left_in_suspense" and "claim_for_loan" not in walk.elements


@pytest.mark.parametrize("refused", [True, False])
def test_a_claim_that_is_refused_or_cannot_be_booked_goes_back_with_the_reason(refused: bool) -> None:
    walk = exception("unidentified", claim_receipt=failing("NotClaimable")).answer("identify_receipt", given.CLAIM)
    walk.answer("confirm_claim_task", given.BACK if refused else given.AGREE)
    assert walk.waiting == ["identify_receipt"] and walk.task("identify_receipt").variables["claim_refusal"]


def test_an_overpayment_goes_back_by_two_people_and_is_booked_when_the_bank_paid() -> None:
    walk = refund()
    task = walk.task("confirm_refund_task")
    assert task.properties["four_eyes"] == "refund_preparation" and task.variables["amount"] == Decimal("300.00")
    walk.answer("confirm_refund_task", CONFIRM)
    assert "book_refund_step" not in walk.elements
    paid(walk)
    assert walk.elements[-1] == "money_returned" and "退回原付款账户" in texts(walk)


def test_a_silent_bank_is_asked_every_four_hours_and_never_paid_twice() -> None:
    walk = refund().answer("confirm_refund_task", CONFIRM).wait(hours=4).wait(hours=4)
    assert (walk.elements.count("query_refund"), walk.elements.count("pay_refund")) == (2, 1)
    assert paid(walk).elements[-1] == "money_returned"


@pytest.mark.parametrize("by_the_bank", [True, False])
def test_a_refund_that_failed_or_was_returned_is_prepared_anew_with_the_reason(by_the_bank: bool) -> None:
    if by_the_bank:
        walk, reason = paid(refund().answer("confirm_refund_task", CONFIRM), "failed"), "账号不存在"
    else:
        walk, reason = refund().answer("confirm_refund_task", given.BACK), given.BACK["remark"]
    assert walk.waiting == ["prepare_refund_task"]
    assert walk.task("prepare_refund_task").variables["return_remark"] == reason


def test_a_repaid_loan_without_collateral_closes_by_itself() -> None:
    walk = closing(NOTHING)
    assert walk.milestones == ["settled"] and "free_limit" in walk.elements
    assert "free_collateral" not in walk.elements and "已全部还清" in texts(walk)


def test_a_registration_is_cancelled_before_the_collateral_is_free() -> None:
    walk = closing(PLEDGED)
    assert walk.waiting == ["cancel_registration_of_pledge"] and "free_collateral" not in walk.elements
    walk.answer("cancel_registration_of_pledge", given.CANCELLED)
    assert walk.milestones == ["settled"] and "担保物已解除" in texts(walk)


def test_collateral_that_was_never_registered_is_free_at_once() -> None:
    walk = closing(UNREGISTERED)
    assert walk.milestones == ["settled"] and "free_collateral" in walk.elements
