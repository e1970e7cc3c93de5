"""A decision table holds from the business date of its publication; what a person published is not undone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.errors import NotFound
from app.gateways import clock
from app.storage.database import reading
from app.use_cases.definitions.publish import publish
from app.use_cases.definitions.rules_in_force import rules_in_force
from tests.desk import ADMINISTRATOR, Desk

PATH, EXAMPLES = "rules/grace_days.dmn", "rules/grace_days.tests.json"
SHIPPED = (Path(__file__).parents[3] / PATH).read_bytes()
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY, BEFORE, AFTER = date(2026, 11, 23), date(2026, 11, 22), date(2027, 3, 1)


def with_days(days: int) -> dict[str, bytes]:
    """The table with another number of days, and its examples with the same."""
    return {
        PATH: SHIPPED.replace(b"<text>3</text>", f"<text>{days}</text>".encode()),
        EXAMPLES: (Path(__file__).parents[3] / EXAMPLES).read_bytes().replace(b": 3", f": {days}".encode()),
    }


def put(desk: Desk, files: dict[str, bytes], login: str | None = None, now: datetime = NOW) -> None:
    with desk.app.app_context(), clock.fixed_at(now):
        publish(files, desk.person(login).id if login else None)


def grace(desk: Desk, on: date) -> int:
    with desk.app.app_context(), reading() as session:
        found = rules_in_force(session, ["grace_days"], on)["grace_days"].decide({"channel_failed": True})
        return int(found["days"])


def test_a_new_table_holds_from_its_day_and_the_old_one_for_the_days_before(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database

    put(desk, with_days(5), ADMINISTRATOR)

    assert [grace(desk, on) for on in (date(2020, 1, 1), BEFORE, TODAY, AFTER)] == [3, 3, 5, 5]


def test_of_two_tables_of_a_day_the_last_one_holds(desk: Desk) -> None:
    put(desk, with_days(5), ADMINISTRATOR)
    put(desk, with_days(6), ADMINISTRATOR)

    assert (grace(desk, BEFORE), grace(desk, TODAY)) == (3, 6)


def test_a_shipped_table_does_not_undo_a_persons(desk: Desk) -> None:
    put(desk, with_days(5), ADMINISTRATOR)
    put(desk, with_days(9))

    assert grace(desk, AFTER) == 5


def test_a_shipped_table_takes_the_place_of_a_shipped_one(desk: Desk) -> None:
    put(desk, with_days(9))

    assert (grace(desk, BEFORE), grace(desk, TODAY)) == (3, 9)


def test_a_table_that_nobody_published_is_not_found(desk: Desk) -> None:
    with desk.app.app_context(), reading() as session, pytest.raises(NotFound) as missing:
        rules_in_force(session, ["no_such_table"], TODAY)

    assert "no_such_table" in missing.value.text.zh
