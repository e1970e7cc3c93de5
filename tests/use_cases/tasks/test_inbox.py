"""The inbox: whose work it shows, counted, filtered, sorted, searched and in pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.errors import Forbidden
from app.gateways import clock
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.user_tasks import TaskCandidate, UserTask
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.list_inbox import PAGE_SIZE, Inbox, InboxQuery, list_inbox, neighbours
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.use_cases.cases.test_finding import NASTY
from tests.web.visitor import Visitor, words

SMALL = {"requested_amount": "400000.00"}


def inbox(desk: Desk, login: str, **asked: object) -> Inbox:
    """What this person's inbox holds."""
    actor = desk.actor(login)
    with desk.app.app_context():
        return list_inbox(actor, InboxQuery(**asked))  # type: ignore[arg-type]


def numbers(found: Inbox) -> list[str]:
    return [line.case.number for line in found.lines]


def set_due(desk: Desk, number: str, hours: float) -> None:
    """Moves the due time of the case's open task to so many hours from now."""
    due_at = clock.moment().now + timedelta(hours=hours)
    with desk.app.app_context(), unit_of_work() as session:
        case_id = session.scalars(select(LoanCase.id).where(LoanCase.number == number)).one()
        task = session.scalars(select(UserTask).where(UserTask.case_id == case_id, UserTask.state == "open")).one()
        task.due_at = due_at
        for row in session.scalars(select(TaskCandidate).where(TaskCandidate.task_id == task.id)):
            row.due_at = due_at


@pytest.fixture
def three(desk: Desk) -> Iterator[list[str]]:
    """Three cases that wait for their initial review: late, within two hours, and tomorrow."""
    made = [
        desk.at_initial_review(people.FIRM, requested_amount="100000.00"),
        desk.at_initial_review(people.OTHER_FIRM, requested_amount="300000.00"),
        desk.at_initial_review("gu.fang", requested_amount="200000.00"),
    ]
    for number, hours in zip(made, (-1, 1, 30), strict=True):
        set_due(desk, number, hours)
    yield made


