"""Counts for monitoring: each reads an index, however many cases there are."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, or_, select, text
from sqlalchemy.orm import Session

from app.lending.journal import DEBIT
from app.lending.money import ZERO
from app.storage import closes
from app.storage.closes import CloseFailure
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.ledger import JournalLine, JournalRow
from app.storage.outbox import OutboxRow
from app.storage.payments import OUT, Payment, PaymentAlarm
from app.storage.user_tasks import UserTask
from app.storage.waiting import Timer

# with a bound value SQLite would leave the index of open ones aside
OPEN: Any = text("user_task.state = 'open'")


def open_tasks(session: Session, now: datetime) -> tuple[int, int]:
    """Open tasks, and those of them that are past their time."""
    late = func.count().filter(UserTask.due_at < now)
    every, overdue = session.execute(select(func.count(), late).select_from(UserTask).where(OPEN)).one()
    return every, overdue


def open_incidents(session: Session) -> int:
    """Incidents that nobody resolved."""
    return _count(session, Incident.resolved_at.is_(None), Incident)


def outbox_waiting(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """Rows that are due or at work, and since when the oldest is due."""
    due = and_(OutboxRow.state == "waiting", or_(OutboxRow.next_at.is_(None), OutboxRow.next_at <= now))
    since = func.min(func.coalesce(OutboxRow.next_at, OutboxRow.created_at), type_=OutboxRow.created_at.type)
    query = select(func.count(), since).select_from(OutboxRow)
    number, oldest = session.execute(query.where(or_(due, OutboxRow.state == "running"))).one()
    return number, oldest


def outbox_abandoned(session: Session, unmoved_now: datetime) -> int:
    """Rows whose worker let its lease run out."""
    return _count(session, and_(OutboxRow.state == "running", OutboxRow.lease_until < unmoved_now), OutboxRow)


def late_timers(session: Session, due_before: datetime) -> int:
    """Timers that should have fired."""
    return _count(session, Timer.due_at < due_before, Timer)


def running_instances(session: Session) -> list[tuple[str, int]]:
    """(process key, instances under way), in the order of the keys."""
    table = ProcessInstance
    query = select(table.process_key, func.count()).where(table.status == "active").group_by(table.process_key)
    return [(key, number) for key, number in session.execute(query.order_by(table.process_key))]


def close_failures(session: Session) -> int:
    """Loans that a close has listed and not closed since."""
    return _count(session, CloseFailure.mended_at.is_(None), CloseFailure)


def payments_unknown(session: Session) -> int:
    """Payments that left, and of which the bank has not said what came of them."""
    return _count(session, and_(Payment.state == "unknown", Payment.direction == OUT), Payment)


def payment_alarms(session: Session) -> int:
    """Messages of the bank that nobody has looked into."""
    return _count(session, PaymentAlarm.settled_at.is_(None), PaymentAlarm)


def imbalance(session: Session) -> Decimal:
    """By how many yuan debits and credits differ: by the last finished close, or in what was booked since its eve."""
    last = closes.newest_done(session)
    signed: Any = func.sum(case((JournalLine.side == DEBIT, JournalLine.amount), else_=-JournalLine.amount))
    booked = select(signed).join(JournalRow, JournalRow.id == JournalLine.journal_id)
    if last is not None:
        booked = booked.where(JournalRow.business_on >= last.business_on - timedelta(days=1))
    since = session.execute(booked.group_by(JournalLine.currency)).scalars()
    then = last.trial_balance.values() if last is not None else ()
    return max((abs(Decimal(one)) for one in (*since, *then)), default=ZERO)


def _count(session: Session, which: Any, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(which)) or 0
