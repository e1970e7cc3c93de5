"""People who are given every role there is: too few of them never take a case from its application to its payout."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import FourEyes, ProductError
from app.storage import loans
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Membership, Role
from app.storage.payments import Payment
from app.storage.people import Person
from app.storage.user_tasks import TaskCandidate, UserTask
from app.use_cases.administration.load_actor import actor_of
from app.use_cases.demo.demo_people import DemoPeople
from app.use_cases.demo.story import Story
from app.use_cases.demo.work_on_task import work_on_task
from app.use_cases.permissions import Actor
from tests.desk import FIRM, Desk
from tests.soak import longer

PEOPLE = (FIRM, "wang.lei", "sun.hao", "bai.xue", "fu.lei", "jin.ping", "qian.rong", "lin.yan", "zhou.lan")


class OneForAll(DemoPeople):
    """The one person, acting for whichever organisation a task is offered to; four eyes are left to the product."""

    def __init__(self, person_id: int) -> None:
        self.person_id = person_id

    def who_may(self, session: Session, task: UserTask) -> list[Actor]:
        places = session.scalars(select(TaskCandidate.organisation_id).where(TaskCandidate.task_id == task.id)).unique()
        person = session.get_one(Person, self.person_id)
        return [actor for place in places if (actor := actor_of(session, person, place)) is not None]


def empowered(desk: Desk, login: str, keys: tuple[str, ...]) -> OneForAll:
    """Gives somebody every role that fits each of the organisations."""
    person_id = desk.person(login).id
    with desk.app.app_context(), unit_of_work() as session:
        for organisation in (desk.organisation(key) for key in keys):
            for role in session.scalars(select(Role).where(Role.capacity == organisation.kind)):
                place = {"person_id": person_id, "organisation_id": organisation.id, "role_key": role.key}
                if session.scalars(select(Membership).filter_by(**place)).first() is None:
                    session.add(Membership(**place))
    return OneForAll(person_id)


def act(desk: Desk, people: OneForAll, story: Story, task: UserTask) -> str:
    """What became of one try: done, barred by four eyes, or refused for another reason."""
    try:
        with desk.app.app_context():
            work_on_task(people, story, task.id, {})
    except FourEyes:
        return "barred"
    except (ProductError, AssertionError) as error:
        return f"refused: {error}"
    desk.work()
    return "done" if desk.task_row(task.id).state != "open" else "left"


def played(desk: Desk, logins: tuple[str, ...], rng: random.Random | None) -> tuple[str, list[str]]:
    """The case, and what became of each try, when these people do all that they are let, by chance or in turn."""
    terms = {"amount": "300000.00", "rate_percent": "4.65", "term_months": "6", "repayment_method": "interest_monthly"}
    asked = {"requested_amount": "400000.00", "term_months": "6", "repayment_method": "interest_monthly"}
    story = Story("qingxi", "working-capital", "zhijiang", timedelta(days=1), terms, application=asked)
    story.number, tried = desk.start(FIRM), list[str]()
    everybody = [empowered(desk, login, ("qingxi", "zhijiang") if login == FIRM else ("zhijiang",)) for login in logins]
    while True:
        before = len([one for one in tried if one.endswith("done")])
        for task in desk.open_tasks(story.number):
            became = "left"
            for people in rng.sample(everybody, len(everybody)) if rng else everybody:
                if became != "done":
                    became = act(desk, people, story, task)
            tried.append(f"{task.form_key} {became}")
        if len([one for one in tried if one.endswith("done")]) == before:
            return story.number, tried


@pytest.mark.soak
@pytest.mark.parametrize("seed", longer([1], list(range(2, 12))))
@pytest.mark.parametrize("logins", [PEOPLE[:1], PEOPLE[:3]], ids=["one", "three"])
def test_one_person_or_three_with_every_role_never_pay_a_loan_out(
    desk: Desk, logins: tuple[str, ...], seed: int
) -> None:
    number, tried = played(desk, logins, random.Random(seed))

    assert tried[-1].endswith("barred"), tried
    case_id = desk.case(number).id
    with desk.app.app_context(), reading() as session:
        assert loans.of_case(session, case_id) == []
        assert [one.state for one in session.scalars(select(Payment).where(Payment.case_id == case_id))] in (
            [],
            ["prepared"],
        )


def test_enough_people_with_every_role_do(desk: Desk) -> None:
    _, tried = played(desk, PEOPLE, None)

    assert "confirm_payment done" in tried, tried[-5:]
