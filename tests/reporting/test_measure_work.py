"""Monitoring's numbers follow what happens in the product, on both kinds of database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.gateways import clock
from app.storage.closes import DONE, DailyClose
from app.storage.database import unit_of_work
from app.storage.incidents import Incident
from app.storage.outbox import OutboxRow
from app.use_cases.reporting.measure_work import measure_work
from tests.desk import Desk


def measured(desk: Desk) -> dict[str, float]:
    """Name, with its label where there is one -> number."""
    with desk.app.app_context():
        return {" ".join((one.name, *labels)): number for one in measure_work() for labels, number in one.numbers}


def test_nothing_waits_in_a_new_product_but_its_first_close(desk_on_each_database: Desk) -> None:
    read = measured(desk_on_each_database)

    assert read.pop("close_lag_days") == 1
    assert not any(read.values())


def test_open_and_overdue_tasks_and_instances_are_counted(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    desk.at_initial_review(requested_amount="400000.00")

    now = measured(desk)
    with clock.fixed_at(clock.real_now() + timedelta(days=400)):
        later = measured(desk)

    assert (now["open_tasks"], now["overdue_tasks"]) == (1, 0)
    assert now["running_instances initial_review"] == 1
    assert (later["open_tasks"], later["overdue_tasks"]) == (1, 1)
    assert later["late_timers"] > 0 == now["late_timers"]


def test_rows_that_wait_are_as_old_as_the_oldest_of_them(desk_on_each_database: Desk) -> None:
    desk, now = desk_on_each_database, clock.real_now()
    with desk.app.app_context(), unit_of_work() as session:
        for minutes, state in ((5, "waiting"), (90, "done"), (30, "running")):
            at = now - timedelta(minutes=minutes)
            row = {"kind": "operation", "name": "x", "payload": {}, "headers": {}, "state": state}
            session.add(OutboxRow(**row, next_at=at, created_at=at, lease_until=at if state == "running" else None))

    read = measured(desk)

    assert (read["outbox_waiting"], read["outbox_abandoned"]) == (2, 1)
    assert 1800 <= read["outbox_oldest_seconds"] < 1900


def test_what_stopped_is_counted_until_somebody_resolves_it(desk_on_each_database: Desk) -> None:
    desk, now = desk_on_each_database, clock.real_now()
    with desk.app.app_context(), unit_of_work() as session:
        for resolved_at in (None, now):
            session.add(Incident(kind="x", cause_zh="试", cause_en="a trial", created_at=now, resolved_at=resolved_at))

    assert measured(desk)["open_incidents"] == 1


def test_the_close_lags_by_the_days_that_are_not_done(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    with desk.app.app_context(), unit_of_work() as session:
        today = clock.moment().business_on
        session.add(_close(today - timedelta(days=3), "0.00"))

    assert measured(desk)["close_lag_days"] == 3


def test_books_that_a_close_found_out_of_balance_are_told_in_yuan(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    with desk.app.app_context(), unit_of_work() as session:
        session.add(_close(clock.moment().business_on, "-12.34"))

    assert measured(desk)["ledger_imbalance_yuan"] == 12.34


def _close(on: date, balance: str) -> DailyClose:
    now = clock.real_now()
    totals = {"CNY": Decimal(balance)}
    return DailyClose(business_on=on, state=DONE, counts={}, trial_balance=totals, started_at=now, finished_at=now)
