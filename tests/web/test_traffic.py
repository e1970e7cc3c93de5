"""A process with all that goes through it: numbers on the drawing and in a table; a late step is drawn late."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.use_cases.cases.process_drawing import process_of_case
from app.use_cases.reporting.count_elements import count_elements
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.web.visitor import Visitor, words

ADMIN, ANALYST, OPERATOR = "admin", "qin.lan", "yun.ying"


def standing(desk: Desk) -> dict[str, tuple[int, int, int, int]]:
    with desk.app.app_context():
        found = count_elements(desk.actor(ADMIN), "initial_review")
    return {
        id_: (one.standing, one.late, one.failed, one.passed) for id_, one in found.elements.items() if one.standing
    }


def test_a_step_counts_what_stands_there_what_is_late_and_what_failed(desk: Desk) -> None:
    number, other = desk.at_initial_review(), desk.at_initial_review(people.OTHER_FIRM)
    task = desk.task(number, "initial_review")
    assert standing(desk)[task.element_id] == (2, 0, 0, 0)

    with clock.fixed_at(clock.real_now() + timedelta(days=30)):
        assert standing(desk)[task.element_id] == (2, 2, 0, 0)
    with desk.app.app_context(), unit_of_work() as session:
        incident = {"instance_id": task.instance_id, "element_id": task.element_id, "created_at": task.created_at}
        session.add(Incident(kind="operation", cause_zh="坏了", cause_en="broken", **incident))
    assert standing(desk)[task.element_id] == (2, 0, 1, 0)

    desk.complete(people.REVIEWER, other, "initial_review", answers.INITIAL_PASS)
    assert standing(desk)[task.element_id] == (1, 0, 1, 1)


def test_instances_at_steps_that_the_drawing_lost_are_said_to_be_elsewhere(desk: Desk) -> None:
    task = desk.task(desk.at_initial_review(), "initial_review")
    with desk.app.app_context(), unit_of_work() as session:
        session.get_one(ProcessInstance, task.instance_id).waiting_at = "a_step_of_long_ago"

    with desk.app.app_context():
        found = count_elements(desk.actor(ADMIN), "initial_review")

    assert (found.running, found.elsewhere) == (1, 1)


@pytest.mark.parametrize("login", [ADMIN, ANALYST, OPERATOR])
def test_the_page_shows_the_numbers_on_the_drawing_and_in_a_table(desk: Desk, login: str) -> None:
    desk.at_initial_review()

    page = Visitor(desk, login).get("/processes/initial_review?days=30")

    assert page.status_code == 200
    assert re.search(r'draw-count-words"[^>]*>1<', page.text)
    assert "在办 1 件" in words(page) and "近 30 天经过" in words(page)
    assert page.text.count("data-tip=") > 5


def test_a_reviewer_and_a_firm_see_no_traffic(desk: Desk) -> None:
    assert Visitor(desk, people.REVIEWER).get("/processes/initial_review").status_code == 403
    assert Visitor(desk, people.FIRM).get("/processes/initial_review").status_code == 403
    assert Visitor(desk, ADMIN).get("/processes/no_such_process").status_code == 404
    assert Visitor(desk, ADMIN).get("/processes/overview").status_code == 404


def test_a_late_step_is_drawn_late_and_a_road_not_taken_is_dashed(desk: Desk) -> None:
    number = desk.at_initial_review()
    task = desk.task(number, "initial_review")
    case = desk.case(number)
    with desk.app.app_context(), clock.fixed_at(clock.real_now() + timedelta(days=30)):
        late = process_of_case(case.id, "initial_review").progress
    with desk.app.app_context():
        now = process_of_case(case.id, "initial_review").progress
    assert (now.elements[task.element_id].state, late.elements[task.element_id].state) == ("current", "late")

    reader = Visitor(desk, people.REVIEWER)
    before = reader.get(f"/cases/{number}/processes/initial_review")
    desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_PASS)
    after = reader.get(f"/cases/{number}/processes/initial_review")

    assert "draw-skipped" not in before.text
    assert "draw-skipped" in after.text and "draw-edge-skipped" in after.text
    assert "以表格列出走过的步骤" in words(after)
