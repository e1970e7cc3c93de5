"""Moving the business date: who may, how far, what follows it at once, and what stays in real time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import Forbidden, NotFound, Refused
from app.gateways import clock
from app.moment import Moment
from app.storage import outbox
from app.storage.audit import AuditEntry
from app.storage.database import reading, unit_of_work
from app.storage.outbox import OutboxRow
from app.use_cases import dispatch
from app.use_cases.closing import move_business_date as module
from app.use_cases.closing.catch_up import catch_up
from app.use_cases.closing.move_business_date import MOST_DAYS, move_business_date
from app.use_cases.closing.show_business_date import show_business_date
from tests import desk as people
from tests.desk import Desk
from tests.use_cases import small_processes
from tests.use_cases.closing.days import dies, row
from tests.use_cases.instances.test_timers import after
from tests.use_cases.loans.lent import lent, loan
from tests.use_cases.small_processes import instance, publish_drawings, straight
from tests.use_cases.tasks.races import at_once


def today() -> date:
    """The real date in China."""
    return Moment.at(clock.real_now()).business_on


def move(desk: Desk, days: int, login: str = people.OPERATOR, since: date | None = None) -> None:
    with desk.app.app_context():
        move_business_date(desk.actor(login), (since or today()) + timedelta(days=days))


def business_on(desk: Desk) -> date:
    """As a new request, job or command sees it."""
    with desk.app.app_context():
        return clock.moment().business_on


def test_a_move_is_seen_by_whoever_asks_next(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    before = business_on(desk)

    move(desk, 30)

    assert (before, business_on(desk)) == (today(), today() + timedelta(days=30))


def test_a_move_is_seen_by_another_process_at_once(desk: Desk) -> None:
    assert dies(lambda: move(desk, 7)) == 0

    assert business_on(desk) == today() + timedelta(days=7)


def test_moves_add_up(desk: Desk) -> None:
    move(desk, 1)
    move(desk, 8)

    assert business_on(desk) == today() + timedelta(days=8)


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_the_date_moves_forward_only_and_so_far_at_once(desk: Desk, days: int) -> None:
    with pytest.raises(Refused):
        move(desk, days)

    assert business_on(desk) == today()


def test_the_date_does_not_leave_the_years_in_which_certificates_hold(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LAST_DAY", today() + timedelta(days=10))

    with pytest.raises(Refused):
        move(desk, 11)
    move(desk, 10)


def test_it_moves_only_for_who_has_the_right(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        move(desk, 1, login=people.ADMINISTRATOR)


def test_of_two_who_move_to_the_same_date_at_once_one_is_refused(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database

    results = at_once(*[lambda: move(desk, 7)] * 3)

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused", "Refused"]
    assert business_on(desk) == today() + timedelta(days=7)


def test_the_audit_row_has_the_real_time_and_both_dates(desk: Desk) -> None:
    move(desk, 100)
    move(desk, 101)

    with desk.app.app_context(), reading() as session:
        query = select(AuditEntry).where(AuditEntry.verb == "move_business_date").order_by(AuditEntry.id)
        _, entry = session.scalars(query)
    dates = {"from": today() + timedelta(days=100), "to": today() + timedelta(days=101)}
    assert entry.detail == {name: on.isoformat() for name, on in dates.items()}
    assert abs(entry.at - clock.real_now()) < timedelta(minutes=1)


def sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As create_app does in production."""
    monkeypatch.setattr(clock, "_offset", [])


def test_in_production_the_date_is_never_moved_and_an_offset_is_never_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(desk, 30)
    sealed(monkeypatch)

    with pytest.raises(NotFound):
        move(desk, 60)
    with pytest.raises(NotFound), desk.app.app_context():
        show_business_date(desk.actor(people.OPERATOR))
    assert business_on(desk) == today()


def test_timers_that_are_due_on_the_new_date_fire(desk: Desk) -> None:
    publish_drawings(desk, straight("slow", after("p1", 24 * 20)))
    instance_id = small_processes.start(desk, "slow", desk.start())
    desk.work()
    waits = instance(desk, instance_id).status

    move(desk, 21)
    desk.work()

    assert (waits, instance(desk, instance_id).status) == ("active", "completed")


def leased_row(desk: Desk, taken_at: datetime) -> int:
    with desk.app.app_context(), unit_of_work() as session:
        made = OutboxRow(kind="message", name="Nobody", payload={}, headers={}, created_at=taken_at)
        session.add(made)
        session.flush()
        assert outbox.lease(session, made.id, taken_at, taken_at, taken_at + dispatch.LEASE)
        return made.id


def test_a_worker_keeps_its_lease_through_a_move(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    row_id = leased_row(desk, clock.real_now())

    move(desk, 365)

    with desk.app.app_context():
        assert row_id not in dispatch.due_rows()
        assert dispatch.run_outbox_row(row_id) is False


def test_a_lease_that_was_taken_after_a_move_ends_as_soon_as_any_other(desk: Desk) -> None:
    move(desk, 365)
    row_id = leased_row(desk, clock.real_now())

    with desk.app.app_context():
        early = dispatch.due_rows()
        with clock.fixed_at(clock.real_now() + dispatch.LEASE + timedelta(seconds=1)):
            late = dispatch.due_rows()

    assert (row_id in early, row_id in late) == (False, True)


def test_the_missing_days_are_closed_after_a_move(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = lent(desk, paid_out_on=today())
    with desk.app.app_context():
        catch_up()
    move(desk, 40)

    progress = shown(desk)
    with desk.app.app_context():
        found = catch_up()
    after_it = shown(desk)

    assert (len(found.days), found.is_complete) == (40, True)
    assert (progress.days_done, progress.days_due) == (0, 40) and after_it.days_due == after_it.days_done
    assert loan(desk, number).closed_on == today() + timedelta(days=40) and loan(desk, number).dpd > 0
    assert sum(row(desk, run.on).counts["bills"] for run in found.days) == 1


def shown(desk: Desk) -> Any:
    actor = desk.actor(people.OPERATOR)
    with desk.app.app_context():
        return show_business_date(actor)