def test_a_role_sees_its_own_tasks_of_its_own_bank(desk: Desk, three: list[str]) -> None:
    assert numbers(inbox(desk, people.REVIEWER)) == three
    assert numbers(inbox(desk, people.OTHER_REVIEWER)) == three
    for login in (people.SECOND_REVIEWER, people.MANAGER, people.OTHER_BANKS_REVIEWER, people.CONFIRMER, people.FIRM):
        assert numbers(inbox(desk, login)) == []
    for login in (people.OPERATOR, people.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            inbox(desk, login)


def test_scopes_tell_mine_from_what_is_free(desk: Desk, three: list[str]) -> None:
    actor, task = desk.actor(people.REVIEWER), desk.task(three[1], "initial_review")
    with desk.app.app_context():
        claim_task(actor, task.id)
    assert numbers(inbox(desk, people.REVIEWER, scope="mine")) == [three[1]]
    assert numbers(inbox(desk, people.REVIEWER, scope="unclaimed")) == [three[0], three[2]]
    assert numbers(inbox(desk, people.REVIEWER)) == three
    assert numbers(inbox(desk, people.OTHER_REVIEWER)) == [three[0], three[2]]
    assert inbox(desk, people.REVIEWER).scopes == {"mine": 1, "unclaimed": 2, "all": 3}


def test_filters_show_what_their_counters_count(desk: Desk, three: list[str]) -> None:
    everything = inbox(desk, people.REVIEWER)
    for key, count in everything.counts.items():
        assert len(inbox(desk, people.REVIEWER, filter=key).lines) == count, key
    assert numbers(inbox(desk, people.REVIEWER, filter="late")) == [three[0]]
    assert numbers(inbox(desk, people.REVIEWER, filter="soon")) == [three[1]]
    assert numbers(inbox(desk, people.REVIEWER, filter="again")) == []
    assert numbers(inbox(desk, people.REVIEWER, filter="no such filter")) == three


def test_it_is_sorted_by_due_time_entry_or_amount(desk: Desk, three: list[str]) -> None:
    first, second, third = three
    assert numbers(inbox(desk, people.REVIEWER, sort="due")) == [first, second, third]
    assert numbers(inbox(desk, people.REVIEWER, sort="entered")) == [third, second, first]
    assert numbers(inbox(desk, people.REVIEWER, sort="amount")) == [second, third, first]
    assert numbers(inbox(desk, people.REVIEWER, sort="nonsense")) == [first, second, third]


def test_it_is_searched_by_number_and_company(desk: Desk, three: list[str]) -> None:
    assert numbers(inbox(desk, people.REVIEWER, words=three[2][-4:])) == [three[2]]
    assert numbers(inbox(desk, people.REVIEWER, words="灵山")) == [three[1]]
    assert numbers(inbox(desk, people.REVIEWER, product="trade-order")) == []
    step = inbox(desk, people.REVIEWER).steps[0][0]
    assert numbers(inbox(desk, people.REVIEWER, step=step)) == three


def test_what_is_typed_into_the_search_is_looked_for_and_nothing_else(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_initial_review(**SMALL)
    for text in NASTY:
        assert numbers(inbox(desk, people.REVIEWER, words=text, product=text, step=text)) == []
        assert numbers(inbox(desk, people.REVIEWER, words=text)) == []
        assert numbers(inbox(desk, people.REVIEWER, scope=text, filter=text, sort=text)) == [number]


def test_long_inboxes_come_in_pages(desk: Desk) -> None:
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    with desk.app.app_context(), unit_of_work() as session:
        columns = {c.name: getattr(task, c.name) for c in UserTask.__table__.columns if c.name != "id"}
        for index in range(PAGE_SIZE + 2):
            copy = UserTask(**columns | {"engine_task_id": f"copy-{index}"})
            session.add(copy)
            session.flush()
            session.add(
                TaskCandidate(
                    task_id=copy.id,
                    role_key="initial_reviewer",
                    organisation_id=desk.organisation("zhijiang").id,
                    open=True,
                    due_at=task.due_at,
                )
            )
    first, second = inbox(desk, people.REVIEWER), inbox(desk, people.REVIEWER, page=2)
    assert (len(first.lines), len(second.lines), first.total) == (PAGE_SIZE, 3, PAGE_SIZE + 3)
    assert not {line.task.id for line in first.lines} & {line.task.id for line in second.lines}
    assert inbox(desk, people.REVIEWER, page=9).lines == ()
    page = Visitor(desk, people.REVIEWER, language="en").get("/inbox")
    assert f"{PAGE_SIZE + 3}" in words(page) and "page=2" in page.text


def test_the_next_task_is_the_one_after_it_in_the_inbox(desk: Desk, three: list[str]) -> None:
    actor = desk.actor(people.REVIEWER)
    ids = [desk.task(number, "initial_review").id for number in three]
    with desk.app.app_context():
        assert neighbours(actor, ids[0]) == (1, 3, None, ids[1])
        assert neighbours(actor, ids[2]) == (3, 3, ids[1], None)
        assert neighbours(actor, 99999) == (0, 3, None, ids[0])


def test_the_pages_counters_follow_what_happens(desk: Desk, three: list[str]) -> None:
    visitor = Visitor(desk, people.REVIEWER)
    before = visitor.get("/inbox/counts").json
    visitor.post(f"/tasks/{desk.task(three[0], 'initial_review').id}/claim")
    after = visitor.get("/inbox/counts").json
    assert before is not None and after is not None
    assert (before["nav"]["mine"], before["nav"]["unclaimed"]) == (0, 3)
    assert (after["nav"]["mine"], after["nav"]["unclaimed"]) == (1, 2)
    assert before["chips"]["all"] == after["chips"]["all"] == 3


def test_a_task_that_four_eyes_give_to_somebody_else_says_so_and_cannot_be_claimed(desk: Desk) -> None:
    number = desk.at_committee()
    desk.complete(people.COMMITTEE[0], number, "committee_vote", answers.COMMITTEE_AGREE)

    done, free = inbox(desk, people.COMMITTEE[0], filter="others"), inbox(desk, people.COMMITTEE[1])

    assert [line.barred for line in done.lines] == [True, True]
    assert [line.barred for line in free.lines] == [False, False]
    page = Visitor(desk, people.COMMITTEE[0]).get("/inbox?filter=others")
    assert "须他人办理" in words(page) and "data-claim" not in page.text


def test_what_four_eyes_keep_from_a_person_is_counted_apart_from_her_work(desk: Desk) -> None:
    number = desk.at_committee()
    desk.complete(people.COMMITTEE[0], number, "committee_vote", answers.COMMITTEE_AGREE)

    voted, free = Visitor(desk, people.COMMITTEE[0]), Visitor(desk, people.COMMITTEE[1])
    his, hers = voted.get("/inbox/counts").json, free.get("/inbox/counts").json

    assert his is not None and hers is not None
    assert (his["nav"]["unclaimed"], his["chips"]["all"], his["chips"]["others"]) == (0, 0, 2)
    assert (hers["nav"]["unclaimed"], hers["chips"]["all"], hers["chips"]["others"]) == (2, 2, 0)
    assert inbox(desk, people.COMMITTEE[0]).lines == ()
    assert "须他人办理" in words(voted.get("/inbox")) and "须他人办理" not in words(free.get("/inbox"))
