"""System steps and messages that no process works on: over their lease, waiting too long, or failed without a word."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage.cases import LoanCase
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.outbox import OutboxRow
from app.texts import Text
from app.use_cases.operations import name_of
from app.use_cases.stuck.element_names import process_name
from app.use_cases.stuck.stuck_work import MOST_OF_A_KIND, Stuck, Suggestion

LATE_AFTER = timedelta(minutes=2)
CUT_OFF = Text(
    "做它的进程中途停了，占用到期也没有别的进程接手。每一步都可以安全重做。",
    "Its process stopped, and no other took over when the lease ended. Each step may safely run again.",
)
UNTOUCHED = Text("早该做了，没有进程来取。", "It was due and no process has taken it.")
UNTOLD = Text("重试已用完，没有人被告知。", "All retries are used up and nobody was told.")
RELEASE = Text("收回重做", "Release and redo")


def idle_steps(session: Session, moment: Moment, real_now: datetime) -> list[Stuck]:
    """Rows of the outbox, the oldest first; leases are real time (`real_now`), due times are the product's."""
    before = moment.now - LATE_AFTER
    due = or_(
        and_(OutboxRow.next_at.is_(None), OutboxRow.created_at <= before),
        OutboxRow.next_at <= before,
    )
    told = exists().where(Incident.outbox_id == OutboxRow.id, Incident.resolved_at.is_(None))
    over = and_(OutboxRow.state == "running", OutboxRow.lease_until < real_now)
    found = []
    for which, why in (
        (over, CUT_OFF),
        (and_(OutboxRow.state == "waiting", due), UNTOUCHED),
        (and_(OutboxRow.state == "failed", ~told), UNTOLD),
    ):
        for row, instance, case in session.execute(_rows().where(which).limit(MOST_OF_A_KIND)):
            found.append(_stuck(session, row, instance, case, why))
    return sorted(found, key=lambda one: one.since)


def _rows() -> Select[OutboxRow, ProcessInstance, LoanCase]:
    return (
        select(OutboxRow, ProcessInstance, LoanCase)
        .outerjoin(ProcessInstance, ProcessInstance.id == OutboxRow.instance_id)
        .outerjoin(LoanCase, LoanCase.id == OutboxRow.case_id)
        .order_by(OutboxRow.id)
    )


def _stuck(
    session: Session, row: OutboxRow, instance: ProcessInstance | None, case: LoanCase | None, why: Text
) -> Stuck:
    return Stuck(
        kind="outbox",
        since=row.lease_until if row.state == "running" and row.lease_until else row.next_at or row.created_at,
        what=_what(row),
        whose=process_name(session, instance),
        why=why,
        case_number=case.number if case else "",
        company=case.applicant_name if case else "",
        acts=(Suggestion(RELEASE, act="release", key=str(row.id)),),
    )


def _what(row: OutboxRow) -> Text:
    if row.kind == "message":
        return Text(f"投递消息 {row.name}", f"delivering the message {row.name}")
    return Text(row.name_zh, row.name_en) if row.name_zh else name_of(row.name)
