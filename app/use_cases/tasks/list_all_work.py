"""All open tasks of all organisations with their holders, narrowed and paged, and what each person has in hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.moment import next_midnight
from app.storage import open_work, organisations, people, releases
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.open_work import IS_OPEN, offered_where
from app.storage.user_tasks import TaskCandidate, UserTask
from app.texts import Text
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.count_inbox import matches

PAGE_SIZE = 50
FILTERS = ("", "late", "today", "unclaimed")
MOST_LOADS = 200


@dataclass(frozen=True)
class WorkQuery:
    """What to show; "" and None narrow nothing. `step` is a process and a step of it, as "process/step"."""

    filter: str = ""
    person_id: int | None = None
    role: str = ""
    organisation_id: int | None = None
    process: str = ""
    step: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class WorkLine:
    """An open task: no answer, no personal value; `places` are the organisations that it is offered to."""

    task: UserTask
    case: LoanCase
    holder: Text | None
    places: tuple[Text, ...]
    roles: tuple[Text, ...]


@dataclass(frozen=True)
class Load:
    """What somebody has in hand (person_id None: what nobody has claimed)."""

    person_id: int | None
    name: Text | None
    open: int
    late: int
    today: int


@dataclass(frozen=True)
class AllWork:
    """A page of lines; `counts` by filter over what the other choices leave; the lists are what can be chosen."""

    lines: tuple[WorkLine, ...]
    total: int
    counts: dict[str, int]
    loads: tuple[Load, ...]
    organisations: tuple[tuple[int, Text], ...]
    roles: tuple[tuple[str, Text], ...]
    processes: tuple[tuple[str, Text], ...]
    steps: tuple[tuple[str, Text], ...]
    query: WorkQuery


def list_all_work(actor: Actor, query: WorkQuery) -> AllWork:
    """The page that was asked for, the earliest due first; raises Forbidden."""
    require("reassign_tasks", actor)
    now = clock.moment().now
    with reading() as session:
        base = _narrowed(open_work.all_open(), query)
        counts = _counts(session, base)
        wanted = base.where(_matches(query.filter))
        ids = wanted.with_only_columns(UserTask.id).order_by(*open_work.BY_DUE)
        shown = session.scalars(ids.limit(PAGE_SIZE).offset((max(query.page, 1) - 1) * PAGE_SIZE)).all()
        lines = _lines(session, list(shown))
        loads = _loads(session, now)
        offered = open_work.offered_pairs(session)
        places = organisations.names(session, {place for place, _ in offered})
        roles = organisations.roles_by_key(session, {role for _, role in offered})
        processes, steps = _steps(session, query.process)
    return AllWork(
        lines,
        counts.get(query.filter, counts[""]),
        counts,
        loads,
        tuple(sorted(places.items(), key=lambda one: one[1].zh)),
        tuple((key, role.name) for key, role in sorted(roles.items())),
        processes,
        steps,
        query,
    )


def _matches(key: str) -> ColumnElement[bool]:
    return UserTask.claimed_by.is_(None) if key == "unclaimed" else matches(key, clock.moment().now)


def _counts(session: Session, base: Any) -> dict[str, int]:
    numbers = [func.count().filter(_matches(key)) for key in FILTERS]
    return dict(zip(FILTERS, session.execute(base.with_only_columns(*numbers)).one(), strict=True))


def _narrowed(found: Any, query: WorkQuery) -> Any:
    if query.person_id is not None:
        found = found.where(UserTask.claimed_by == query.person_id)
    if query.role or query.organisation_id is not None:
        place = [TaskCandidate.role_key == query.role] if query.role else []
        if query.organisation_id is not None:
            place.append(TaskCandidate.organisation_id == query.organisation_id)
        found = found.where(offered_where(*place))
    if query.process:
        found = found.where(UserTask.process_key == query.process)
    if query.step:
        process, _, step = query.step.partition("/")
        found = found.where(UserTask.process_key == process, UserTask.element_id == step)
    words = query.words.strip()
    if words:
        cases = select(LoanCase.id).where(
            or_(
                LoanCase.number.icontains(words, autoescape=True),
                LoanCase.applicant_name.icontains(words, autoescape=True),
            )
        )
        found = found.where(or_(UserTask.case_id.in_(cases), UserTask.claimed_by.in_(_called(words))))
    return found


def _called(words: str) -> Any:
    named = (
        people.Person.name_zh.icontains(words, autoescape=True),
        people.Person.name_en.icontains(words, autoescape=True),
    )
    return select(people.Person.id).where(or_(*named))


def _lines(session: Session, ids: list[int]) -> tuple[WorkLine, ...]:
    work, places = open_work.with_cases(session, ids), open_work.places(session, ids)
    names = people.names(session, {task.claimed_by for task, _ in work if task.claimed_by})
    pairs = {pair for found in places.values() for pair in found}
    there = organisations.names(session, {place for place, _ in pairs})
    roles = organisations.roles_by_key(session, {role for _, role in pairs})
    lines = []
    for task, case in work:
        mine = sorted(places.get(task.id, ()))
        holder = names.get(task.claimed_by) if task.claimed_by else None
        lines.append(
            WorkLine(
                task,
                case,
                Text(holder.name_zh, holder.name_en) if holder else None,
                tuple(dict.fromkeys(there[place] for place, _ in mine)),
                tuple(dict.fromkeys(roles[role].name for _, role in mine)),
            )
        )
    return tuple(lines)


def _loads(session: Session, now: Any) -> tuple[Load, ...]:
    rows = open_work.loads(session, now, next_midnight(now))[:MOST_LOADS]
    names = people.names(session, {row[0] for row in rows if row[0] is not None})
    return tuple(
        Load(person, Text(names[person].name_zh, names[person].name_en) if person else None, number, late, today)
        for person, number, late, today in rows
    )


def _steps(session: Session, process: str) -> tuple[tuple[tuple[str, Text], ...], tuple[tuple[str, Text], ...]]:
    """The processes with open tasks, and the steps of all or of the chosen one."""
    keys = (UserTask.process_key, UserTask.element_id)
    named = (func.min(UserTask.name_zh), func.min(UserTask.name_en))
    rows = session.execute(select(*keys, *named).where(IS_OPEN).group_by(*keys).order_by(*keys)).all()
    found = {}
    for key in dict.fromkeys(row[0] for row in rows):
        definition = releases.definition(session, key)
        found[key] = Text(definition.name_zh, definition.name_en) if definition else Text(key)
    steps = [(f"{row[0]}/{row[1]}", Text(row[2], row[3])) for row in rows if process in ("", row[0])]
    return tuple(found.items()), tuple(steps)
