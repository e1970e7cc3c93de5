"""Each kind of stuck work is really produced, found on the administrator's page, said in words, and mended by a button.

All on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.gateways import clock, queue
from app.storage import heartbeats, outbox
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.user_tasks import UserTask
from app.storage.waiting import BufferedMessage
from app.use_cases import dispatch
from app.use_cases.instances.advance import MESSAGE_TIME_TO_LIVE
from app.use_cases.stuck.beat import Process, beat, end
from app.use_cases.stuck.silent_processes import SILENT_AFTER
from tests import desk as people
from tests.desk import Desk
from tests.engine.diagrams import END, MESSAGE, START, element, flows, mapping, process, timer
from tests.use_cases import small_processes
from tests.use_cases.closing.days import DUE, close_day, row, three_loans
from tests.use_cases.closing.test_close_all import fails_for
from tests.use_cases.instances.test_outbox_rows import waiting_for_a_rate
from tests.use_cases.small_processes import NOW, instance, publish_drawings, send, start, straight, task
from tests.web.stuck import MINUTE, entries, killed, link, press, rows
from tests.web.visitor import Visitor, words


@pytest.fixture
def desk(desk_on_each_database: Desk) -> Desk:
    return desk_on_each_database


@pytest.fixture
def admin(desk: Desk) -> Visitor:
    return Visitor(desk, people.ADMINISTRATOR)


def test_a_timer_that_was_not_fired_is_fired_by_the_button(desk: Desk, admin: Visitor) -> None:
    after = element("intermediateCatchEvent", "p1", inner=timer("PT1H"), name="一小时后")
    publish_drawings(desk, straight("slow", after))
    with clock.fixed_at(NOW):
        number = desk.start()
        instance_id = start(desk, "slow", number)
    with clock.fixed_at(NOW + timedelta(hours=1, minutes=34)):
        (said,) = rows(admin, "timer")
        assert said.startswith("34分 一小时后") and number in said and "定时进程没有触发它" in said
        assert "已触发，流程继续" in words(press(admin, "timer", "立即触发"))
        assert rows(admin, "timer") == []
    assert instance(desk, instance_id).status == "completed" and len(entries(desk, "fire_timers")) == 1


def at_the_catch(desk: Desk, number: str) -> int:
    """An instance whose task is done and that waits for the message Paid."""
    instance_id = start(desk, "waits", number)
    (mine,) = [one for one in desk.open_tasks(number) if one.instance_id == instance_id]
    desk.complete_task(people.REVIEWER, mine.id, {})
    return instance_id


def waits() -> str:
    return straight("waits", task("p1"), element("intermediateCatchEvent", "p2", inner=MESSAGE, name="等到账"))


def test_a_message_that_expired_before_its_receiver_came_is_delivered_by_the_button(desk: Desk, admin: Visitor) -> None:
    publish_drawings(desk, waits())
    with clock.fixed_at(NOW):
        number = desk.start()
        send(desk, "Paid", number)
        desk.work()
    with clock.fixed_at(NOW + MESSAGE_TIME_TO_LIVE + MINUTE):
        instance_id = at_the_catch(desk, number)
        desk.work()
        assert instance(desk, instance_id).status == "active"

        (said,) = rows(admin, "message")
        assert "等到账" in said and number in said and "保留期过了" in said
        press(admin, "message", "现在投递")
        desk.work()

        assert instance(desk, instance_id).status == "completed" and rows(admin, "message") == []


def test_a_message_that_nothing_receives_is_settled_after_a_question(desk: Desk, admin: Visitor) -> None:
    publish_drawings(desk, waits())
    with clock.fixed_at(NOW):
        number = desk.start()
        start(desk, "waits", number)
        with desk.app.app_context():
            case_id = desk.case(number).id
        send(desk, "Paid", "another key")
        desk.work()
    with desk.app.app_context(), unit_of_work() as session:
        session.query(BufferedMessage).one().case_id = case_id
    with clock.fixed_at(NOW + MESSAGE_TIME_TO_LIVE + MINUTE):
        (said,) = rows(admin, "message")
        assert "没有流程来接收" in said and number in said
        address = link(admin, "message", "标为已处理…")
        assert "不能撤回" in words(admin.get(address))
        admin.post(address)
        assert rows(admin, "message") == [] and admin.get(address).status_code == 404
    assert len(entries(desk, "put_message_away")) == 1


def test_an_instance_whose_message_only_a_finished_process_sends_is_shown_with_its_case(
    desk: Desk, admin: Visitor
) -> None:
    thrower = element("intermediateThrowEvent", "p1", mapping({"case_number": "=case_number"}), MESSAGE, name="告知")
    publish_drawings(desk, waits(), straight("sends", thrower))
    number = desk.start()
    with desk.app.app_context(), unit_of_work() as session:  # nothing else of the case runs
        case = session.query(LoanCase).filter_by(number=number).one()
        session.query(UserTask).filter_by(case_id=case.id).update({"state": "withdrawn"})
        session.query(ProcessInstance).filter_by(case_id=case.id).update({"status": "completed"})
    at_the_catch(desk, number)

    (said,) = rows(admin, "message")
    assert "只有别的流程能发它等的消息" in said
    assert admin.get(link(admin, "message", "打开案卷")).status_code == 200


def test_a_process_that_waits_in_a_case_that_is_over_is_ended_after_a_question(desk: Desk, admin: Visitor) -> None:
    publish_drawings(desk, waits())
    number = desk.start()
    instance_id = at_the_catch(desk, number)
    address = f"/work/stuck/end/{instance_id}"
    assert admin.post(address).status_code == 404 and instance(desk, instance_id).status == "active"
    with desk.app.app_context(), unit_of_work() as session:
        session.query(LoanCase).filter_by(number=number).update({"milestone": "settled"})

    (said,) = [one for one in rows(admin, "message") if "等到账" in one]
    assert "申请已经结束" in said and link(admin, "message", "结束这个流程…") == address
    assert "不能撤回" in words(admin.get(address))
    admin.post(address)

    assert rows(admin, "message") == [] and admin.post(address).status_code == 404
    assert instance(desk, instance_id).status == "stopped" and len(entries(desk, "end_instance")) == 1
    assert "结束流程：" in words(admin.get(f"/cases/{number}"))


def test_a_step_whose_worker_was_killed_is_released_and_done(desk: Desk, admin: Visitor) -> None:
    with clock.fixed_at(NOW):
        instance_id, row_id = waiting_for_a_rate(desk, retry_backoff="PT5M")

        def take() -> None:
            with desk.app.app_context(), unit_of_work() as session:
                assert outbox.lease(session, row_id, NOW, NOW, NOW + dispatch.LEASE) is not None

        killed(desk, take)
        assert rows(admin, "outbox") == []  # its lease still runs
    with clock.fixed_at(NOW + dispatch.LEASE + MINUTE):
        (said,) = rows(admin, "outbox")
        assert "做它的进程中途停了" in said
        assert "已收回" in words(press(admin, "outbox", "收回重做"))
        assert rows(admin, "outbox") == [] and small_processes.row(desk, row_id).state == "waiting"
        desk.work()
    assert instance(desk, instance_id).status == "completed" and len(entries(desk, "release_step")) == 1


def test_a_step_that_nobody_takes_is_listed_after_two_minutes(desk: Desk, admin: Visitor) -> None:
    with clock.fixed_at(NOW):
        waiting_for_a_rate(desk)
    with clock.fixed_at(NOW + MINUTE):
        assert rows(admin, "outbox") == []
    with clock.fixed_at(NOW + 5 * MINUTE):
        (said,) = rows(admin, "outbox")
        assert "没有进程来取" in said


def test_a_failed_step_is_tried_again_and_gone_when_it_works(desk: Desk, admin: Visitor) -> None:
    way = element("exclusiveGateway", "way", default="way_end")
    after = element("intermediateCatchEvent", "p1", inner=timer("PT1H"), name="一小时后")
    drawn = flows("start>p1", "p1>way", "way>end", "way>other", "other>end", way_other="=amount > 1")
    publish_drawings(desk, process(START, after, way, task("other"), END, drawn, key="broken"))
    with clock.fixed_at(NOW):
        number = desk.start()
        start(desk, "broken", number, amount="viel")
    with clock.fixed_at(NOW + timedelta(hours=1)):
        desk.work()
        (said,) = rows(admin, "incident")
        assert number in said and desk.incidents(number)[0].cause_zh.split("：")[0] in said
        assert rows(admin, "timer") == []
        press(admin, "incident", "再试一次")
        assert rows(admin, "incident") == []
        desk.work()
        assert len(rows(admin, "incident")) == 1


def test_a_close_that_stopped_at_a_loan_runs_again(desk: Desk, admin: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = three_loans(desk)
    with monkeypatch.context() as planted:
        fails_for(numbers[1], planted)
        close_day(desk, DUE)
    (said,) = rows(admin, "close")
    assert numbers[1] in said and "以后各日等它" in said and row(desk, DUE).retry_at is not None

    press(admin, "close", "现在再做日终")
    assert row(desk, DUE).retry_at is None
    close_day(desk, DUE)

    assert row(desk, DUE).state == "done" and rows(admin, "close") == []


def process_of(kind: str, number: int, *, started: Any = NOW) -> Process:
    return Process(kind, "app-02", str(number), started)


def beats(desk: Desk, *processes: Process) -> None:
    with desk.app.app_context():
        for one in processes:
            beat(one)


def test_a_worker_without_a_heartbeat_is_named_with_its_work_taken_back(desk: Desk, admin: Visitor) -> None:
    dead, alive, poller = process_of("worker", 11), process_of("worker", 12), process_of("poller", 13)
    with clock.fixed_at(NOW):
        _, row_id = waiting_for_a_rate(desk, retry_backoff="PT5M")

        def work() -> None:
            beats(desk, dead)
            with desk.app.app_context(), unit_of_work() as session:
                outbox.lease(session, row_id, NOW, NOW, NOW + dispatch.LEASE)

        killed(desk, work)
        beats(desk, alive, poller)
        assert [said for said in rows(admin, "process") if "队列" not in said] == []
    with clock.fixed_at(NOW + dispatch.LEASE + MINUTE):
        beats(desk, alive, poller)
        (said,) = [said for said in rows(admin, "process") if "队列" not in said]
        assert "工作进程 11" in said and "主机 app-02" in said and "突然停了" in said
        assert "收回 1 项作业" in words(press(admin, "process", "收回作业并划掉"))
        assert small_processes.row(desk, row_id).state == "waiting"
        assert [said for said in rows(admin, "process") if "队列" not in said] == []


def test_without_any_poller_the_page_says_what_stands_still_and_how_to_start_one(desk: Desk, admin: Visitor) -> None:
    beats(desk, process_of("worker", 12, started=clock.real_now()))
    said = " ".join(rows(admin, "process"))
    assert "没有定时进程在运行" in said and "make run" in said and "没有一个工作进程" not in said
    assert "队列服务器没有应答" in said  # the tests' queue is away


def test_who_ends_in_order_or_is_replaced_is_not_missed(desk: Desk, admin: Visitor) -> None:
    crashed, ended = process_of("worker", 11), process_of("poller", 13)
    with clock.fixed_at(NOW):
        beats(desk, crashed, ended)
        with desk.app.app_context():
            end(ended)
    later = NOW + SILENT_AFTER + MINUTE
    with clock.fixed_at(later):
        beats(desk, process_of("worker", 21, started=NOW + MINUTE), process_of("poller", 22, started=NOW + MINUTE))
        assert [said for said in rows(admin, "process") if "队列" not in said] == []
        with desk.app.app_context(), reading() as session:
            assert sorted(one.name for one in heartbeats.all_of(session)) == ["21", "22"]


def test_where_nothing_is_stuck_the_page_says_so(desk: Desk, admin: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "is_reachable", lambda: True)
    now = clock.real_now()
    beats(desk, process_of("worker", 1, started=now), process_of("poller", 2, started=now))
    assert "没有卡住的工作" in words(admin.get("/work/stuck"))


def test_an_act_that_came_too_late_or_does_not_exist_changes_nothing(desk: Desk, admin: Visitor) -> None:
    for act, key in (("fire", "99999"), ("release", "99999"), ("retry", "99999"), ("erase", "1"), ("fire", "x")):
        assert admin.post("/work/stuck/mend", {"act": act, "key": key}).status_code == 404
    late = admin.post("/work/stuck/mend", {"act": "deliver", "key": "99999"}, follow_redirects=True)
    assert "已经好了" in words(late)
    with desk.app.app_context(), reading() as session:
        assert session.query(Incident).count() == 0
