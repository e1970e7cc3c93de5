"""Timers that are due and were not fired."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage.cases import LoanCase
from app.storage.instances import ProcessInstance
from app.storage.waiting import Timer
from app.texts import Text
from app.use_cases.stuck.element_names import element_name, process_name
from app.use_cases.stuck.stuck_work import MOST_OF_A_KIND, Stuck, Suggestion

LATE_AFTER = timedelta(minutes=2)  # the poller looks every second


def late_timers(session: Session, moment: Moment) -> list[Stuck]:
    """A row for each instance, by its first late timer; one that rests after a failure is an incident instead."""
    before = moment.now - LATE_AFTER
    late = (Timer.due_at <= before, or_(Timer.retry_at.is_(None), Timer.retry_at <= before))
    first = select(func.min(Timer.id)).where(*late).group_by(Timer.instance_id)
    query = (
        select(Timer, ProcessInstance, LoanCase)
        .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
        .join(LoanCase, LoanCase.id == ProcessInstance.case_id)
        .where(Timer.id.in_(first), ProcessInstance.status == "active")
        .order_by(Timer.due_at, Timer.id)
        .limit(MOST_OF_A_KIND)
    )
    return [
        Stuck(
            kind="timer",
            since=timer.due_at,
            what=element_name(session, instance, timer.element_id),
            whose=process_name(session, instance),
            why=Text(
                "定时进程没有触发它，流程停在这里；触发只做到点后本该做的事。",
                "The poller did not fire it and the process stands still; firing does what was due anyway.",
            ),
            case_number=case.number,
            company=case.applicant_name,
            acts=(Suggestion(Text("立即触发", "Fire now"), act="fire", key=str(instance.id)),),
        )
        for timer, instance, case in session.execute(query)
    ]
