"""Completing a task through pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from io import BytesIO

from tests import desk as people
from tests.desk import PDF, Desk
from tests.processes import answers
from tests.use_cases.tasks.races import at_once
from tests.web.visitor import Visitor, field, words

SMALL = {"requested_amount": "400000.00"}
PASS = answers.INITIAL_PASS | {"proposal": answers.INITIAL_PASS["proposal"] | {"amount": "300000.00"}}


def test_a_review_is_submitted_and_the_case_goes_on(desk: Desk, visit: Callable[..., Visitor]) -> None:
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    answer = visit(people.REVIEWER).post(f"/tasks/{task.id}/complete", PASS)
    assert (answer.status_code, answer.location) == (302, "/inbox")
    desk.work()
    assert desk.case(number).milestone == "initial_passed"


def test_a_double_click_submits_once_and_the_second_click_says_who_and_when(
    desk_on_each_database: Desk,
) -> None:
    desk = desk_on_each_database
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    visitor = Visitor(desk, people.REVIEWER)
    again = Visitor(desk, people.REVIEWER)
    pages = at_once(*(partial(one.post, f"/tasks/{task.id}/complete", PASS) for one in (visitor, again)))
    assert sorted(page.status_code for page in pages) == [302, 409]
    lost = next(page for page in pages if page.status_code == 409)
    assert "这项任务已由王磊在" in words(lost) and re.search(
        r"在 \d{1,2}:\d{2} 办理|在 .*\d{2}:\d{2} 办理", words(lost)
    )
    assert answers.OPINION in words(lost)
    desk.work()
    assert desk.case(number).milestone == "initial_passed" and desk.incidents(number) == []


def test_a_stale_submit_gets_a_page_with_who_when_and_the_own_text(desk: Desk, visit: Callable[..., Visitor]) -> None:
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    desk.complete_task(people.REVIEWER, task.id, PASS)
    page = visit(people.OTHER_REVIEWER, language="en").post(
        f"/tasks/{task.id}/complete", PASS | {"opinion": "我写了很久的意见，不要丢掉它，谢谢。"}
    )
    assert page.status_code == 409
    assert "Wang Lei" in words(page) and "我写了很久的意见" in words(page)


def test_a_stale_submit_with_a_file_keeps_the_text_too(desk: Desk, visit: Callable[..., Visitor]) -> None:
    number = desk.at_initial_review(**SMALL)
    desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_SUPPLEMENT)
    task = desk.task(number, "supplement")
    desk.complete_task(people.FIRM, task.id, answers.SUPPLEMENT)
    sent = {"answer": "晚了一步的说明文字", "supplied": [(BytesIO(PDF), "tax.pdf")]}
    page = visit(people.FIRM).post(f"/tasks/{task.id}/complete", sent)
    assert page.status_code == 409
    assert "陈静在" in words(page) and "晚了一步的说明文字" in words(page)


def test_a_withdrawn_task_says_that_the_case_has_moved_on(desk: Desk, visit: Callable[..., Visitor]) -> None:
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    visit(people.FIRM).post(f"/applications/{number}/pull-back")
    desk.work()
    page = visit(people.REVIEWER).post(f"/tasks/{task.id}/complete", PASS)
    assert page.status_code == 409
    assert "已经撤销" in words(page) and "已由在" not in words(page) and "None" not in words(page)
    assert answers.OPINION in words(page)


def test_a_task_that_another_claimed_is_not_said_to_be_done(desk: Desk, visit: Callable[..., Visitor]) -> None:
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    visit(people.OTHER_REVIEWER).post(f"/tasks/{task.id}/claim")
    page = visit(people.REVIEWER).post(f"/tasks/{task.id}/complete", PASS)
    assert page.status_code == 409
    assert re.search(r"这项任务已由徐娜在 \d\d-\d\d \d\d:\d\d 领取", words(page)) and "办理 您填写" not in words(page)
    assert answers.OPINION in words(page)


def test_a_wrong_field_keeps_everything_and_says_beside_it_what_is_wrong(
    desk: Desk, visit: Callable[..., Visitor]
) -> None:
    number = desk.at_second_review(**SMALL)
    task = desk.task(number, "second_review")
    wrong = answers.SECOND_CHANGED | {
        "approved": answers.INITIAL_PASS["proposal"] | {"amount": "12.345"},
        "conditions": [{"kind": "account", "text": "第一条"}, {"kind": "other", "text": "第二条"}],
    }
    page = visit(people.SECOND_REVIEWER).post(f"/tasks/{task.id}/complete", wrong)
    assert page.status_code == 422
    assert field(page, "approved.amount") == "12.345"
    assert 'id="field-approved.amount-error"' in page.text
    assert field(page, "opinion") == wrong["opinion"]
    assert (field(page, "conditions[0].text"), field(page, "conditions[1].text")) == ("第一条", "第二条")
    assert desk.task(number, "second_review").state == "open"
