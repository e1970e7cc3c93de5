"""Missing days are closed in order up to the business date, and no further than a day that is not done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.errors import Refused
from app.storage import closes
from app.storage.database import reading
from app.use_cases.closing import close_all as module
from app.use_cases.closing.catch_up import CaughtUp, catch_up, is_behind
from tests.desk import Desk
from tests.use_cases.closing.days import DUE, failures, on_day
from tests.use_cases.loans.lent import PAID_OUT, lent, loan

DAY = timedelta(days=1)


def caught_up(desk: Desk, on: date, **more: Any) -> CaughtUp:
    with on_day(on), desk.app.app_context():
        return catch_up(**more)


def days(found: CaughtUp) -> list[date]:
    return [run.on for run in found.days]


def closed(desk: Desk) -> list[tuple[date, str]]:
    with desk.app.app_context(), reading() as session:
        return [(one.business_on, one.state) for one in reversed(closes.newest(session, limit=100))]


def test_the_first_close_of_all_begins_on_the_day_of_the_oldest_loan(desk: Desk) -> None:
    number = lent(desk)

    found = caught_up(desk, DUE)

    assert days(found) == [PAID_OUT + n * DAY for n in range((DUE - PAID_OUT).days + 1)] and found.is_complete
    assert loan(desk, number).closed_on == DUE


def test_without_loans_only_the_present_day_is_closed(desk: Desk) -> None:
    assert days(caught_up(desk, DUE)) == [DUE]


def test_days_without_the_product_are_closed_one_after_another(desk: Desk) -> None:
    caught_up(desk, DUE)

    assert days(caught_up(desk, DUE + 3 * DAY)) == [DUE + n * DAY for n in (1, 2, 3)]


def test_nothing_is_done_where_no_day_is_missing(desk: Desk) -> None:
    caught_up(desk, DUE)

    assert caught_up(desk, DUE) == CaughtUp((), True)


def test_a_day_that_fails_holds_up_the_later_ones_and_rests(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    caught_up(desk, PAID_OUT)
    number = lent(desk)

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as planted:
        planted.setattr(module, "close_loan_in", fails)
        found = caught_up(desk, PAID_OUT + 2 * DAY)

    assert (days(found), found.is_complete, found.days[0].failed) == ([PAID_OUT + DAY], False, (number,))
    with desk.app.app_context(), on_day(PAID_OUT + 2 * DAY):
        rests = is_behind()
    with desk.app.app_context(), on_day(PAID_OUT + 2 * DAY, module.RETRY_AFTER):
        tries_again = is_behind()
    assert (rests, tries_again) == (False, True)
    assert caught_up(desk, PAID_OUT + 2 * DAY).is_complete and failures(desk) == []


def test_what_does_not_fit_into_the_time_is_left_to_the_next_run(desk: Desk) -> None:
    caught_up(desk, DUE)

    stopped = caught_up(desk, DUE + 2 * DAY, seconds=0.0)

    assert (stopped.days, stopped.is_complete) == ((), False)
    assert caught_up(desk, DUE + 2 * DAY).is_complete


def test_catching_up_to_a_date_leaves_the_later_days(desk: Desk) -> None:
    caught_up(desk, DUE)

    assert days(caught_up(desk, DUE + 5 * DAY, until=DUE + 2 * DAY)) == [DUE + DAY, DUE + 2 * DAY]
    with pytest.raises(Refused):
        caught_up(desk, DUE + 2 * DAY, until=DUE + 3 * DAY)
