"""What reassigning some tasks would do: who may take them, with the load of each before and after."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import NotFound
from app.gateways import clock
from app.moment import next_midnight
from app.storage import open_work, organisations, people
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.people import Person
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.who_may import Candidates, candidates_of

EVENLY, UNCLAIMED = "evenly", "unclaimed"
Target = int | str  # a person's id, EVENLY or UNCLAIMED
MOST_PLANNED = 200
Work = Sequence[tuple[UserTask, LoanCase]]


@dataclass(frozen=True)
class PlannedTask:
    """A task that is to move, with its present holder (None: nobody)."""

    task_id: int
    case_number: str
    company: str
    name: Text
    holder_id: int | None
    holder: Text | None
    started_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class Taker:
    """Somebody to whom tasks are offered: `before` are her open tasks now, `takes` how many more she would have, and
    `may` how many of all she may do.

    `barred` are the tasks that she may not do, with what she did in their cases.
    """

    person_id: int
    name: Text
    organisation: Text
    before: int
    takes: int
    may: int
    barred: tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class Plan:
    """`evenly` says how many tasks each would get if they were spread; `left_over` are those that nobody may do."""

    tasks: tuple[PlannedTask, ...]
    takers: tuple[Taker, ...]
    evenly: tuple[tuple[Text, int], ...]
    left_over: int
    total: int


def plan_reassignment(actor: Actor, task_ids: Collection[int]) -> Plan:
    """The plan for these tasks, of which those that are not open any more are left out; raises Forbidden, NotFound."""
    require("reassign_tasks", actor)
    with reading() as session:
        work = [(task, case) for task, case in open_work.with_cases(session, task_ids) if task.state == "open"]
        return _plan(session, work, but=frozenset())


def plan_move(actor: Actor, person_id: int) -> Plan:
    """The plan for all that a person has claimed, who takes none of it; raises Forbidden, or NotFound for no person."""
    require("reassign_tasks", actor)
    with reading() as session:
        if session.get(Person, person_id) is None:
            raise NotFound
        return _plan(session, open_work.held_by(session, person_id), but=frozenset({person_id}))


def spread(session: Session, work: Work, who: Mapping[int, Candidates], but: Collection[int] = ()) -> dict[int, int]:
    """Task id -> the person who may do it and has least by then; a task that nobody may do is left out.

    Of votes that must be apart from each other in a case nobody gets two.
    """
    load = _loads(session)
    given: dict[int, int] = {}
    voters: dict[tuple[int, str], set[int]] = {}
    for task, case in work:
        same = voters.setdefault((case.id, task.duty), set()) if task.duty in task.apart_from else set()
        able = [person for person in who[task.id].able if person not in but and person not in same]
        if not able:
            continue
        holder = task.claimed_by
        # without the task itself, and of equals its holder keeps it
        to = min(able, key=lambda one: (load.get(one, 0) - (one == holder), one != holder, one))
        if to != holder:
            load[to] = load.get(to, 0) + 1
            if holder is not None:
                load[holder] = load.get(holder, 1) - 1
        given[task.id] = to
        same.add(to)
    return given


def _plan(session: Session, work: Work, but: Collection[int]) -> Plan:
    who = candidates_of(session, work)
    evenly = spread(session, work, who, but)
    ids = {person for one in who.values() for person in (*one.able, *one.barred)} - set(but)
    names = people.names(session, ids | {task.claimed_by for task, _ in work if task.claimed_by})
    shares = {person: sum(to == person for to in evenly.values()) for person in dict.fromkeys(evenly.values())}
    return Plan(
        tasks=tuple(_task(task, case, names) for task, case in work[:MOST_PLANNED]),
        takers=_takers(session, work, who, names, ids),
        evenly=tuple((_named(names[person]), number) for person, number in shares.items()),
        left_over=len(work) - len(evenly),
        total=len(work),
    )


def _takers(
    session: Session, work: Work, who: Mapping[int, Candidates], names: Mapping[int, Person], ids: Collection[int]
) -> tuple[Taker, ...]:
    load = _loads(session)
    places = organisations.names(session, {place for one in who.values() for place in one.able.values()})
    found = []
    for person_id in ids:
        mine = [(task, case) for task, case in work if person_id in who[task.id].able]
        barred = tuple(
            (case.number, who[task.id].barred[person_id]) for task, case in work if person_id in who[task.id].barred
        )
        organisation = next((who[task.id].able[person_id] for task, _ in mine), None)
        found.append(
            Taker(
                person_id,
                _named(names[person_id]),
                places.get(organisation or 0, Text("")),
                load.get(person_id, 0),
                sum(task.claimed_by != person_id for task, _ in mine),
                len(mine),
                barred,
            )
        )
    return tuple(sorted(found, key=lambda one: (not one.takes, -one.may, one.before, one.person_id)))


def _loads(session: Session) -> dict[int, int]:
    now = clock.moment().now
    return {row[0]: row[1] for row in open_work.loads(session, now, next_midnight(now)) if row[0] is not None}


def _task(task: UserTask, case: LoanCase, names: Mapping[int, Person]) -> PlannedTask:
    holder = None if task.claimed_by is None else _named(names[task.claimed_by])
    return PlannedTask(
        task.id,
        case.number,
        case.applicant_name,
        task.name,
        task.claimed_by,
        holder,
        task.created_at,
        task.due_at,
    )


def _named(person: Person) -> Text:
    return Text(person.name_zh, person.name_en)
