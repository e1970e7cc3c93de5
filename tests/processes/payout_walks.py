"""Walks of a disbursement to where its tests begin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.processes.payout_answers import (
    COMPLIANCE_CLEAR,
    CONFIRM_PAYMENT,
    PREPARE_OWN_PAYMENT,
    all_met,
)
from tests.processes.walking import Walk

ACCOUNT = {"$party": "a1", "masked": "***0017"}
FACTS: dict[str, Any] = {
    "reserved": Decimal("400000.00"),
    "committed": Decimal("0.00"),
    "earlier_loans": 1,
    "overdue_days": 0,
    "pledged_value": Decimal(0),
    "borrower": "甬江精工",
    "account_bank": "甬江银行",
    "account_number": ACCOUNT,
}
APPROVED = {"amount": Decimal("400000.00"), "rate_percent": Decimal("4.65"), "term_months": 12}
PAYEE = {"payee_name": "甬江精工", "payee_bank": "甬江银行", "payee_account": ACCOUNT}


def outcome(result: str, reason: str = "") -> dict[str, Any]:
    paid = {"payment_no": "PO1", "result": result, "amount": Decimal("400000.00"), "bank_reference": "B1"}
    return {"payment": paid | {"reason": reason}}


def results(**changed: Any) -> dict[str, Any]:
    return {
        "load_facts": {"facts": {"payout": FACTS}},
        "require_contracts": {"contracts": ["JK1"]},
        "pay_out": outcome("succeeded"),
        "query_payment": outcome("unknown"),
        "activate_loan": {"loan": {"loan_no": "DK1"}},
    } | changed


def begun(product: str = "working-capital", rating: str = "A", conditions: Any = None, **changed: Any) -> Walk:
    """A walk whose contracts are in force: the finance officer checks its conditions."""
    given = {"case_number": "LN1", "round": 1, "product": product, "channel": "online", "rating": rating}
    walk = Walk(results=results(**changed))
    return walk.open("disbursement", "ContractEffective", **given, approved=APPROVED, conditions=conditions)


def cleared(walk: Walk) -> Walk:
    """Every condition is met and compliance lets it pass."""
    walk.answer("check_conditions_task", all_met(walk.task("check_conditions_task").variables))
    return walk.answer("compliance_task", COMPLIANCE_CLEAR)


def prepared(walk: Walk) -> Walk:
    return walk.answer("prepare_own_task", PREPARE_OWN_PAYMENT, payment_no="PO1")


def confirmed(walk: Walk) -> Walk:
    """Prepared by one and confirmed by another."""
    return prepared(walk).answer("confirm_payout_task", CONFIRM_PAYMENT, payment_no="PO1")


def paid(**changed: Any) -> Walk:
    return confirmed(cleared(begun(**changed)))
