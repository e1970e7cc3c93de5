"""Open tasks over all organisations: who has them, who may do them, and which of them nobody may."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, text
from sqlalchemy.orm import Session, aliased

from app.storage.cases import CaseParty, LoanCase
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.organisations import Membership, Organisation
from app.storage.people import Person
from app.storage.user_tasks import TaskCandidate, UserTask, bars

# written out: a bound value would keep both kinds of database from their indexes of open rows
IS_OPEN: Any = text("user_task.state = 'open'")
IS_OFFERED: Any = text("task_candidate.open")
Pair = tuple[int, str]  # an organisation and a role in it


def all_open() -> Any:
    """The query of every open task, without an order."""
    return select(UserTask).where(IS_OPEN)


def offered_where(*conditions: Any) -> ColumnElement[bool]:
    """The condition on UserTask that it is offered to a role or organisation (conditions on TaskCandidate)."""
    return exists().where(TaskCandidate.task_id == UserTask.id, IS_OFFERED, *conditions)


def loads(session: Session, now: datetime, tomorrow: datetime) -> list[tuple[int | None, int, int, int]]:
    """(person id or None for unclaimed, open, overdue, due today) of everybody who has open tasks, most overdue first.

    Due today is due before `tomorrow` and not overdue.
    """
    late = func.count().filter(UserTask.due_at < now)
    today = func.count().filter(UserTask.due_at >= now, UserTask.due_at < tomorrow)
    query = select(UserTask.claimed_by, func.count(), late, today).where(IS_OPEN).group_by(UserTask.claimed_by)
    rows = session.execute(query.order_by(late.desc(), func.count().desc(), UserTask.claimed_by))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def offered_pairs(session: Session) -> dict[Pair, int]:
    """Which roles of which organisations open tasks are offered to, and how many."""
    pair = (TaskCandidate.organisation_id, TaskCandidate.role_key)
    query = select(*pair, func.count()).where(IS_OFFERED).group_by(*pair)
    return {(organisation, role): number for organisation, role, number in session.execute(query)}


def staff(session: Session) -> dict[Pair, set[int]]:
    """The active people of each role in each active organisation."""
    found: dict[Pair, set[int]] = {}
    query = select(Membership.organisation_id, Membership.role_key, Membership.person_id)
    for organisation, role, person in session.execute(_active(query)):
        found.setdefault((organisation, role), set()).add(person)
    return found


def offered_to_any(session: Session, pairs: Collection[Pair], limit: int) -> set[int]:
    """Ids of open tasks that are offered to one of these roles."""
    found: set[int] = set()
    for organisation, role in sorted(pairs):
        query = select(TaskCandidate.task_id).where(
            IS_OFFERED, TaskCandidate.organisation_id == organisation, TaskCandidate.role_key == role
        )
        found |= set(session.scalars(query.order_by(TaskCandidate.due_at).limit(limit)))
    return found


def barred_candidates(session: Session) -> dict[int, dict[Pair, set[int]]]:
    """Open task under four eyes -> role of an organisation that it is offered to -> people of it who are barred.

    These did another of the task's duties in the case, or made the case.
    """
    earlier = aliased(UserTask)
    is_candidate = and_(
        Membership.organisation_id == TaskCandidate.organisation_id, Membership.role_key == TaskCandidate.role_key
    )
    did = bars(earlier, UserTask)
    row = (UserTask.id, TaskCandidate.organisation_id, TaskCandidate.role_key, Membership.person_id)
    base = select(*row).select_from(UserTask).join(TaskCandidate, TaskCandidate.task_id == UserTask.id)
    base = base.where(IS_OPEN, IS_OFFERED, UserTask.four_eyes != "")
    by_duty = base.join(earlier, did).join(Membership, and_(is_candidate, Membership.person_id == earlier.done_by))
    entered = base.join(LoanCase, LoanCase.id == UserTask.case_id).join(
        Membership, and_(is_candidate, Membership.person_id == LoanCase.created_by)
    )
    found: dict[int, dict[Pair, set[int]]] = {}
    for query in (by_duty, entered):
        for task_id, organisation_id, role_key, person_id in session.execute(query.distinct()):
            found.setdefault(task_id, {}).setdefault((organisation_id, role_key), set()).add(person_id)
    return found


def offered_to_nobody(session: Session, limit: int) -> set[int]:
    """Ids of open tasks of which an open incident says that no organisation of the case was there for them."""
    untold = and_(
        Incident.kind == "nobody",
        Incident.resolved_at.is_(None),
        Incident.instance_id == UserTask.instance_id,
        Incident.element_id == UserTask.element_id,
    )
    query = select(UserTask.id).join(Incident, untold).where(IS_OPEN, ~offered_where())
    return set(session.scalars(query.distinct().limit(limit)))


def untold(session: Session, instance_id: int, element_id: str) -> list[tuple[UserTask, LoanCase]]:
    """The open tasks of an instance's step that are offered to no role, locked, with their case."""
    query = select(UserTask, LoanCase).join(LoanCase, LoanCase.id == UserTask.case_id)
    here = (UserTask.instance_id == instance_id, UserTask.element_id == element_id, IS_OPEN, ~offered_where())
    return [(task, case) for task, case in session.execute(query.where(*here).with_for_update(of=[UserTask]))]


