"""The demo's people as actors: who may do a task, and who acts for a firm."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import people, user_tasks
from app.storage.database import reading
from app.storage.organisations import Membership, Organisation, memberships
from app.storage.people import Person
from app.storage.user_tasks import TaskCandidate, UserTask
from app.use_cases.administration.load_actor import actor_of
from app.use_cases.demo.demo_data import demo_data
from app.use_cases.permissions import Actor


class DemoPeople:
    """Everybody's place, read once: roles do not change while the demo is played."""

    def __init__(self) -> None:
        self._actors: dict[tuple[int, int], Actor] = {}

    @cached_property
    def organisations(self) -> dict[str, int]:
        """The id of each organisation by its key in the files."""
        with reading() as session:
            ids = {name: id_ for id_, name in session.execute(select(Organisation.id, Organisation.name_zh))}
        return {entry["key"]: ids[entry["name"]["zh"]] for entry in demo_data()["organisations"]}

    @cached_property
    def _places(self) -> dict[tuple[int, str], list[int]]:
        """(organisation, role) -> its people."""
        found: dict[tuple[int, str], list[int]] = {}
        with reading() as session:
            for one in session.scalars(select(Membership).order_by(Membership.person_id)):
                found.setdefault((one.organisation_id, one.role_key), []).append(one.person_id)
        return found

    def named(self, login: str) -> Actor:
        """Somebody acting for their first organisation."""
        with reading() as session:
            person = people.by_login(session, login)
            assert person is not None, f"the demo has nobody called {login}"
            place = memberships(session, person.id)[0][1].id
        return self._actor(person.id, place)

    def of_firm(self, key: str) -> Actor:
        """Who applies and pays for a firm."""
        place = self.organisations[key]
        (role,) = {role for organisation, role in self._places if organisation == place}
        return self._actor(self._places[place, role][0], place)

    def everybody(self) -> list[Actor]:
        """All people, once for each organisation that they work for."""
        return [
            self._actor(*one)
            for one in dict.fromkeys((p, place) for (place, _), at in self._places.items() for p in at)
        ]

    def roles_of(self, session: Session, task: UserTask) -> set[str]:
        """Whom the task is offered to."""
        return set(session.scalars(select(TaskCandidate.role_key).where(TaskCandidate.task_id == task.id)))

    def who_may(self, session: Session, task: UserTask) -> list[Actor]:
        """Who may do the task by role and by four eyes; cases take turns among colleagues."""
        offered = session.execute(
            select(TaskCandidate.organisation_id, TaskCandidate.role_key).where(TaskCandidate.task_id == task.id)
        )
        found = []
        for place, role in offered:
            colleagues = self._places.get((place, role), [])
            turn = (task.case_id or 0) % max(1, len(colleagues))
            found += [(person, place) for person in colleagues[turn:] + colleagues[:turn]]
        return [self._actor(*one) for one in found if self._is_free(session, task, one[0])]

    def _is_free(self, session: Session, task: UserTask, person_id: int) -> bool:
        if task.claimed_by is not None:
            return task.claimed_by == person_id
        assert task.case_id is not None
        done = user_tasks.done_with_duty(session, [task.case_id], person_id)
        return not any(task.clashes_with(one) for one in done)

    def _actor(self, person_id: int, place: int) -> Actor:
        if (person_id, place) not in self._actors:
            with reading() as session:
                actor = actor_of(session, session.get_one(Person, person_id), place)
            assert actor is not None, f"person {person_id} does not work for organisation {place}"
            self._actors[person_id, place] = actor
        return self._actors[person_id, place]
