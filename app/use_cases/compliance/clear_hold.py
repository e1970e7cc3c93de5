"""Decides a compliance hold: an officer who has nothing to do with the case clears it or upholds it, with evidence."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import Conflict, FourEyes, NotFound, Refused
from app.gateways import clock
from app.moment import Moment
from app.storage import audit, compliance
from app.storage.cases import LoanCase
from app.storage.compliance import CLEAR, UPHOLD, ComplianceHold, HoldOpinion
from app.storage.database import unit_of_work
from app.storage.user_tasks import UserTask
from app.use_cases.compliance.holds import open_holds
from app.use_cases.compliance.open_hold import MOST_LETTERS
from app.use_cases.instances.correlate import deliver
from app.use_cases.payments.found import funders_case
from app.use_cases.payments.four_persons import require_unrelated
from app.use_cases.permissions import Actor, require

CLEARED_MESSAGE = "ComplianceCleared"
# what an officer does in a case as an officer; any other work in it bars from deciding its holds
DECIDE_HOLD = "decide_hold"  # the act of the tasks that decide a hold
OWN_DUTIES = ("compliance", "compliance_clearance")


@dataclass(frozen=True)
class Opinion:
    """`decision` is clear or uphold; the reason always, the evidence (what was looked at) to clear."""

    decision: str
    reason: str
    evidence: str = ""


def clear_hold(actor: Actor, hold_id: int, opinion: Opinion) -> str:
    """Notes the opinion and gives the hold's state; raises Forbidden, NotFound, FourEyes, Refused, Conflict."""
    require("manage_holds", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        found = compliance.visible(session, hold_id, actor.organisation_id)
        if found is None:
            raise NotFound
        case = funders_case(session, found[1].number, actor)
        hold = session.get_one(ComplianceHold, hold_id, with_for_update=True, populate_existing=True)
        _require_no_task(session, hold)
        state = decide_in(session, hold, case, actor, opinion, moment)
        tell_if_free(session, case, moment)
        return state


def decide_in(
    session: Session, hold: ComplianceHold, case: LoanCase, actor: Actor, opinion: Opinion, moment: Moment
) -> str:
    """The same inside the caller's unit, which holds the case's lock and has asked for the right."""
    _require_sound(opinion)
    if hold.state != compliance.OPEN:
        raise Conflict("这项暂缓已经有结论。", "This hold is already decided.", at=hold.closed_at)
    require_apart_from_case(session, hold, case, actor.person_id)
    said = [one for one in compliance.opinions(session, [hold.id]) if one.decision == CLEAR]
    if any(one.person_id == actor.person_id for one in said):
        raise FourEyes(
            "您已经同意解除，制裁名单命中须由第二个人再确认。",
            "You already cleared it; a hit on a sanctions list needs a second person.",
        )
    session.add(
        HoldOpinion(
            hold_id=hold.id,
            person_id=actor.person_id,
            decision=opinion.decision,
            reason=opinion.reason.strip()[:MOST_LETTERS],
            evidence=opinion.evidence.strip()[:MOST_LETTERS],
            at=moment.now,
        )
    )
    if opinion.decision == UPHOLD:
        hold.state, hold.closed_at = compliance.UPHELD, moment.now
    elif len(said) + 1 >= hold.persons_needed:
        hold.state, hold.closed_at = compliance.CLEARED, moment.now
    _flush(session)
    _note(session, hold, case, actor, opinion)
    return hold.state


def tell_if_free(session: Session, case: LoanCase, moment: Moment) -> None:
    """Lets a process that waits for it go on, where no hold blocks the case any more."""
    if not open_holds(session, case.id):
        payload = {"case_number": case.number}
        deliver(session, CLEARED_MESSAGE, case.number, payload, case.id, moment, kept=False)


def task_about(session: Session, hold: ComplianceHold) -> UserTask | None:
    """The open task in which a process waits for the decision on this hold."""
    query = select(UserTask).where(UserTask.case_id == hold.case_id, UserTask.state == "open")
    for task in session.scalars(query.order_by(UserTask.id)):
        about = (task.variables or {}).get("compliance_hold") or {}
        if (task.properties or {}).get("act") == DECIDE_HOLD and about.get("hold_id") == hold.id:
            return task
    return None


def _require_no_task(session: Session, hold: ComplianceHold) -> None:
    task = task_about(session, hold)
    if task is not None:
        raise Refused(
            f"这项暂缓在待办“{task.name.zh}”里办理，流程在等它的结论。",
            f'This hold is decided in the task "{task.name.of("en")}": the process waits for it.',
        )


def require_apart_from_case(session: Session, hold: ComplianceHold, case: LoanCase, person_id: int) -> None:
    """Raises FourEyes for who opened the hold, entered the case, worked on it, or belongs to one of its firms."""
    if hold.opened_by == person_id:
        raise FourEyes(
            "这项暂缓是您提出的，须由另一位合规人员解除。",
            "You opened this hold; another compliance officer must decide it.",
        )
    worked = select(UserTask.id).where(
        UserTask.case_id == case.id,
        UserTask.done_by == person_id,
        or_(UserTask.duty.is_(None), UserTask.duty.not_in(OWN_DUTIES)),
    )
    if case.created_by == person_id or session.scalar(worked.limit(1)) is not None:
        raise FourEyes(
            "您办理过这件申请，合规暂缓须由没有参与的人解除。",
            "You worked on this case; its hold must be decided by somebody who did not.",
        )
    require_unrelated(session, case, person_id)


def _require_sound(opinion: Opinion) -> None:
    if opinion.decision not in (CLEAR, UPHOLD):
        raise Refused("请选择解除或维持暂缓。", "Please choose to clear the hold or to uphold it.")
    if not opinion.reason.strip():
        raise Refused("请写明理由。", "Please give the reason.")
    if opinion.decision == CLEAR and not opinion.evidence.strip():
        raise Refused(
            "解除暂缓须写明核实依据（查了什么、文件编号）。",
            "To clear a hold, say what you looked at (the source, the document's number).",
        )


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("您已经对这项暂缓表过态。", "You already decided about this hold.") from error


def _note(session: Session, hold: ComplianceHold, case: LoanCase, actor: Actor, opinion: Opinion) -> None:
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb="clear_hold" if opinion.decision == CLEAR else "uphold_hold",
        target=f"{case.number}/hold/{hold.id}",
        detail={"reason": opinion.reason.strip()[:MOST_LETTERS]},
        at=clock.real_now(),
    )
