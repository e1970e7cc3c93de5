"""Moves the business date forward, in demo and training: timers follow, and the missing daily closes are caught up."""

from __future__ import annotations

from datetime import date, timedelta

from app.errors import NotFound, Refused
from app.gateways import clock, queue
from app.moment import Moment
from app.storage import audit, business_clock
from app.storage.database import unit_of_work
from app.use_cases.permissions import Actor, require

MOST_DAYS = 400
# a signature writes its time with two figures of the year, which end with 2049
LAST_DAY = date(2049, 12, 30)
CLOSE_JOB, CLOSE_JOB_ID = "app.jobs.closing.close_missing_days", "daily-close"


def move_business_date(actor: Actor, to: date) -> None:
    """From the commit on every process counts from `to`; raises NotFound in production, Forbidden, or Refused.

    Only forward, and at most MOST_DAYS at once: what was closed stays closed. The audit row has the real time.
    """
    if clock.is_sealed():
        raise NotFound
    require("move_business_date", actor)
    now = clock.real_now()
    real_on = Moment.at(clock.unmoved_now()).business_on
    with unit_of_work() as session:
        row = business_clock.held(session, real_on, now, actor.person_id)
        before = real_on + timedelta(days=row.offset_days)
        _require_possible(before, to)
        row.offset_days, row.moved_from, row.moved_to = (to - real_on).days, before, to
        row.moved_at, row.moved_by = now, actor.person_id
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="move_business_date",
            target=to.isoformat(),
            detail={"from": before.isoformat(), "to": to.isoformat()},
            at=now,
        )
    clock.remember_offset((to - real_on).days)
    queue.enqueue(CLOSE_JOB, job_id=CLOSE_JOB_ID)  # without a queue the poller does it


def _require_possible(before: date, to: date) -> None:
    if to <= before:
        raise Refused(
            f"营业日期已经是 {before}，只能向后推进，不能退回。",
            f"The business date is {before} already; it only moves forward.",
        )
    if (to - before).days > MOST_DAYS:
        raise Refused(
            f"一次最多推进 {MOST_DAYS} 天：最远到 {before + timedelta(days=MOST_DAYS)}。",
            f"At most {MOST_DAYS} days at once: {before + timedelta(days=MOST_DAYS)} at the latest.",
        )
    if to > LAST_DAY:
        raise Refused(f"营业日期最远到 {LAST_DAY}。", f"The business date goes to {LAST_DAY} at the latest.")
