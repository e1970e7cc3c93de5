"""All open work: what each filter leaves, and who has how many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.errors import Forbidden
from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.user_tasks import UserTask
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.list_all_work import AllWork, WorkQuery, list_all_work
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.tasks.test_claiming import SMALL, does


@pytest.fixture
def desk(desk_on_each_database: Desk) -> Desk:
    return desk_on_each_database


@pytest.fixture
def cases(desk: Desk) -> tuple[str, str, str]:
    """An initial review that REVIEWER has and that is late, one that nobody has, and a second review."""
    late, free, second = (
        desk.at_initial_review(people.FIRM, **SMALL),
        desk.at_initial_review(people.FIRM_OF_TWO, **SMALL),
        desk.at_second_review(people.OTHER_FIRM, **SMALL),
    )
    does(desk, people.REVIEWER, claim_task, desk.task(late, "initial_review").id)
    with desk.app.app_context(), unit_of_work() as session:
        session.get_one(UserTask, desk.task(late, "initial_review").id).due_at = clock.moment().now - timedelta(hours=3)
    return late, free, second


def shown(desk: Desk, **query: object) -> list[str]:
    """The case numbers that a query leaves."""
    return [line.case.number for line in listed(desk, **query).lines]


def listed(desk: Desk, **query: object) -> AllWork:
    found: AllWork = does(desk, people.ADMINISTRATOR, list_all_work, WorkQuery(**query))  # type: ignore[arg-type]
    return found


def test_all_organisations_tasks_are_listed_the_latest_first(desk: Desk, cases: tuple[str, str, str]) -> None:
    found = listed(desk)
    assert found.lines[0].case.number == cases[0] and found.total == 3
    assert found.counts == {"": 3, "late": 1, "today": 0, "unclaimed": 2}
    first = found.lines[0]
    assert first.holder is not None and first.holder.zh == "王磊"
    assert [one.zh for one in first.places] == ["之江银行"] and [one.zh for one in first.roles] == ["初审员"]


def test_each_filter_leaves_what_it_says(desk: Desk, cases: tuple[str, str, str]) -> None:
    late, free, second = cases
    reviewer, bank = desk.person(people.REVIEWER).id, desk.organisation("zhijiang").id
    other_bank = desk.organisation("qiantang").id
    step = desk.task_row(desk.task(late, "initial_review").id)
    assert shown(desk, filter="late") == [late]
    assert sorted(shown(desk, filter="unclaimed")) == sorted([free, second])
    assert shown(desk, person_id=reviewer) == [late]
    assert shown(desk, role="second_reviewer") == [second]
    assert len(shown(desk, organisation_id=bank)) == 3 and shown(desk, organisation_id=other_bank) == []
    assert sorted(shown(desk, step=f"{step.process_key}/{step.element_id}")) == sorted([late, free])
    assert sorted(shown(desk, process=step.process_key)) == sorted([late, free])
    assert shown(desk, words=free) == [free] and shown(desk, words="王磊") == [late]
    assert shown(desk, role="second_reviewer", filter="late") == []


def test_each_persons_load_is_counted_with_what_is_overdue(desk: Desk, cases: tuple[str, str, str]) -> None:
    loads = {one.person_id: (one.open, one.late) for one in listed(desk).loads}
    assert loads == {desk.person(people.REVIEWER).id: (1, 1), None: (2, 0)}


def test_pages_follow_each_other(desk: Desk, cases: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.use_cases.tasks.list_all_work.PAGE_SIZE", 2)
    assert len(shown(desk, page=1)) == 2 and len(shown(desk, page=2)) == 1
    assert set(shown(desk, page=1)) | set(shown(desk, page=2)) == set(cases)


def test_it_is_for_who_may_reassign(desk: Desk) -> None:
    for login in (people.LEAD, people.OPERATOR, people.FIRM):
        with pytest.raises(Forbidden):
            does(desk, login, list_all_work, WorkQuery())
