"""Offers an open task again: to the roles that its diagram named, or to another one of the case's parties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound, Refused
from app.gateways import clock
from app.storage import audit, incidents, open_work, organisations
from app.storage.cases import CaseParty, LoanCase, parties, set_party
from app.storage.database import reading, unit_of_work
from app.storage.incidents import Incident
from app.storage.organisations import Role, RoleGrant
from app.storage.user_tasks import TaskCandidate, UserTask
from app.texts import Text
from app.use_cases.definitions.load_release import load_release
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.acts import act_of
from app.use_cases.tasks.note_act import remember_act
from app.use_cases.tasks.reassign_tasks import clean_reason
from app.use_cases.tasks.task_access import require_open
from app.use_cases.tasks.who_may import candidates_of

WORKS, BORROWER, FUNDER = "work_on_tasks", "borrower", "funder"


@dataclass(frozen=True)
class OtherRole:
    """A role of an organisation that could do the task: how many people may, and whether it would join the case."""

    role_key: str
    organisation_id: int
    name: Text
    organisation: Text
    people: int
    joins: bool = False

    @property
    def value(self) -> str:
        return f"{self.role_key}:{self.organisation_id}"


@dataclass(frozen=True)
class Offer:
    """A task with the roles that it could be offered to besides those it is."""

    task: UserTask
    case: LoanCase
    roles: tuple[OtherRole, ...]


def groups_of(session: Session, task: UserTask) -> list[str]:
    """The roles that the diagram named; a task older than their column is looked up in its release."""
    if task.candidate_groups:
        return task.candidate_groups.split(",")
    found = open_work.by_id(session, task.id)
    assert found is not None, "the task is there"
    tasks = load_release(session, found[1].release_id).facts.user_tasks
    return [group for one in tasks if one.element_id == task.element_id for group in one.candidate_groups]


def show_offer(actor: Actor, task_id: int) -> Offer:
    """The roles with somebody who may do the task; raises NotFound, Forbidden, or Conflict where it is not open."""
    require("reassign_tasks", actor)
    with reading() as session:
        task, case = _found(session, actor, task_id, locked=False)
        return Offer(task, case, tuple(_other_roles(session, task, case)))


def offer_again(actor: Actor, task_id: int, choice: str = "", reason: str = "") -> Text:
    """Who may do it now, in words; raises Refused where that would be nobody still, and nothing is changed.

    `choice` is the value of an OtherRole: a person's decision, which needs a reason; four eyes hold for it as well.
    """
    require("reassign_tasks", actor)
    if choice:
        reason = clean_reason(reason)
    with unit_of_work() as session:
        task, case = _found(session, actor, task_id, locked=True)
        if not choice:
            return offer_in(session, actor, task, case, groups_of(session, task), reason)
        chosen = next((one for one in _other_roles(session, task, case) if one.value == choice), None)
        if chosen is None:
            raise Refused(
                "这个角色现在没有能办理的人。", "Nobody with that role can do this task now; nothing was changed."
            )
        if chosen.joins:
            role = session.get_one(Role, chosen.role_key)
            set_party(session, case.id, role.capacity, chosen.organisation_id)
            session.flush()
        return offer_in(session, actor, task, case, [chosen.role_key], reason)


def offer_in(
    session: Session, actor: Actor, task: UserTask, case: LoanCase, groups: Sequence[str], reason: str
) -> Text:
    """The same inside the caller's unit, for these roles."""
    there = open_work.places(session, [task.id]).get(task.id, set())
    for role, organisation_id in _places(session, case.id, groups):
        if (organisation_id, role.key) not in there:
            session.add(
                TaskCandidate(
                    task_id=task.id, role_key=role.key, organisation_id=organisation_id, open=True, due_at=task.due_at
                )
            )
    session.flush()
    able = candidates_of(session, [(task, case)])[task.id].able
    if not able:
        raise Refused(
            f"还是没有人能办理“{task.name.zh}”：申请里没有这些角色的机构，或者机构里没有人有这个角色。",
            f'Still nobody can do "{task.name.of("en")}": the case has no organisation for its roles, '
            "or nobody there has the role.",
        )
    now = clock.moment().now
    incidents.settle(
        session,
        now,
        (Incident.kind == "nobody")
        & (Incident.instance_id == task.instance_id)
        & (Incident.element_id == task.element_id),
    )
    roles = organisations.roles_by_key(session, groups)
    _record(session, actor, task, case, list(roles.values()), reason, now)
    return Text(f"现在有 {len(able)} 人可以办理。", f"{len(able)} people may do it now.")


