"""Timers: when they are due, calendar months, cycles, and what fires in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine import EngineFailure, Outcome, Release, fire_timers, start
from app.engine.timers import Period, add, parse_cycle, parse_instant, parse_period
from app.moment import BUSINESS_ZONE, Moment
from tests.engine.diagrams import (
    END,
    NOW,
    START,
    begin,
    boundary,
    complete,
    element,
    flows,
    line,
    release,
    task_id,
    timer,
    user,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BUSINESS_ZONE).astimezone(UTC)


def fire(of: Release, outcome: Outcome, **delta: float) -> Outcome:
    assert outcome.state is not None
    return fire_timers(of, outcome.state, Moment.at(NOW.now + timedelta(**delta)))


@pytest.mark.parametrize(
    ("begun", "period", "due"),
    [
        ("2026-01-31T09:00", "P1M", "2026-02-28T09:00"),
        ("2028-01-31T09:00", "P1M", "2028-02-29T09:00"),
        ("2026-01-31T09:00", "P2M", "2026-03-31T09:00"),
        ("2028-02-29T09:00", "P1Y", "2029-02-28T09:00"),
        ("2026-12-31T23:30", "P1M1DT1H", "2027-02-02T00:30"),
        ("2026-01-31T00:30", "P1M", "2026-02-28T00:30"),  # in UTC this begins on 30 January
        ("2026-03-01T00:00", "P2W", "2026-03-15T00:00"),
        ("2026-03-01T00:00", "PT1.5S", "2026-03-01T00:00:01.500"),
    ],
)
def test_periods_are_counted_on_the_calendar_in_china(begun: str, period: str, due: str) -> None:
    assert add(at(begun), parse_period(period)) == at(due)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2080, 1, 1)), st.integers(0, 240))
def test_months_land_on_the_same_day_or_on_the_last_of_the_month(begun: datetime, months: int) -> None:
    local = begun.replace(tzinfo=BUSINESS_ZONE)
    due = add(local, Period(months, timedelta())).astimezone(BUSINESS_ZONE)
    assert (due.year * 12 + due.month) - (local.year * 12 + local.month) == months
    assert due.day == local.day or (due + timedelta(days=1)).month != due.month
    assert due.time() == local.time()


@pytest.mark.parametrize("text", ["", "P", "PT", "1D", "P1H", "P1.5D", "PT1H1D", "P1DT", "one day", "P１D"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-05T18:00:00+08:00", "2026-03-05T18:00"),
        ("2026-03-05T10:00:00Z", "2026-03-05T18:00"),
        ("2026-03-05T18:00:00", "2026-03-05T18:00"),
        ("2026-03-05", "2026-03-05T00:00"),
        ("2026-03-05T18:00:00@Asia/Shanghai", "2026-03-05T18:00"),
    ],
)
def test_a_date_without_a_zone_is_meant_in_china(text: str, instant: str) -> None:
    assert parse_instant(text) == at(instant)


@pytest.mark.parametrize("text", ["0 0 9 * * *", "R/PT0S", "R0/PT1H", "P1D", "R3/", "R/2026-01-01T00:00:00Z"])
def test_what_is_no_cycle_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_cycle(text, NOW.now)


def waiting(text: str, sort: str = "timeDuration") -> Release:
    catch = element("intermediateCatchEvent", "t", inner=timer(text, sort))
    return release(START, catch, user("a"), END, line("start", "t", "a", "end"))


@pytest.mark.parametrize(
    ("text", "sort", "variables", "due"),
    [
        ("P1M", "timeDuration", {}, "2026-04-02T09:00"),
        ("=wait", "timeDuration", {"wait": "PT36H"}, "2026-03-03T21:00"),
        ('=duration("P1D") * days', "timeDuration", {"days": 3}, "2026-03-05T09:00"),
        ('=duration("P2M")', "timeDuration", {}, "2026-05-02T09:00"),
        ("2026-03-09T00:00:00+08:00", "timeDate", {}, "2026-03-09T00:00"),
        ('=date(delivery_on) - duration("P1D")', "timeDate", {"delivery_on": "2026-03-31"}, "2026-03-30T00:00"),
        ('=now() + duration("PT2H")', "timeDate", {}, "2026-03-02T11:00"),
    ],
)
def test_a_timer_is_due_as_computed_when_it_begins_to_wait(
    text: str, sort: str, variables: dict[str, Any], due: str
) -> None:
    outcome = begin(waiting(text, sort), **variables)
    assert outcome.timers_created[0].due_at == at(due)
    assert outcome.timers_created[0].due_at.tzinfo is UTC


def test_a_timer_whose_value_is_null_is_a_failure_at_its_event() -> None:
    with pytest.raises(EngineFailure) as caught:
        begin(waiting("=wait"))
    assert caught.value.element_id == "t"


def test_nothing_fires_before_it_is_due() -> None:
    of = waiting("P1D")
    after = fire(of, begin(of), hours=23)
    assert (after.waiting_at, after.steps, after.timers_removed) == (("t",), (), ())


def test_a_due_timer_fires_and_its_row_goes() -> None:
    of = waiting("P1D")
    outcome = begin(of)
    after = fire(of, outcome, hours=25)
    assert (after.waiting_at, after.timers_removed) == (("a",), (task_id(outcome, "t"),))


def reminded(deadline: str, reminder: str, sort: str = "timeCycle") -> Release:
    return release(
        START,
        user("a"),
        boundary("late", "a", timer(deadline)),
        END,
        user("b"),
        boundary("remind", "a", timer(reminder, sort), False),
        element("endEvent", "reminded"),
        flows("start>a", "a>end", "late>b", "b>end", "remind>reminded"),
    )


def test_a_reminder_due_before_the_deadline_fires_first_even_in_one_pass() -> None:
    of = reminded("P2D", "P1D", "timeDuration")
    outcome = begin(of)
    after = fire(of, outcome, hours=49)
    assert [step.element_id for step in after.steps] == ["remind", "reminded", "late"]
    assert after.tasks_withdrawn == (task_id(outcome, "a"),)


def test_a_reminder_due_after_the_deadline_fires_no_more_in_one_pass() -> None:
    of = reminded("P1D", "P2D", "timeDuration")
    after = fire(of, begin(of), hours=49)
    assert [step.element_id for step in after.steps] == ["late"]


def test_a_cycle_waits_for_its_next_turn() -> None:
    of = reminded("P9D", "R3/P1D")
    first = fire(of, begin(of), hours=24)
    assert [row.due_at for row in first.timers_created] == [NOW.now + timedelta(days=2)]
    second = fire(of, first, hours=48)
    third = fire(of, second, hours=72)
    assert third.timers_created == ()
    assert [step.element_id for step in third.steps] == ["remind", "reminded"]
    assert third.waiting_at == ("a",)


def test_turns_that_were_missed_do_not_fire_in_a_burst() -> None:
    of = reminded("P99D", "R/P1D")
    after = fire(of, begin(of), days=10.5)
    assert [step.element_id for step in after.steps] == ["remind", "reminded"]
    assert [row.due_at for row in after.timers_created] == [NOW.now + timedelta(days=11)]


def test_a_cycle_that_was_missed_for_years_is_found_again_at_once() -> None:
    of = reminded("P99Y", "R/PT1S")
    after = fire(of, begin(of), days=3650.5, seconds=0.25)
    assert [row.due_at - NOW.now for row in after.timers_created] == [timedelta(days=3650.5, seconds=1)]


def test_missed_turns_count_towards_the_number_of_a_cycle() -> None:
    of = reminded("P99D", "R5/P1D")
    second = fire(of, begin(of), days=3.5)
    assert len(second.timers_created) == 1
    third = fire(of, second, days=4.5)
    assert len(third.timers_created) == 1
    assert fire(of, third, days=5.5).timers_created == ()


def test_a_monthly_cycle_keeps_its_day() -> None:
    of = reminded("P9Y", "R/P1M")
    begun = Moment.at(at("2026-01-31T09:00"))
    outcome = start(of, {}, begun)
    dues = []
    for _ in range(4):
        cycle = next(row for row in outcome.timers_created if row.element_id == "remind")
        dues.append(cycle.due_at)
        assert outcome.state is not None
        outcome = fire_timers(of, outcome.state, Moment.at(cycle.due_at))
    assert dues == [at(day) for day in ("2026-02-28T09:00", "2026-03-31T09:00", "2026-04-30T09:00", "2026-05-31T09:00")]


def test_completing_the_task_removes_its_timers() -> None:
    of = reminded("P2D", "R/P1D")
    outcome = begin(of)
    assert set(complete(of, outcome, "a").timers_removed) == {task_id(outcome, "late"), task_id(outcome, "remind")}
