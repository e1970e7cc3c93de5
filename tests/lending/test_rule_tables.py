"""The shipped tables of the loan's rules give what the arithmetic takes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.decisions import DecisionModel, parse_dmn
from app.lending.allocation import LEGAL_ORDER, AllocationOrder
from app.lending.classification import CLASSES
from app.lending.day_count import DAY_COUNTS
from app.lending.penalty import penalty_rate_percent
from app.lending.steps import steps_of
from tests.lending.loans import FLOORS

RULES = Path(__file__).parents[2] / "rules"


def table(key: str) -> DecisionModel:
    return parse_dmn((RULES / f"{key}.dmn").read_bytes())


def decided(key: str, **variables: object) -> Any:
    return table(key).evaluate(key, variables, None).value


@pytest.mark.parametrize(
    ("dpd", "expected"),
    [
        *((0, "pass"), (1, "special_mention"), (90, "special_mention"), (91, "substandard")),
        *((270, "substandard"), (271, "doubtful"), (360, "doubtful"), (361, "loss")),
    ],
)
def test_a_class_begins_on_the_day_after_its_limit(dpd: int, expected: str) -> None:
    assert decided("risk_classification", dpd=dpd) == expected


def test_the_table_as_steps_is_what_the_close_takes() -> None:
    model = table("risk_classification")
    steps = steps_of(lambda dpd: str(model.evaluate("risk_classification", {"dpd": dpd}, None).value), 400)

    assert steps == FLOORS
    assert set(steps.values) == set(CLASSES)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"dpd": 0, "expected_loss_percent": 50}, "doubtful"),
        ({"dpd": 0, "expected_loss_percent": 90}, "loss"),
        ({"dpd": 0, "credit_impaired": True}, "substandard"),
        ({"dpd": 0, "restructured": True}, "special_mention"),
        ({"dpd": 300, "credit_impaired": True}, "doubtful"),
        ({}, None),
    ],
)
def test_other_signs_worsen_the_class_but_never_better_it(facts: dict[str, Any], expected: str | None) -> None:
    assert decided("risk_classification", **facts) == expected


def test_the_usual_order_is_the_legal_one() -> None:
    found = decided("allocation_order", asset_class="pass", principal_first_agreed=True)
    order = AllocationOrder(
        tuple(found["order_due"]), tuple(found["order_in_advance"]), found["processing"], found["future"]
    )

    assert order == AllocationOrder(due=LEGAL_ORDER, in_advance=LEGAL_ORDER)


def test_a_non_performing_loan_pays_principal_first_only_where_that_was_agreed() -> None:
    agreed = decided("allocation_order", asset_class="doubtful", principal_first_agreed=True)
    usual = decided("allocation_order", asset_class="doubtful")

    assert (agreed["order_due"][2], agreed["processing"]) == ("principal", "vertical")
    assert tuple(usual["order_due"]) == LEGAL_ORDER


@pytest.mark.parametrize(("misused", "expected"), [(False, "9.000"), (True, "12.00")])
def test_the_penalty_rate_is_the_contract_rate_and_half_of_it_or_twice_it(misused: bool, expected: str) -> None:
    found = decided("penalty_rate", misused=misused)

    assert penalty_rate_percent(Decimal("6.00"), [Decimal(found["multiplier"])]) == Decimal(expected)
    assert found["on_interest"] is True
    assert found["day_count"] in DAY_COUNTS


@pytest.mark.parametrize(("failed", "days"), [(True, 3), (False, 0), (None, 0)])
def test_grace_is_for_a_failed_channel_only(failed: bool | None, days: int) -> None:
    assert decided("grace_days", channel_failed=failed) == {"days": days, "dpd_days": days}
