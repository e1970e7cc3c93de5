"""The administrator's pages of work: what they show, and reassigning by them without JavaScript."""

from __future__ import annotations

import re

import pytest

from app.use_cases.tasks.claim_task import claim_task
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.tasks.test_claiming import PASS, SMALL, does
from tests.use_cases.tasks.test_four_eyes import also
from tests.web.visitor import Visitor, words


@pytest.fixture
def admin(desk: Desk) -> Visitor:
    return Visitor(desk, people.ADMINISTRATOR)


@pytest.fixture
def number(desk: Desk) -> str:
    """A case whose initial review REVIEWER has."""
    number = desk.at_initial_review(**SMALL)
    does(desk, people.REVIEWER, claim_task, desk.task(number, "initial_review").id)
    return number


def ticked(admin: Visitor) -> list[str]:
    """What the boxes of the list would send."""
    return re.findall(r'name="task" value="([^"]+)"', admin.get("/work").text)


def test_the_list_shows_names_numbers_and_holders_and_no_answers(desk: Desk, admin: Visitor, number: str) -> None:
    shown = words(admin.get("/work"))
    assert number in shown and "王磊" in shown and "初审" in shown and "之江银行" in shown
    assert "400,000" not in shown and "400000" not in shown


def test_ticked_tasks_go_to_a_colleague_after_a_preview_of_the_load(desk: Desk, admin: Visitor, number: str) -> None:
    (value,) = ticked(admin)
    to = desk.person(people.OTHER_REVIEWER)
    page = admin.get(f"/work/reassign?task={value}")
    assert re.search(rf"{to.name_zh} 之江银行 0 → 1", words(page))

    told = admin.post("/work/reassign", {"task": [value], "to": str(to.id), "reason": "休假"}, follow_redirects=True)

    assert "已改派 1 项" in words(told)
    assert desk.task(number, "initial_review").claimed_by == to.id
    assert f"王磊 → {to.name_zh}。休假" in words(admin.get(f"/cases/{number}"))
    assert "管理员把" in words(Visitor(desk, people.OTHER_REVIEWER).get("/messages"))


def test_without_a_reason_the_page_comes_back_with_what_was_chosen(desk: Desk, admin: Visitor, number: str) -> None:
    (value,) = ticked(admin)
    to = str(desk.person(people.OTHER_REVIEWER).id)
    page = admin.post("/work/reassign", {"task": [value], "to": to, "reason": " "})
    assert page.status_code == 422 and "请写明原因" in words(page)
    assert re.search(rf'value="{to}" checked', page.text) and f'value="{value}"' in page.text
    nobody = admin.post("/work/reassign", {"task": [value], "reason": "休假"})
    assert nobody.status_code == 422 and "请选择改派给谁" in words(nobody)


def test_what_was_done_meanwhile_is_said_and_nothing_else_lost(desk: Desk, admin: Visitor, number: str) -> None:
    (value,) = ticked(admin)
    desk.complete_task(people.REVIEWER, desk.task(number, "initial_review").id, PASS)
    to = str(desk.person(people.OTHER_REVIEWER).id)
    told = admin.post("/work/reassign", {"task": [value], "to": to, "reason": "休假"}, follow_redirects=True)
    assert "没有改派" in words(told) and "已由王磊办理完成" in words(told)


def test_who_is_barred_is_shown_with_what_they_did_and_cannot_be_chosen(desk: Desk, admin: Visitor) -> None:
    number = desk.at_second_review(**SMALL)
    also(desk, people.REVIEWER, "second_reviewer")
    task = desk.task(number, "second_review")
    page = admin.get(f"/work/reassign?task={task.id}:")
    assert "王磊" in words(page) and "须回避" in words(page)
    assert f'value="{desk.person(people.REVIEWER).id}"' not in page.text
    forced = {"task": [f"{task.id}:"], "to": str(desk.person(people.REVIEWER).id), "reason": "试"}
    assert "办理过本申请的" in words(admin.post("/work/reassign", forced, follow_redirects=True))
    assert desk.task_row(task.id).claimed_by is None


def test_a_leavers_page_moves_everything(desk: Desk, admin: Visitor, number: str) -> None:
    address = f"/work/people/{desk.person(people.REVIEWER).id}/move"
    assert "移交王磊的 1 项任务" in words(admin.get(address))
    told = admin.post(address, {"to": "unclaimed", "reason": "离职"}, follow_redirects=True)
    assert "已改派 1 项" in words(told) and desk.task(number, "initial_review").claimed_by is None
    assert "没有要改派的任务" in words(admin.get(address))


def test_spreading_what_is_spread_evenly_already_changes_nothing(desk: Desk, admin: Visitor, number: str) -> None:
    (value,) = ticked(admin)
    told = admin.post("/work/reassign", {"task": [value], "to": "evenly", "reason": "均"}, follow_redirects=True)
    assert "分配已经平均" in words(told)
    assert desk.task(number, "initial_review").claimed_by == desk.person(people.REVIEWER).id


def test_the_running_processes_are_counted_with_links_to_their_drawings(
    desk: Desk, admin: Visitor, number: str
) -> None:
    page = admin.get("/work/processes")
    assert "共 1 个在运行" in words(page) and "/processes/initial_review" in page.text
    assert "看任务" in words(page)


def test_pages_are_whole_in_english(desk: Desk, number: str) -> None:
    admin = Visitor(desk, people.ADMINISTRATOR, language="en")
    for path in ("/work", "/work/stuck", "/work/processes", f"/work/people/{desk.person(people.REVIEWER).id}/move"):
        shown = words(admin.get(path).text.replace(desk.case(number).applicant_name, ""))
        assert not re.search("[\u4e00-\u9fff]", shown.replace("中文", "").replace("信", "")), (path, shown)
