"""What collectors may not enter: contacts outside the hours, promises beyond the debt, visits alone, idle decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.decisions import parse_dmn
from app.forms import parse_form
from app.moment import Moment
from tests.processes import collection_answers as given

ROOT = Path(__file__).parents[2]
MOMENT = Moment.at(datetime(2026, 11, 21, 2, tzinfo=UTC))


def told(key: str, entered: dict[str, Any], **context: Any) -> dict[str, str]:
    """What the form says about each wrong entry."""
    form = parse_form((ROOT / "forms" / f"{key}.form").read_bytes())
    return {error.path: error.text.zh for error in form.check(entered, given.CONTEXT | context, MOMENT).errors}


def decided(key: str, **variables: Any) -> dict[str, Any]:
    model = parse_dmn((ROOT / "rules" / f"{key}.dmn").read_bytes())
    result: dict[str, Any] = model.evaluate(key, variables, MOMENT).value
    return result


@pytest.mark.parametrize(
    ("field", "entry", "said"),
    [
        ("contact_at", "07:59", "最早 08:00，填了 07:59"),
        ("contact_at", "21:01", "最晚 21:00，填了 21:01"),
        ("contact_on", "2026-11-22", "最晚 2026-11-21，填了 2026-11-22"),
        ("attempts", "4", "最高 3 次，填了 4 次"),
        ("person_reached", "", "这里必填，还没有填"),
        ("next_on", "2026-11-21", "最早 2026-11-22，填了 2026-11-21"),
    ],
)
def test_a_contact_outside_the_rules_is_refused_in_words(field: str, entry: str, said: str) -> None:
    assert told("collection_call", given.CALL | {field: entry}) == {field: said}


@pytest.mark.parametrize(
    ("field", "entry", "said"),
    [
        ("promise_amount", "123900.01", "最高 123,900.00 元，填了 123,900.01 元"),
        ("promised_on", "2026-11-20", "最早 2026-11-21，填了 2026-11-20"),
        ("promised_on", "2026-12-22", "最晚 2026-12-21，填了 2026-12-22"),
    ],
)
@pytest.mark.parametrize(("key", "valid"), [("collection_call", given.PROMISE), ("field_visit", given.VISIT_PROMISE)])
def test_a_promise_is_for_at_most_the_debt_within_thirty_days(
    key: str, valid: dict[str, Any], field: str, entry: str, said: str
) -> None:
    assert told(key, valid | {field: entry}) == {field: said}


def test_a_visit_is_made_by_two_people_within_the_hours_and_with_photographs() -> None:
    entered = given.VISIT | {"second_visitor": "", "visited_at": "22:00", "photos": []}
    assert sorted(told("field_visit", entered)) == ["photos", "second_visitor", "visited_at"]


def test_the_second_visitor_is_somebody_else() -> None:
    entered = given.VISIT | {"second_visitor": given.VISIT["visitor"]}
    assert told("field_visit", entered) == {"second_visitor": "不能与“走访人”相同，填的是“谭波”"}


def test_disposal_is_offered_only_where_there_is_collateral_and_calling_in_only_once() -> None:
    assert "decision" in told("recovery_decision", given.DISPOSE, secured=False)
    assert "decision" in told("recovery_decision", given.CALL_IN, called_in=True)
    assert told("recovery_decision", given.DISPOSE, called_in=True) == {}


def test_a_letter_by_post_needs_its_number_and_one_by_hand_does_not() -> None:
    assert told("collection_letter", given.LETTER | {"tracking_number": ""}) == {
        "tracking_number": "这里必填，还没有填"
    }
    assert told("collection_letter", given.LETTER_BY_HAND) == {}


@pytest.mark.parametrize("secured", [True, False, None])
def test_hours_and_number_of_contacts_are_those_of_the_rules(secured: bool | None) -> None:
    rules = decided("contact_rules", secured=secured)
    assert (rules["from_time"], rules["to_time"], rules["max_a_day"]) == ("08:00", "21:00", 3)


@pytest.mark.parametrize("stage", ["S0", "S1", "S2", "S3", "S4", "S5"])
@pytest.mark.parametrize("done", [0, 1, 5, 9, 40])
@pytest.mark.parametrize("state", ["open", "broken", "kept", None])
def test_every_rung_always_has_a_next_step_within_a_month(stage: str, done: int, state: str | None) -> None:
    for secured in (True, False):
        promise, amount = {"state": state}, Decimal("10600.00")
        facts = {"stage": stage, "actions_done": done, "secured": secured, "dpd": None, "overdue": amount}
        found = decided("collections_strategy", **facts, promise=promise)
        assert found["action"] and found["owner"] and 0 <= found["next_in_days"] <= 30


def test_a_large_debt_is_called_at_once() -> None:
    facts = {"stage": "S1", "actions_done": 0, "secured": False, "dpd": 1, "promise": None}
    assert decided("collections_strategy", **facts, overdue=Decimal("500000.01"))["action"] == "call"
    assert decided("collections_strategy", **facts, overdue=Decimal("500000.00"))["action"] == "text"