def held_by_strangers(session: Session, limit: int) -> set[int]:
    """Ids of open tasks that somebody claimed who has not the role any more, or may not log in."""
    may_still = _active(
        select(Membership.id).where(
            Membership.person_id == UserTask.claimed_by,
            Membership.organisation_id == TaskCandidate.organisation_id,
            Membership.role_key == TaskCandidate.role_key,
        )
    ).correlate(UserTask, TaskCandidate)
    query = select(UserTask.id).where(IS_OPEN, UserTask.claimed_by.is_not(None))
    return set(session.scalars(query.where(~offered_where(may_still.exists())).limit(limit)))


def with_cases(session: Session, task_ids: Iterable[int]) -> list[tuple[UserTask, LoanCase]]:
    """Tasks with their cases, the earliest due first."""
    query = select(UserTask, LoanCase).join(LoanCase, LoanCase.id == UserTask.case_id)
    query = query.where(UserTask.id.in_(list(task_ids)))
    return [(task, case) for task, case in session.execute(query.order_by(*BY_DUE))]


BY_DUE = (UserTask.due_at.is_(None), UserTask.due_at, UserTask.id)


def by_id(session: Session, task_id: int, *, locked: bool = False) -> tuple[UserTask, ProcessInstance, LoanCase] | None:
    """A task with its instance, both locked where asked for, and its case, whoever it is offered to."""
    query = (
        select(UserTask, ProcessInstance, LoanCase)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(LoanCase, LoanCase.id == UserTask.case_id)
        .where(UserTask.id == task_id)
    )
    row = session.execute(query.with_for_update(of=[ProcessInstance, UserTask]) if locked else query).first()
    return row


def candidates(session: Session, task_ids: Sequence[int]) -> list[tuple[int, int, int, str]]:
    """(task id, person id, organisation id, role key) of the active people whom open tasks are offered to.

    An organisation that is no party of the case any more has none.
    """
    query = (
        select(TaskCandidate.task_id, Membership.person_id, TaskCandidate.organisation_id, TaskCandidate.role_key)
        .join(UserTask, UserTask.id == TaskCandidate.task_id)
        .join(
            Membership,
            and_(
                Membership.organisation_id == TaskCandidate.organisation_id,
                Membership.role_key == TaskCandidate.role_key,
            ),
        )
        .where(
            IS_OFFERED,
            TaskCandidate.task_id.in_(list(task_ids)),
            exists().where(
                CaseParty.case_id == UserTask.case_id, CaseParty.organisation_id == TaskCandidate.organisation_id
            ),
        )
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(_active(query))]


def duties_done(session: Session, case_ids: Collection[int]) -> list[UserTask]:
    """The finished tasks with a duty of these cases, oldest first."""
    query = select(UserTask).where(
        UserTask.case_id.in_(list(case_ids)), UserTask.done_by.is_not(None), UserTask.duty != ""
    )
    return list(session.scalars(query.order_by(UserTask.id)))


def held_by(session: Session, person_id: int) -> list[tuple[UserTask, LoanCase]]:
    """The open tasks that a person has claimed, the earliest due first."""
    query = select(UserTask, LoanCase).join(LoanCase, LoanCase.id == UserTask.case_id)
    query = query.where(IS_OPEN, UserTask.claimed_by == person_id)
    return [(task, case) for task, case in session.execute(query.order_by(*BY_DUE))]


def holds_its_like(session: Session, task: UserTask, person_id: int) -> bool:
    """Whether a person has another open task with the same duty in the case, from which the task must be apart."""
    if task.duty not in task.apart_from:
        return False
    like = (UserTask.case_id == task.case_id, UserTask.duty == task.duty, UserTask.id != task.id)
    query = select(UserTask.id).where(IS_OPEN, UserTask.claimed_by == person_id, *like)
    return session.scalar(query.limit(1)) is not None


def places(session: Session, task_ids: Sequence[int]) -> dict[int, set[Pair]]:
    """Which roles of which organisations each task is offered to."""
    found: dict[int, set[Pair]] = {}
    query = select(TaskCandidate).where(TaskCandidate.task_id.in_(list(task_ids)), IS_OFFERED)
    for row in session.scalars(query):
        found.setdefault(row.task_id, set()).add((row.organisation_id, row.role_key))
    return found


def _active(query: Any) -> Any:
    return (
        query.join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.active.is_(True), Organisation.active.is_(True))
    )
