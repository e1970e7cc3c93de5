"""What two people do to an application at the same instant, on both kinds of database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.errors import Conflict
from app.gateways import clock
from app.use_cases import dispatch
from app.use_cases.administration.verify_audit import verify_audit
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.tasks.claim_task import claim_task
from tests.desk import FIRM, REVIEWER, Desk
from tests.processes import answers
from tests.use_cases.tasks.races import at_once

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("_again", range(4))
def test_an_application_is_either_claimed_or_pulled_back(desk_on_each_database: Desk, _again: int) -> None:
    desk = desk_on_each_database
    number = desk.submit(requested_amount="400000.00")
    task_id = desk.task(number, "initial_review").id
    firm, reviewer = desk.actor(FIRM), desk.actor(REVIEWER)

    def pull() -> bool:
        with desk.app.app_context():
            pull_back(firm, number)
        return True

    def claim() -> bool:
        with desk.app.app_context():
            claim_task(reviewer, task_id)
        return True

    pulled, claimed = at_once(pull, claim)
    desk.work()

    assert isinstance(pulled, Conflict) != isinstance(claimed, Conflict)
    task = desk.task_row(task_id)
    assert (task.state, task.claimed_by) == (("open", reviewer.person_id) if claimed is True else ("withdrawn", None))
    assert desk.case(number).round == (1 if claimed is True else 2)


def test_first_applications_of_a_day_at_the_same_instant_get_numbers_of_their_own(
    desk_on_each_database: Desk,
) -> None:
    desk = desk_on_each_database
    logins = (FIRM, FIRM, "lu.ming", "gu.fang")

    numbers = at_once(*(lambda login=login: desk.start(login) for login in logins))

    assert sorted(number[-4:] for number in numbers) == ["0001", "0002", "0003", "0004"]
    with desk.app.app_context():
        assert verify_audit() == []


@pytest.mark.parametrize("_again", range(3))
def test_a_supplement_on_the_last_instant_arrives_or_the_case_lapses(desk_on_each_database: Desk, _again: int) -> None:
    desk = desk_on_each_database
    with clock.fixed_at(NOW):
        number = desk.at_initial_review()
        desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_SUPPLEMENT)
    task = desk.task(number, "supplement")

    def lapse() -> bool:
        with desk.app.app_context():
            return dispatch.run_timers(task.instance_id)

    with clock.fixed_at(NOW + timedelta(days=10)):
        supplied, lapsed = at_once(lambda: desk.complete_task(FIRM, task.id, answers.SUPPLEMENT), lapse)
        desk.work()

    assert isinstance(supplied, Conflict) == (lapsed is True)
    assert desk.task_row(task.id).state == ("withdrawn" if lapsed is True else "done")
    assert desk.case(number).milestone == ("lapsed" if lapsed is True else "accepted")
    assert desk.incidents(number) == []
