"""Reassigning: who may get a task, what everybody is told, what changed meanwhile, and moving a leaver's work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.errors import Forbidden, NotFound, Refused
from app.gateways import clock
from app.storage.answers import FormDraft
from app.storage.audit import AuditEntry
from app.storage.database import reading, unit_of_work
from app.storage.notifications import Notification
from app.storage.people import Person
from app.use_cases.parties.read_notifications import read_notifications
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.move_work import move_work
from app.use_cases.tasks.plan_reassignment import EVENLY, UNCLAIMED, plan_move, plan_reassignment
from app.use_cases.tasks.reassign_chosen import reassign_chosen
from app.use_cases.tasks.reassign_tasks import Chosen, Reassigned, reassign_tasks
from app.use_cases.tasks.save_draft import save_draft
from app.use_cases.tasks.show_task import show_task
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.tasks.races import at_once
from tests.use_cases.tasks.test_claiming import PASS, SMALL, does
from tests.use_cases.tasks.test_four_eyes import also

WHY = "休假"


@pytest.fixture
def desk(desk_on_each_database: Desk) -> Desk:
    """Every test here runs on both kinds of database."""
    return desk_on_each_database


@pytest.fixture
def number(desk: Desk) -> str:
    return desk.at_initial_review(**SMALL)


@pytest.fixture
def task_id(desk: Desk, number: str) -> int:
    return desk.task(number, "initial_review").id


def id_of(desk: Desk, login: str) -> int:
    return desk.person(login).id


def reassign(desk: Desk, task_id: int, holder: str | None, to: str | None, reason: str = WHY) -> Reassigned:
    """The administrator gives a task that `holder` had to `to`."""
    chosen = Chosen(task_id, id_of(desk, holder) if holder else None, id_of(desk, to) if to else None)
    found: list[Reassigned] = does(desk, people.ADMINISTRATOR, reassign_tasks, [chosen], reason)
    return found[0]


def rows(desk: Desk, table: type[Any], **where: Any) -> list[Any]:
    with desk.app.app_context(), reading() as session:
        return session.query(table).filter_by(**where).order_by(table.id).all()


def test_a_claimed_task_goes_to_a_colleague_who_can_then_do_it(desk: Desk, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)

    done = reassign(desk, task_id, people.REVIEWER, people.OTHER_REVIEWER)

    assert done.refused is None and done.to is not None and done.to.zh == desk.person(people.OTHER_REVIEWER).name_zh
    assert desk.complete_task(people.OTHER_REVIEWER, task_id, PASS).task_id == task_id


def test_back_to_unclaimed_anybody_of_the_role_takes_it(desk: Desk, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    assert reassign(desk, task_id, people.REVIEWER, None).refused is None
    does(desk, people.OTHER_REVIEWER, claim_task, task_id)
    assert desk.task_row(task_id).claimed_by == id_of(desk, people.OTHER_REVIEWER)


def test_history_audit_and_both_people_are_told_with_the_reason(desk: Desk, number: str, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    reassign(desk, task_id, people.REVIEWER, people.OTHER_REVIEWER, "  休假到  周五 ")

    (row,) = [one for one in desk.history(number) if one.kind == "reassigned"]
    (entry,) = rows(desk, AuditEntry, verb="reassign_task")
    told = rows(desk, Notification, case_id=desk.case(number).id)
    names = {login: desk.person(login).name_zh for login in (people.REVIEWER, people.OTHER_REVIEWER)}
    assert row.detail["zh"] == f"{names[people.REVIEWER]} → {names[people.OTHER_REVIEWER]}。休假到 周五"
    assert entry.detail == {
        "task": row.element_id,
        "from": id_of(desk, people.REVIEWER),
        "to": id_of(desk, people.OTHER_REVIEWER),
        "reason": "休假到 周五",
    }
    by_name = {one.person_id: one.text_zh for one in told if one.person_id}
    assert set(by_name) == {id_of(desk, people.REVIEWER), id_of(desk, people.OTHER_REVIEWER)}
    assert all("休假到 周五" in text and number in text for text in by_name.values())


def test_a_message_to_one_person_is_read_by_nobody_else(desk: Desk, number: str, task_id: int) -> None:
    reassign(desk, task_id, None, people.REVIEWER)
    mine = [one for one in does(desk, people.REVIEWER, read_notifications) if "改派给您" in one.text.zh]
    others = [one for one in does(desk, people.OTHER_REVIEWER, read_notifications) if "改派给您" in one.text.zh]
    assert len(mine) == 1 and others == []


def test_who_did_the_excluded_duty_is_refused_in_words(desk: Desk) -> None:
    number = desk.at_second_review(**SMALL)
    task = desk.task(number, "second_review")
    also(desk, people.REVIEWER, "second_reviewer")
    done = reassign(desk, task.id, None, people.REVIEWER)
    assert done.refused is not None and "王磊办理过本申请的" in done.refused.zh and "王磊" not in done.refused.of("en")
    assert desk.task_row(task.id).claimed_by is None


def test_who_has_no_role_in_the_organisation_is_refused(desk: Desk, task_id: int) -> None:
    for login in (people.SECOND_REVIEWER, people.OTHER_BANKS_REVIEWER, people.ADMINISTRATOR):
        done = reassign(desk, task_id, None, login)
        assert done.refused is not None and "没有办理" in done.refused.zh
    assert desk.task_row(task_id).claimed_by is None


def test_an_inactive_person_gets_nothing(desk: Desk, task_id: int) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        session.get_one(Person, id_of(desk, people.REVIEWER)).active = False
    assert reassign(desk, task_id, None, people.REVIEWER).refused is not None


def test_what_somebody_completed_or_claimed_meanwhile_stays_as_it_is(desk: Desk, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    changed = reassign(desk, task_id, None, people.OTHER_REVIEWER)
    assert changed.refused is not None and "现在是王磊" in changed.refused.zh
    desk.complete_task(people.REVIEWER, task_id, PASS)
    done = reassign(desk, task_id, people.REVIEWER, people.OTHER_REVIEWER)
    assert done.refused is not None and "已由王磊办理完成" in done.refused.zh
    assert desk.task_row(task_id).done_by == id_of(desk, people.REVIEWER)


def test_of_completing_and_reassigning_at_once_one_wins_and_nothing_is_half(desk: Desk, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    completed, moved = at_once(
        lambda: desk.complete_task(people.REVIEWER, task_id, PASS),
        lambda: reassign(desk, task_id, people.REVIEWER, people.OTHER_REVIEWER),
    )
    task = desk.task_row(task_id)
    if isinstance(completed, Exception):
        assert moved.refused is None and task.state == "open"
        assert task.claimed_by == id_of(desk, people.OTHER_REVIEWER)
    else:
        assert moved.refused is not None and task.done_by == id_of(desk, people.REVIEWER)


def test_one_refusal_does_not_stop_the_others_and_each_is_said(desk: Desk, task_id: int) -> None:
    other = desk.task(desk.at_initial_review(people.FIRM_OF_TWO, **SMALL), "initial_review").id
    to = id_of(desk, people.REVIEWER)
    chosen = [Chosen(task_id, to, to), Chosen(other, None, to), Chosen(10**9, None, to)]
    found = does(desk, people.ADMINISTRATOR, reassign_tasks, chosen, WHY)
    assert [one.refused is None for one in found] == [False, True, False]
    assert desk.task_row(other).claimed_by == to


def test_without_a_reason_or_the_right_nothing_moves(desk: Desk, task_id: int) -> None:
    with pytest.raises(Refused):
        reassign(desk, task_id, None, people.REVIEWER, "  ")
    with pytest.raises(Forbidden):
        does(desk, people.LEAD, reassign_tasks, [Chosen(task_id, None, id_of(desk, people.REVIEWER))], WHY)
    assert desk.task_row(task_id).claimed_by is None


def test_the_former_holders_draft_is_hers_and_not_shown_as_the_new_ones(desk: Desk, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    does(desk, people.REVIEWER, save_draft, task_id, {"opinion": "我的看法"})
    reassign(desk, task_id, people.REVIEWER, people.OTHER_REVIEWER)
    assert does(desk, people.OTHER_REVIEWER, show_task, task_id).draft_saved_at is None
    assert [row.person_id for row in rows_of_drafts(desk)] == [id_of(desk, people.REVIEWER)]


def rows_of_drafts(desk: Desk) -> list[FormDraft]:
    with desk.app.app_context(), reading() as session:
        return session.query(FormDraft).all()


def test_the_plan_shows_each_ones_load_before_and_after(desk: Desk, task_id: int) -> None:
    other = desk.task(desk.at_initial_review(people.FIRM_OF_TWO, **SMALL), "initial_review").id
    does(desk, people.REVIEWER, claim_task, task_id)
    plan = does(desk, people.ADMINISTRATOR, plan_reassignment, [task_id, other])
    loads = {one.person_id: (one.before, one.takes) for one in plan.takers}
    assert loads[id_of(desk, people.REVIEWER)] == (1, 1) and loads[id_of(desk, people.OTHER_REVIEWER)] == (0, 2)
    assert plan.left_over == 0 and sum(number for _, number in plan.evenly) == 2


def test_a_leavers_work_moves_in_one_act_and_nothing_stays(desk: Desk, task_id: int) -> None:
    other = desk.task(desk.at_initial_review(people.FIRM_OF_TWO, **SMALL), "initial_review").id
    for one in (task_id, other):
        does(desk, people.REVIEWER, claim_task, one)
    leaver = id_of(desk, people.REVIEWER)
    assert len(does(desk, people.ADMINISTRATOR, plan_move, leaver).tasks) == 2

    found = does(desk, people.ADMINISTRATOR, move_work, leaver, id_of(desk, people.OTHER_REVIEWER), "离职")

    assert [one.refused for one in found] == [None, None]
    assert {desk.task_row(one).claimed_by for one in (task_id, other)} == {id_of(desk, people.OTHER_REVIEWER)}


def test_what_the_successor_may_not_do_goes_to_unclaimed(desk: Desk, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    leaver = id_of(desk, people.REVIEWER)
    (done,) = does(desk, people.ADMINISTRATOR, move_work, leaver, id_of(desk, people.LEAD), "离职")
    assert done.to is not None and done.to.zh == "待领取" and desk.task_row(task_id).claimed_by is None


@pytest.mark.parametrize("target", [EVENLY, UNCLAIMED])
def test_a_leavers_work_can_be_spread_or_set_free(desk: Desk, task_id: int, target: str) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    leaver = id_of(desk, people.REVIEWER)
    does(desk, people.ADMINISTRATOR, move_work, leaver, target, "离职")
    expected = id_of(desk, people.OTHER_REVIEWER) if target == EVENLY else None
    assert desk.task_row(task_id).claimed_by == expected
    with pytest.raises(Refused):
        does(desk, people.ADMINISTRATOR, move_work, leaver, target, "离职")
    with pytest.raises(NotFound):
        does(desk, people.ADMINISTRATOR, move_work, 10**9, target, "离职")


def test_a_leavers_work_can_still_be_moved_after_the_account_was_closed(desk: Desk, task_id: int) -> None:
    does(desk, people.REVIEWER, claim_task, task_id)
    leaver = id_of(desk, people.REVIEWER)
    with desk.app.app_context(), unit_of_work() as session:
        session.get_one(Person, leaver).active = False
    does(desk, people.ADMINISTRATOR, move_work, leaver, id_of(desk, people.OTHER_REVIEWER), "离职")
    assert desk.task_row(task_id).claimed_by == id_of(desk, people.OTHER_REVIEWER)
    assert clock.real_now() - timedelta(minutes=5) < desk.task_row(task_id).claimed_at  # type: ignore[operator]


def at_the_vote(desk: Desk) -> str:
    """A case whose three committee votes are open."""
    number = desk.at_committee()
    return number


def test_nobody_is_given_two_votes_of_one_case(desk: Desk) -> None:
    votes = [task.id for task in desk.open_tasks(at_the_vote(desk))]
    member = id_of(desk, people.COMMITTEE[0])
    chosen = [Chosen(task_id, None, member) for task_id in votes]

    found = does(desk, people.ADMINISTRATOR, reassign_tasks, chosen, WHY)

    assert [one.refused is None for one in found] == [True, False, False]
    assert "每项必须由不同的人办理" in found[1].refused.zh


def test_votes_are_spread_over_different_people(desk: Desk) -> None:
    votes = [task.id for task in desk.open_tasks(at_the_vote(desk))]
    does(desk, people.ADMINISTRATOR, reassign_chosen, [(task_id, None) for task_id in votes], EVENLY, WHY)
    assert {desk.task_row(task_id).claimed_by for task_id in votes} == {id_of(desk, one) for one in people.COMMITTEE}