def _found(session: Session, actor: Actor, task_id: int, *, locked: bool) -> tuple[UserTask, LoanCase]:
    found = open_work.by_id(session, task_id, locked=locked)
    if found is None:
        raise NotFound
    task, _, case = found
    if task.state != "open":
        require_open(session, task, actor)
    return task, case


def _places(session: Session, case_id: int, groups: Sequence[str]) -> list[tuple[Role, int]]:
    query = (
        select(Role, CaseParty.organisation_id)
        .join(CaseParty, CaseParty.capacity == Role.capacity)
        .where(CaseParty.case_id == case_id, Role.key.in_(list(groups)))
    )
    return [(role, organisation_id) for role, organisation_id in session.execute(query.order_by(Role.key))]


def _other_roles(session: Session, task: UserTask, case: LoanCase) -> list[OtherRole]:
    """Roles of the case's parties, with the rights that the task's act needs and somebody whom four eyes let do it.

    For a party that the case has not: the diagram's roles in every organisation that could be it.
    """
    act = act_of(task)
    needed = {WORKS} | ({act.verb} if act else set())
    grants: dict[str, set[str]] = {}
    for role_key, verb in session.execute(select(RoleGrant.role_key, RoleGrant.verb)):
        grants.setdefault(role_key, set()).add(verb)
    there = {role for _, role in open_work.places(session, [task.id]).get(task.id, set())}
    keys = [key for key, verbs in grants.items() if needed <= verbs and key not in there]
    staff, barred = open_work.staff(session), _barred(session, task, case)
    places = [
        (role, place, False)
        for role, place in _places(session, case.id, keys)
        if _may_take_over(session, task, case, role)
    ]
    places += [(role, place, True) for role, place in _could_join(session, task, case, staff)]
    names = organisations.names(session, {place for _, place, _ in places})
    return [
        OtherRole(role.key, place, role.name, names[place], len(people), joins)
        for role, place, joins in places
        if (people := staff.get((place, role.key), set()) - barred)
    ]


def _could_join(
    session: Session, task: UserTask, case: LoanCase, staff: Mapping[open_work.Pair, set[int]]
) -> list[tuple[Role, int]]:
    """The diagram's roles in organisations that have people with them, where the case has no party of their capacity.

    Who the firm and the funder of a case are is never a matter of who can do a task.
    """
    roles, there = organisations.roles_by_key(session, groups_of(session, task)), parties(session, case.id)
    missing = {key: role for key, role in roles.items() if role.capacity not in {*there, BORROWER, FUNDER}}
    return [(missing[key], place) for place, key in sorted(staff) if key in missing]


def _may_take_over(session: Session, task: UserTask, case: LoanCase, role: Role) -> bool:
    """Work of a bank stays in the bank: only roles of the capacity for which the diagram meant the task.

    Where the case has no party of that capacity any other but the firm itself may be asked.
    """
    meant = {one.capacity for one in organisations.roles_by_key(session, groups_of(session, task)).values()}
    there = meant & set(parties(session, case.id))
    return role.capacity in there if there else role.capacity != BORROWER


def _barred(session: Session, task: UserTask, case: LoanCase) -> set[int]:
    if not task.apart_from:
        return set()
    done = open_work.duties_done(session, {case.id})
    people = {one.done_by for one in done if task.clashes_with(one)} | {case.created_by}
    return {person for person in people if person is not None}


def _record(
    session: Session, actor: Actor, task: UserTask, case: LoanCase, roles: list[Role], reason: str, now: datetime
) -> None:
    zh, en = "、".join(role.name_zh for role in roles), ", ".join(role.name.of("en") for role in roles)
    said = {"zh": f"{zh}。{reason}" if reason else zh, "en": f"{en}. {reason}" if reason else en}
    remember_act(session, actor, task, case, kind="offered", at=now, detail=said)
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb="offer_task",
        target=f"{case.number}/{task.id}",
        detail={"task": task.element_id, "roles": [role.key for role in roles], "reason": reason},
        at=clock.real_now(),
    )
