"""Claiming, releasing and completing: whose task it is, and what the others are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.errors import Conflict, Forbidden, NotFound
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.permissions import Actor
from app.use_cases.tasks.claim_task import claim_many, claim_task
from app.use_cases.tasks.release_task import release_task
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers

SMALL = {"requested_amount": "400000.00"}
PASS = answers.INITIAL_PASS | {"proposal": answers.INITIAL_PASS["proposal"] | {"amount": "300000.00"}}


def does(desk: Desk, login: str, act: Callable[..., Any], *given: Any) -> Any:
    """Runs a use case as this person."""
    actor: Actor = desk.actor(login)
    with desk.app.app_context():
        return act(actor, *given)


@pytest.fixture
def number(desk: Desk) -> str:
    """A case that waits for its initial review."""
    return desk.at_initial_review(**SMALL)


@pytest.fixture
def task_id(desk: Desk, number: str) -> int:
    return desk.task(number, "initial_review").id


def kinds(desk: Desk, number: str, task_id: int) -> list[str]:
    return [row.kind for row in desk.history(number) if row.task_id == task_id]


def test_a_claimed_task_is_the_claimers_alone(desk: Desk, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    with pytest.raises(Conflict) as lost:
        does(desk, people.OTHER_REVIEWER, claim_task, task_id)
    assert lost.value.by == "王磊" and lost.value.at is not None
    with pytest.raises(Conflict):
        desk.complete_task(people.OTHER_REVIEWER, task_id, PASS)
    assert desk.complete_task(people.REVIEWER, task_id, PASS).task_id == task_id


def test_claiming_ones_own_again_changes_nothing(desk: Desk, number: str, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    before = desk.task_row(task_id).claimed_at
    does(desk, people.REVIEWER, claim_task, task_id)
    assert desk.task_row(task_id).claimed_at == before
    assert kinds(desk, number, task_id) == ["claimed"]


def test_a_released_task_is_free_for_others(desk: Desk, number: str, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    does(desk, people.REVIEWER, release_task, task_id)
    does(desk, people.OTHER_REVIEWER, claim_task, task_id)
    assert desk.task_row(task_id).claimed_by == desk.person(people.OTHER_REVIEWER).id
    assert kinds(desk, number, task_id) == ["claimed", "released", "claimed"]


def test_what_is_free_or_anothers_cannot_be_released(desk: Desk, task_id: int) -> None:
    with pytest.raises(Conflict):
        does(desk, people.REVIEWER, release_task, task_id)
    does(desk, people.REVIEWER, claim_task, task_id)
    with pytest.raises(Conflict) as lost:
        does(desk, people.OTHER_REVIEWER, release_task, task_id)
    assert "王磊" in lost.value.text.zh


def test_completing_an_unclaimed_task_claims_it(desk: Desk, number: str, task_id: int) -> None:
    desk.complete_task(people.REVIEWER, task_id, PASS)
    row = desk.task_row(task_id)
    assert row.claimed_by == row.done_by == desk.person(people.REVIEWER).id and row.claimed_at == row.done_at
    assert kinds(desk, number, task_id) == ["user_task"]


def test_a_done_task_can_be_neither_claimed_released_nor_done_again(desk: Desk, task_id: int) -> None:
    desk.complete_task(people.REVIEWER, task_id, PASS)
    for login in (people.REVIEWER, people.OTHER_REVIEWER):
        for act in (claim_task, release_task):
            with pytest.raises(Conflict) as late:
                does(desk, login, act, task_id)
            assert late.value.by == "王磊"
        with pytest.raises(Conflict):
            desk.complete_task(login, task_id, PASS)


def test_a_withdrawn_task_is_a_conflict_and_the_next_round_can_be_done(desk: Desk, number: str, task_id: int) -> None:
    does(desk, people.FIRM, pull_back, number)
    desk.work()
    with pytest.raises(Conflict) as late:
        desk.complete_task(people.REVIEWER, task_id, PASS)
    assert "撤销" in late.value.text.zh and late.value.at is not None
    desk.complete(people.FIRM, number, "working-capital-application", desk.application(people.FIRM, **SMALL))
    desk.upload_all(people.FIRM, number)
    if desk.waits_for(number, "manual_verification"):
        desk.complete(people.MANAGER, number, "manual_verification", answers.MANUAL_PASSED)
    desk.complete(people.REVIEWER, number, "initial_review", PASS)
    assert desk.case(number).milestone == "initial_passed" and desk.case(number).round == 2


def test_a_claimed_case_cannot_be_pulled_back_under_the_reviewers_hands(desk: Desk, number: str, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    with pytest.raises(Conflict):
        does(desk, people.FIRM, pull_back, number)


def test_many_are_claimed_as_far_as_they_are_free(desk: Desk, task_id: int) -> None:
    other = desk.task(desk.at_initial_review(people.OTHER_FIRM, **SMALL), "initial_review").id
    does(desk, people.OTHER_REVIEWER, claim_task, other)
    assert does(desk, people.REVIEWER, claim_many, [task_id, other, 99999]) == (1, 2)
    with pytest.raises(Forbidden):
        does(desk, people.OPERATOR, claim_many, [task_id])


@pytest.mark.parametrize(
    "login", [people.FIRM, people.OTHER_FIRM, people.CONFIRMER, people.SECOND_REVIEWER, people.OTHER_BANKS_REVIEWER]
)
def test_people_whom_a_task_was_not_offered_to_find_nothing(desk: Desk, task_id: int, login: str) -> None:
    for act in (claim_task, release_task):
        with pytest.raises(NotFound):
            does(desk, login, act, task_id)
    with pytest.raises(NotFound):
        desk.complete_task(login, task_id, PASS)
