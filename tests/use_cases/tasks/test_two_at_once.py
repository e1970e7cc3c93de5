"""Two people who complete, claim or change the same task at the same instant."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import Conflict
from app.gateways import clock
from app.storage.answers import FormAnswer, FormDraft
from app.storage.database import reading
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.complete_task import Completed
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.soak import LENGTH
from tests.use_cases.tasks.races import at_once

# each case has two rounds: its initial and its second review
CASES = 10 if LENGTH > 1 else 4
REVIEWERS = (people.REVIEWER, people.OTHER_REVIEWER)
SECOND_REVIEWERS = (people.SECOND_REVIEWER, people.OTHER_SECOND_REVIEWER)
NAMES = {"wang.lei": "王磊", "xu.na": "徐娜", "sun.hao": "孙浩", "he.ping": "何平"}


def race(desk: Desk, number: str, form_key: str, pair: tuple[str, str], entered: Mapping[str, Any]) -> None:
    """Both complete the case's task at once; everything that may be asked of the outcome is checked."""
    task = desk.task(number, form_key)
    results = at_once(*(partial(desk.complete_task, login, task.id, entered) for login in pair))
    won = [login for login, result in zip(pair, results, strict=True) if isinstance(result, Completed)]
    lost = [(login, result) for login, result in zip(pair, results, strict=True) if isinstance(result, Conflict)]
    assert len(won) == 1 and len(lost) == 1, results
    loser, conflict = lost[0]
    assert NAMES[won[0]] in conflict.text.zh and conflict.by is not None
    assert abs((clock.real_now() - conflict.at).total_seconds()) < 120
    signed = [row for row in desk.history(number) if row.task_id == task.id and row.kind == "user_task"]
    assert [row.person_id for row in signed] == [desk.person(won[0]).id]
    with desk.app.app_context(), reading() as session:
        given = session.scalars(select(FormAnswer).where(FormAnswer.task_id == task.id)).all()
        drafts = session.scalars(select(FormDraft).where(FormDraft.task_id == task.id)).all()
    assert [row.person_id for row in given] == [desk.person(won[0]).id]
    assert [(row.person_id, row.data["opinion"]) for row in drafts] == [(desk.person(loser).id, entered["opinion"])]
    desk.work()
    assert desk.incidents(number) == []


@pytest.mark.soak
def test_of_two_reviewers_one_completes_the_task_and_the_other_is_told_by_whom(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    for _ in range(CASES):
        number = desk.at_initial_review(requested_amount="400000.00")
        small = answers.INITIAL_PASS["proposal"] | {"amount": "300000.00"}
        race(desk, number, "initial_review", REVIEWERS, answers.INITIAL_PASS | {"proposal": small})
        race(desk, number, "second_review", SECOND_REVIEWERS, answers.SECOND_APPROVE | {"approved": small})
        desk.complete(people.FIRM, number, "accept_offer", answers.ACCEPT)
        assert desk.case(number).milestone == "contracts_made"
        assert [instance.status for instance in desk.instances(number)] == ["completed"] * 3 + ["active"]


def test_of_two_reviewers_one_claims_the_task(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    task = desk.task(desk.at_initial_review(requested_amount="400000.00"), "initial_review")

    def claim(login: str) -> None:
        actor = desk.actor(login)
        with desk.app.app_context():
            claim_task(actor, task.id)

    results = at_once(*(partial(claim, login) for login in REVIEWERS))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    winner = REVIEWERS[results.index(None)]
    assert desk.task_row(task.id).claimed_by == desk.person(winner).id
    assert NAMES[winner] in next(r for r in results if r is not None).text.zh


def test_one_person_who_submits_twice_at_once_completes_once(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_initial_review(requested_amount="400000.00")
    small = answers.INITIAL_PASS | {"proposal": answers.INITIAL_PASS["proposal"] | {"amount": "300000.00"}}
    submit = partial(desk.complete_task, people.REVIEWER, desk.task(number, "initial_review").id, small)
    results = at_once(submit, submit)
    assert sorted(type(result).__name__ for result in results) == ["Completed", "Conflict"]
    assert NAMES[people.REVIEWER] in next(r for r in results if isinstance(r, Conflict)).text.zh
    desk.work()
    assert desk.case(number).milestone == "initial_passed" and desk.incidents(number) == []


def test_a_pull_back_and_a_completion_at_once_leave_one_of_the_two(desk_on_each_database: Desk) -> None:
    from app.use_cases.applications.pull_back import pull_back

    desk = desk_on_each_database
    number = desk.at_initial_review(requested_amount="400000.00")
    task = desk.task(number, "initial_review")
    firm = desk.actor(people.FIRM)

    def withdraw() -> None:
        with desk.app.app_context():
            pull_back(firm, number)
            desk.work()

    small = answers.INITIAL_PASS | {"proposal": answers.INITIAL_PASS["proposal"] | {"amount": "300000.00"}}
    results = at_once(partial(desk.complete_task, people.REVIEWER, task.id, small), withdraw)
    assert any(isinstance(result, Conflict) for result in results), results
    assert all(result is None or isinstance(result, (Completed, Conflict)) for result in results), results
    desk.work()
    assert desk.incidents(number) == []
    assert len(desk.open_tasks(number)) == 1
