"""Beside a task about a loan stand the loan, what is late, what came, and what was noted in earlier tasks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from app.storage.user_tasks import UserTask
from app.use_cases.definitions.publish import publish
from tests import desk as people
from tests.desk import Desk
from tests.engine.diagrams import bpmn
from tests.use_cases import small_processes
from tests.use_cases.loans.lent import close_to, lent, receive
from tests.use_cases.small_processes import straight, task
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]
TALK = {
    "type": "default",
    "id": "talk",
    "schemaVersion": 19,
    "properties": {"name_zh": "通话", "name_en": "Call"},
    "components": [
        {
            "type": "radio",
            "id": "f1",
            "key": "decision",
            "label": "结果",
            "values": [{"label": "承诺还款", "value": "promise"}, {"label": "拒绝", "value": "refuses"}],
        },
        {"type": "textfield", "id": "f2", "key": "remark", "label": "说明"},
    ],
}
FORM = '<zeebe:formDefinition formId="talk"/>'


@pytest.fixture
def calling(desk: Desk) -> tuple[str, UserTask]:
    """A late loan, and the second call about it after a first one that brought a promise."""
    case = desk.at_initial_review()
    number = lent(desk, case_number=case, paid_out_on=date(2026, 8, 15))
    receive(desk, number, "9000.00", date(2026, 9, 15))
    close_to(desk, number, date(2026, 10, 20), 5)
    drawn = straight("talks", task("p1", extension=FORM), task("p2", extension=FORM))
    with desk.app.app_context():
        publish({"processes/talks.bpmn": bpmn(drawn), "forms/talk.form": json.dumps(TALK).encode()})
    small_processes.start(desk, "talks", case, loan_no=number)
    desk.complete(people.REVIEWER, case, "talk", {"decision": "promise", "remark": "周五前转账"})
    return number, desk.task(case, "talk")


def test_the_loan_is_what_such_a_task_opens_with(visit: Visit, calling: tuple[str, UserTask]) -> None:
    number, second = calling

    page = visit(people.REVIEWER).get(f"/tasks/{second.id}")

    read = words(page)
    assert number in read and "现在应还" in read and "逾期" in read and "9,000.00" in read
    assert "此前的记录" in read and "承诺还款" in read and "周五前转账" in read
    assert f"/loans/{number}" not in page.text  # a reviewer does not see the ledger


def test_other_tabs_stay_where_they_are(visit: Visit, calling: tuple[str, UserTask]) -> None:
    page = visit(people.REVIEWER).get(f"/tasks/{calling[1].id}?tab=timeline")
    assert "此前的记录" not in words(page) and "经过" in words(page)


def test_a_number_that_is_not_of_the_case_shows_no_loan(
    desk: Desk, visit: Visit, calling: tuple[str, UserTask]
) -> None:
    other = desk.at_initial_review(people.OTHER_FIRM)
    small_processes.start(desk, "talks", other, loan_no=calling[0])

    page = words(visit(people.REVIEWER).get(f"/tasks/{desk.task(other, 'talk').id}"))

    assert "这件申请没有这个借据" in page and "9,000.00" not in page


def test_a_task_about_no_loan_has_no_such_tab(desk: Desk, visit: Visit) -> None:
    review = desk.task(desk.at_initial_review(), "initial_review")
    page = visit(people.REVIEWER).get(f"/tasks/{review.id}")
    assert "tab=loan" not in page.text and "tab=overview" in page.text
