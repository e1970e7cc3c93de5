"""Cases brought to a stage of the shipped processes, for tests of what follows there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.processes import answers
from tests.processes.walking import Walk, opened

PRODUCTS = {"order_number": "trade-order", "receipt_number": "warehouse-receipt"}


def submitted(application: dict[str, Any] = answers.WORKING_CAPITAL, **overrides: Any) -> Walk:
    """A walk in which the firm has filled in the application."""
    product = next((PRODUCTS[field] for field in PRODUCTS if field in application), "working-capital")
    walk = Walk(**overrides).open("loan_intake", "ApplicationOpened", **opened(product))
    return walk.answer("fill_application", application)


def with_documents(walk: Walk) -> Walk:
    """Every listed document uploaded."""
    listed = walk.task("upload_documents").variables["document_checklist"]
    entered = answers.uploaded(item["kind"] for item in listed)
    return walk.answer("upload_documents", entered | {"consent_credit": "true"})


def in_initial_review(application: dict[str, Any] = answers.SMALL_WORKING_CAPITAL, **overrides: Any) -> Walk:
    """A walk whose initial review has begun; the small application needs no site visit."""
    return with_documents(submitted(application, **overrides)).follow("ApplicationAccepted", "initial_review")


def in_second_review(**overrides: Any) -> Walk:
    """A walk whose second review has begun."""
    walk = in_initial_review(**overrides).answer("review", small(answers.INITIAL_PASS, "proposal"))
    return walk.follow("InitialReviewDecided", "second_review")


def small(entered: dict[str, Any], group: str, amount: str = "400000.00") -> dict[str, Any]:
    """Answers with an amount that fits the small application."""
    return entered | {group: entered[group] | {"amount": amount}}


APPROVE = small(answers.SECOND_APPROVE, "approved")


def offered(**overrides: Any) -> Walk:
    """A walk in which the firm has an offer."""
    return in_second_review(**overrides).answer("second_review_task", APPROVE)


def texts(walk: Walk) -> str:
    return " / ".join(str(notice["text_zh"]) for notice in walk.notices)


def batch(**variables: Any) -> Walk:
    given: dict[str, Any] = {
        "channel": "batch",
        "requested_amount": Decimal("50000.00"),
        "term_months": 24,
        "purpose": "term loan",
        "industry": "446120",
        "employees": 4,
        "established_new": "no",
        "company_name": "Beauty Land Inc.",
        "unified_social_credit_code": "91410100YG58BRK2XJ",
    }
    return Walk().open("loan_intake", "ApplicationOpened", **opened(**(given | variables)))


KNOCKED_OUT = {"risk_platform_report": {"risk": {"score": 72, "flags": ["executed_person"]}}}


def at_the_committee() -> Walk:
    walk = in_initial_review(results=KNOCKED_OUT).answer("confirm_refusal", answers.OVERRIDE_REFUSAL)
    walk.answer("visit_site", answers.SITE_VISIT).answer("review", small(answers.INITIAL_PASS, "proposal"))
    walk.answer("decide_as_lead", small(answers.LEAD_PASS, "proposal"))
    return walk.follow("InitialReviewDecided", "second_review").answer("second_review_task", APPROVE)
