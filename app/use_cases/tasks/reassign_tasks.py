"""Gives open tasks to another person who may do them, or back to all who may; each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound, ProductError, Refused
from app.gateways import clock
from app.storage import audit, open_work
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.notifications import Notification
from app.storage.people import Person
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.note_act import remember_act
from app.use_cases.tasks.task_access import require_open
from app.use_cases.tasks.who_may import candidates_of

MOST_TASKS = 500
LONGEST_REASON = 500
NOBODY = Text("待领取", "unclaimed")


@dataclass(frozen=True)
class Chosen:
    """A task as the administrator saw it: who held it then (None: nobody), and who shall have it (None: unclaimed)."""

    task_id: int
    holder_id: int | None
    to_person_id: int | None


@dataclass(frozen=True)
class Reassigned:
    """What became of one task: `to` is who has it now; `refused` says why nothing was changed."""

    task_id: int
    case_number: str
    name: Text
    to: Text | None = None
    refused: Text | None = None


def reassign_tasks(actor: Actor, chosen: Sequence[Chosen], reason: str | Text) -> list[Reassigned]:
    """One result a task, in the order given; what is refused, or changed meanwhile, keeps the others from nothing.

    What the former holder typed stays hers: a draft belongs to a task and a person, and is shown to nobody else.
    Raises Forbidden, or Refused without a reason, without a task or for more than MOST_TASKS.
    """
    require("reassign_tasks", actor)
    why = reason if isinstance(reason, Text) else Text(clean_reason(reason))
    if not chosen or len(chosen) > MOST_TASKS:
        raise Refused(
            f"请选择 1 到 {MOST_TASKS} 项任务。",
            f"Please choose between 1 and {MOST_TASKS} tasks; nothing was changed.",
        )
    return [_reassign(actor, one, why) for one in chosen]


def clean_reason(reason: str) -> str:
    """The reason without white space around it; raises Refused for none or a very long one."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(
            f"请写明原因（最多 {LONGEST_REASON} 字），它写入任务记录和审计日志。",
            f"Please give a reason of at most {LONGEST_REASON} characters; it goes into the history and the audit log.",
        )
    return reason


def _reassign(actor: Actor, one: Chosen, reason: Text) -> Reassigned:
    number, name = "", Text("任务", "task")
    try:
        with unit_of_work() as session:
            found = open_work.by_id(session, one.task_id, locked=True)
            if found is None:
                raise NotFound
            task, _, case = found
            number, name = case.number, task.name
            to = _move(session, actor, task, case, one, reason)
            return Reassigned(one.task_id, number, name, to)
    except ProductError as error:
        return Reassigned(one.task_id, number, name, refused=error.text)


def _move(session: Session, actor: Actor, task: UserTask, case: LoanCase, one: Chosen, reason: Text) -> Text:
    """Who has the task now, by name. Raises Conflict where it changed meanwhile, Refused where the person may not."""
    _require_unchanged(session, task, actor, one.holder_id)
    if task.claimed_by == one.to_person_id:
        raise Refused("任务已经在这里，没有改动。", "The task is there already; nothing was changed.")
    who = candidates_of(session, [(task, case)])[task.id]
    before = session.get(Person, task.claimed_by) if task.claimed_by else None
    to = None
    if one.to_person_id is not None:
        to = session.get(Person, one.to_person_id)
        _require_may_do(task, to, who.able, who.barred)
        _require_no_other(session, task, one.to_person_id, _named(to))
    now = clock.moment().now
    task.claimed_by, task.claimed_at = (to.id, now) if to else (None, None)
    offered = sorted(organisation for organisation, _ in open_work.places(session, [task.id]).get(task.id, ()))
    for person, text in _told(task, case, before, to, reason):
        place = who.able.get(person.id, offered[0] if offered else None)
        if place is not None:
            session.add(_notice(case, place, person, text, now))
    _record(session, actor, task, case, before, to, reason)
    return _named(to)


def _require_unchanged(session: Session, task: UserTask, actor: Actor, holder_id: int | None) -> None:
    if task.state != "open":
        require_open(session, task, actor)  # says by whom and when
    if task.claimed_by != holder_id:
        now = _named(session.get(Person, task.claimed_by) if task.claimed_by else None)
        raise Conflict(
            f"处理人在此期间变了，现在是{now.zh}，没有改派。",
            f"Its holder changed meanwhile (now {now.of('en')}); it was not reassigned.",
        )


def _require_may_do(task: UserTask, to: Person | None, able: dict[int, int], barred: dict[int, Text]) -> None:
    if to is None:
        raise NotFound
    if to.id in barred:
        did, who = barred[to.id], _named(to)
        raise Refused(
            f"{who.zh}办理过本申请的“{did.zh}”，“{task.name.zh}”必须由另一个人办理。",
            f'{who.of("en")} did "{did.of("en")}" in this case; "{task.name.of("en")}" is for another person.',
        )
    if to.id not in able:
        who = _named(to)
        raise Refused(
            f"{who.zh}在本申请的机构里没有办理“{task.name.zh}”的角色，或者账号已停用。",
            f'{who.of("en")} has no role for "{task.name.of("en")}" in an organisation of this case, or is inactive.',
        )


def _require_no_other(session: Session, task: UserTask, person_id: int, who: Text) -> None:
    if open_work.holds_its_like(session, task, person_id):
        raise Refused(
            f"{who.zh}手上已有本申请的另一项“{task.name.zh}”，每项必须由不同的人办理。",
            f'{who.of("en")} has another "{task.name.of("en")}" of this case; each is for a different person.',
        )


def _told(
    task: UserTask, case: LoanCase, before: Person | None, to: Person | None, reason: Text
) -> list[tuple[Person, Text]]:
    what = Text(f"{case.number}“{task.name.zh}”", f'{case.number} "{task.name.of("en")}"')
    told = []
    if to is not None:
        told.append(
            (
                to,
                Text(
                    f"管理员把{what.zh}改派给您：{reason.zh}",
                    f"The administrator gave you {what.en}: {reason.of('en')}",
                ),
            )
        )
    if before is not None:
        now = _named(to)
        told.append(
            (
                before,
                Text(
                    f"管理员把您的{what.zh}改派给{now.zh}：{reason.zh}",
                    f"The administrator moved your {what.en} to {now.of('en')}: {reason.of('en')}",
                ),
            )
        )
    return told


def _notice(case: LoanCase, organisation_id: int, person: Person, text: Text, now: datetime) -> Notification:
    return Notification(
        organisation_id=organisation_id,
        person_id=person.id,
        case_id=case.id,
        text_zh=text.zh,
        text_en=text.of("en"),
        at=now,
    )


def _record(
    session: Session,
    actor: Actor,
    task: UserTask,
    case: LoanCase,
    before: Person | None,
    to: Person | None,
    reason: Text,
) -> None:
    old, new = _named(before), _named(to)
    said = {
        "zh": f"{old.zh} → {new.zh}。{reason.zh}",
        "en": f"{old.of('en')} → {new.of('en')}. {reason.of('en')}",
    }
    remember_act(session, actor, task, case, kind="reassigned", at=clock.moment().now, detail=said)
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb="reassign_task",
        target=f"{case.number}/{task.id}",
        detail={
            "task": task.element_id,
            "from": before.id if before else None,
            "to": to.id if to else None,
            "reason": reason.zh,
        },
        at=clock.real_now(),
    )


def _named(person: Person | None) -> Text:
    return NOBODY if person is None else Text(person.name_zh, person.name_en)
