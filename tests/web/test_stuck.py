"""Each kind of stuck work is really produced, found on the administrator's page, said in words, and mended by a button.

All on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.gateways import clock, queue
from app.storage import heartbeats, outbox
from app.storage.audit import AuditEntry
from app.storage.cases import LoanCase, set_party
from app.storage.database import db, reading, unit_of_work
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.organisations import Membership
from app.storage.people import Person
from app.storage.user_tasks import TaskCandidate, UserTask
from app.storage.waiting import BufferedMessage
from app.use_cases import dispatch
from app.use_cases.instances.advance import MESSAGE_TIME_TO_LIVE
from app.use_cases.stuck.beat import Process, beat, end
from app.use_cases.stuck.silent_processes import SILENT_AFTER
from app.use_cases.tasks.claim_task import claim_task
from tests import desk as people
from tests.desk import Desk
from tests.engine.diagrams import END, MESSAGE, START, element, flows, mapping, process, timer
from tests.use_cases import small_processes
from tests.use_cases.closing.days import DUE, close_day, row, three_loans
from tests.use_cases.closing.test_close_all import fails_for
from tests.use_cases.instances.test_outbox_rows import waiting_for_a_rate
from tests.use_cases.small_processes import NOW, instance, publish_drawings, send, start, straight, task
from tests.use_cases.tasks.test_claiming import PASS, SMALL, does
from tests.use_cases.tasks.test_four_eyes import also
from tests.web.visitor import Visitor, words

MINUTE = timedelta(minutes=1)
APPRAISERS, APPRAISER = "hengheng", "heng.jun"


@pytest.fixture
def desk(desk_on_each_database: Desk) -> Desk:
    return desk_on_each_database


@pytest.fixture
def admin(desk: Desk) -> Visitor:
    return Visitor(desk, people.ADMINISTRATOR)


def rows(admin: Visitor, kind: str, language: str = "zh") -> list[str]:
    """What stands in each row of a kind, in words."""
    page = group(admin, kind, language)
    return [words(one) for one in re.findall(r'(?s)<li class="stuck-row.*?</li>', page)]


def group(admin: Visitor, kind: str, language: str = "zh") -> str:
    admin.client.set_cookie("language", language)
    page = admin.get("/work/stuck")
    assert page.status_code == 200
    found = re.search(rf'(?s)<section class="card stuck" aria-labelledby="stuck-{kind}">.*?</section>', page.text)
    return found[0] if found else ""


def press(admin: Visitor, kind: str, label: str) -> TestResponse:
    """Presses the first button with this label among the rows of a kind, as a browser does."""
    for form in re.findall(r"(?s)<form method=\"post\".*?</form>", group(admin, kind)):
        if f">{label}</button>" in form:
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
            fields.pop("csrf_token")
            given = {key: unescape(value) for key, value in fields.items()}
            return admin.post("/work/stuck/mend", given, follow_redirects=True)
    raise AssertionError(f"there is no button {label}: {words(group(admin, kind))}")


def link(admin: Visitor, kind: str, label: str) -> str:
    """Where the first link with this label among the rows of a kind leads."""
    found = re.search(rf'<a class="button button-row" href="([^"]+)">{label}</a>', group(admin, kind))
    assert found, words(group(admin, kind))
    return unescape(found[1])


def killed(desk: Desk, act: Callable[[], object]) -> None:
    """Runs the act in a process of its own that is then killed with -9 before it can do more."""
    with desk.app.app_context():
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        act()
        os.kill(os.getpid(), signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def entries(desk: Desk, verb: str) -> list[AuditEntry]:
    with desk.app.app_context(), reading() as session:
        return session.query(AuditEntry).filter_by(verb=verb).all()


def without(desk: Desk, role: str) -> None:
    """Takes the role from everybody at Zhijiang Bank."""
    with desk.app.app_context(), unit_of_work() as session:
        place = desk.organisation("zhijiang").id
        session.query(Membership).filter_by(organisation_id=place, role_key=role).delete()


def test_a_task_whose_role_nobody_has_any_more_is_offered_to_another_role(desk: Desk, admin: Visitor) -> None:
    number = desk.at_second_review(**SMALL)
    assert rows(admin, "nobody") == []
    without(desk, "second_reviewer")

    (said,) = rows(admin, "nobody")
    assert number in said and "没有在岗的人有角色“复审员”" in said
    assert "has no active person with the role" in rows(admin, "nobody", "en")[0]

    address = link(admin, "nobody", "改由其他角色办理…")
    page = admin.get(address)
    assert "评审主管" in words(page) and "财务经办" in words(page) and "融资方经办人" not in words(page)
    chosen = f"review_lead:{desk.organisation('zhijiang').id}"
    refused = admin.post(address, {"role": chosen, "reason": " "})
    assert refused.status_code == 422 and "请写明原因" in words(refused)
    admin.post(address, {"role": chosen, "reason": "复审员空缺"})

    assert rows(admin, "nobody") == []
    does(desk, people.LEAD, claim_task, desk.task(number, "second_review").id)
    assert len(entries(desk, "offer_task")) == 1


def test_a_task_comes_back_by_itself_once_somebody_has_the_role(desk: Desk, admin: Visitor) -> None:
    number = desk.at_second_review(**SMALL)
    without(desk, "second_reviewer")
    assert len(rows(admin, "nobody")) == 1
    also(desk, people.LEAD, "second_reviewer")
    assert rows(admin, "nobody") == []
    does(desk, people.LEAD, claim_task, desk.task(number, "second_review").id)


def test_a_task_that_four_eyes_keep_from_everybody_says_who_is_barred_by_what(desk: Desk, admin: Visitor) -> None:
    desk.at_second_review(**SMALL)
    without(desk, "second_reviewer")
    also(desk, people.REVIEWER, "second_reviewer")

    (said,) = rows(admin, "nobody")
    assert "都须回避：王磊办理过“初审" in said
    also(desk, people.LEAD, "second_reviewer")
    assert rows(admin, "nobody") == []


def test_who_may_be_offered_a_barred_task_is_not_the_one_who_is_barred(desk: Desk, admin: Visitor) -> None:
    number = desk.at_second_review(**SMALL)
    without(desk, "second_reviewer")
    without(desk, "review_lead")
    also(desk, people.REVIEWER, "review_lead")
    page = admin.get(f"/work/tasks/{desk.task(number, 'second_review').id}/offer")
    assert "评审主管" not in words(page)
    chosen = f"review_lead:{desk.organisation('zhijiang').id}"
    address = f"/work/tasks/{desk.task(number, 'second_review').id}/offer"
    assert admin.post(address, {"role": chosen, "reason": "试"}).status_code == 422


def test_a_task_whose_holder_lost_the_account_is_set_free(desk: Desk, admin: Visitor) -> None:
    number = desk.at_initial_review(**SMALL)
    task_id = desk.task(number, "initial_review").id
    does(desk, people.REVIEWER, claim_task, task_id)
    with desk.app.app_context(), unit_of_work() as session:
        session.get_one(Person, desk.person(people.REVIEWER).id).active = False

    (said,) = rows(admin, "nobody")
    assert "王磊领取了它，但已没有这个角色或账号已停用" in said
    press(admin, "nobody", "放回待领取")

    assert rows(admin, "nobody") == []
    assert desk.complete_task(people.OTHER_REVIEWER, task_id, PASS).case_number == number


def for_an_appraiser(desk: Desk) -> str:
    """A case with a task for an appraiser, though no appraiser is a party of it."""
    appraiser = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="appraiser"/>'
    drawn = element("userTask", "p1", appraiser, name="现场评估")
    publish_drawings(desk, straight("appraises", drawn))
    number = desk.start()
    start(desk, "appraises", number)
    return number


def joins(desk: Desk, number: str, place: str) -> None:
    """Makes an organisation the appraiser of the case, as a later step of a process may."""
    organisation_id = desk.organisation(place).id
    with desk.app.app_context(), unit_of_work() as session:
        set_party(session, session.query(LoanCase).filter_by(number=number).one().id, "appraiser", organisation_id)


def test_a_task_without_an_organisation_is_offered_again_once_there_is_one(desk: Desk, admin: Visitor) -> None:
    number = for_an_appraiser(desk)
    (said,) = rows(admin, "nobody")
    assert "现场评估" in said and number in said and "申请里没有角色“评估师”所属的机构" in said
    assert rows(admin, "incident") == []  # told once
    assert "还是没有人能办理“现场评估”" in words(press(admin, "nobody", "重新派发"))
    joins(desk, number, APPRAISERS)

    assert "现在有 1 人可以办理" in words(press(admin, "nobody", "重新派发"))

    assert rows(admin, "nobody") == [] and desk.incidents(number) == []
    (mine,) = [one for one in desk.open_tasks(number) if one.name_zh == "现场评估"]
    does(desk, APPRAISER, claim_task, mine.id)


def test_an_administrator_may_name_the_organisation_that_was_missing(desk: Desk, admin: Visitor) -> None:
    number = for_an_appraiser(desk)
    address = link(admin, "nobody", "改由其他角色办理…")
    page = admin.get(address)
    assert "该机构将成为本申请的一方" in words(page)
    value = re.findall(r'name="role" value="(appraiser:\d+)"', page.text)[0]
    admin.post(address, {"role": value, "reason": "指定评估机构"})
    (mine,) = [one for one in desk.open_tasks(number) if one.name_zh == "现场评估"]
    does(desk, APPRAISER, claim_task, mine.id)
    assert desk.incidents(number) == []


def test_retrying_a_nobody_incident_offers_its_task_too(desk: Desk, admin: Visitor) -> None:
    number = for_an_appraiser(desk)
    (incident,) = desk.incidents(number)
    address = f"/cases/{number}/incidents/{incident.id}/retry"
    assert admin.post(address).status_code == 422 and len(desk.incidents(number)) == 1
    joins(desk, number, APPRAISERS)
    assert admin.post(address).status_code == 302
    with desk.app.app_context(), reading() as session:
        assert session.query(TaskCandidate).filter_by(role_key="appraiser").count() == 1
    assert desk.incidents(number) == []


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
