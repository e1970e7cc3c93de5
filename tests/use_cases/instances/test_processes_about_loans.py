"""A message with a loan's or a receipt's key starts a process about it, once an episode; some messages are not kept."""

from __future__ import annotations

from typing import Any

from app.gateways import clock
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.instances import ProcessInstance
from app.storage.waiting import BufferedMessage
from app.use_cases.instances.throw_message import NOT_KEPT, throw
from tests.desk import Desk
from tests.engine.diagrams import END, MESSAGE, OPENED, element, line, process
from tests.use_cases.small_processes import instance, publish_drawings, send, start, straight, task
from tests.use_cases.tasks.races import at_once

KEY = "DK1"
ABOUT = process(
    element("startEvent", "start", inner=OPENED), task("p1"), END, line("start", "p1", "end"), key="about_loan"
)
CATCH = element("intermediateCatchEvent", "p1", inner=MESSAGE, name="已付款")


def runs(desk: Desk) -> list[ProcessInstance]:
    with desk.app.app_context(), reading() as session:
        return session.query(ProcessInstance).filter_by(process_key="about_loan").order_by(ProcessInstance.id).all()


def throw_now(desk: Desk, name: str, key: str, case: LoanCase | None, payload: dict[str, Any], **more: Any) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        throw(session, name, key, payload, None if case is None else case.id, clock.moment(), **more)
    desk.work()


def buffered(desk: Desk) -> int:
    with desk.app.app_context(), reading() as session:
        return session.query(BufferedMessage).count()


def test_a_loans_message_starts_a_process_of_its_case_under_the_loans_number(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    publish_drawings(desk, ABOUT)
    case = desk.case(desk.start())

    throw_now(desk, "Opened", KEY, case, {"episode": 1})
    throw_now(desk, "Opened", KEY, case, {"episode": 1})
    throw_now(desk, "Opened", KEY, None, {"episode": 2, "case_number": case.number})

    assert [(run.case_id, run.business_key, run.round) for run in runs(desk)] == [
        (case.id, KEY, "1"),
        (case.id, KEY, "2"),
    ]


def test_a_process_may_come_back_to_an_episode(desk: Desk) -> None:
    publish_drawings(desk, ABOUT)
    case = desk.case(desk.start())

    for again in ({}, {"again": 1}, {"again": 1}):
        throw_now(desk, "Opened", KEY, case, {"episode": 3} | again)

    assert [run.round for run in runs(desk)] == ["3", "3.1"]


def test_the_same_message_at_once_starts_one_process(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    publish_drawings(desk, ABOUT)
    case = desk.case(desk.start())

    at_once(*(lambda: throw_now(desk, "Opened", KEY, case, {"episode": 1}) for _ in range(4)))

    assert [run.business_key for run in runs(desk)] == [KEY]


def test_a_loans_round_is_not_its_cases(desk: Desk) -> None:
    publish_drawings(desk, ABOUT)
    case = desk.case(desk.start())

    throw_now(desk, "Opened", KEY, case, {"round": 7})

    assert [run.round for run in runs(desk)] == ["7"] and desk.case(case.number).round == 1


def test_a_key_of_nobodys_starts_nothing(desk: Desk) -> None:
    publish_drawings(desk, ABOUT)

    send(desk, "Opened", KEY, case_number="LN0")
    desk.work()

    assert runs(desk) == [] and buffered(desk) == 1


def test_a_message_that_is_not_kept_is_for_who_waits_now(desk: Desk) -> None:
    publish_drawings(desk, straight("waits", CATCH))
    number = desk.start()
    throw_now(desk, "Paid", number, desk.case(number), {}, time_to_live=NOT_KEPT)
    kept = buffered(desk)

    late = start(desk, "waits", number)
    desk.work()
    still = instance(desk, late).status
    throw_now(desk, "Paid", number, desk.case(number), {}, time_to_live=NOT_KEPT)

    assert kept == 0 and still == "active" and instance(desk, late).status == "completed"
