"""What is fixed for a loan when it is paid out comes from the tables in force that day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.errors import Refused
from app.gateways import clock
from app.storage.database import reading
from app.use_cases.definitions.publish import publish
from app.use_cases.loans.close_rules import contract_rules
from tests.desk import ADMINISTRATOR, Desk

PATH, EXAMPLES = "rules/reminder_plan.dmn", "rules/reminder_plan.tests.json"
SHIPPED = (Path(__file__).parents[3] / PATH).read_bytes()
NONE = b'{"decision": "reminder_plan", "examples": []}'
ON = date(2026, 12, 1)


def bill_days(desk: Desk, product: str) -> object:
    with desk.app.app_context(), reading() as session:
        return contract_rules(session, Decimal(6), None, ON, {"product": product, "term_months": 12})[
            "bill_days_before"
        ]


def put(desk: Desk, days: str) -> None:
    with desk.app.app_context(), clock.fixed_at(datetime(2026, 12, 1, 2, 0, tzinfo=UTC)):
        content = SHIPPED.replace(b"<text>7</text>", f"<text>{days}</text>".encode())
        publish({PATH: content, EXAMPLES: NONE}, desk.person(ADMINISTRATOR).id)


def test_a_bill_is_made_as_many_days_before_as_the_table_says_for_the_product(desk: Desk) -> None:
    before = bill_days(desk, "trade-order")

    put(desk, 'if product = "trade-order" then 3 else 7')

    assert (before, bill_days(desk, "trade-order"), bill_days(desk, "working-capital")) == (7, 3, 7)


@pytest.mark.parametrize("days", ["-1", "null", "7.5"])
def test_a_table_that_gives_no_number_of_days_is_refused(desk: Desk, days: str) -> None:
    put(desk, days)

    with pytest.raises(Refused) as refused:
        bill_days(desk, "trade-order")

    assert "reminder_plan" in refused.value.text.of("en")
