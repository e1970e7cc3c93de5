"""The outbox: operations and messages that leave a transaction, with a lease, retries and their last error."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.cases import LoanCase
from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model


class OutboxRow(Model):
    """One operation call or message. `state`: waiting, running (leased), done, failed (has an incident), withdrawn."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_next", "state", "next_at"),
        Index("ix_outbox_instance", "instance_id", "state"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    engine_task_id: Mapped[str | None] = mapped_column(String(80))
    element_id: Mapped[str] = mapped_column(String(200), default="")
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    payload: Mapped[Any] = mapped_column(PlainJson)
    headers: Mapped[Any] = mapped_column(PlainJson)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    max_attempts: Mapped[int] = mapped_column(Integer, default=3)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
    last_error_zh: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def lease(session: Session, row_id: int, now: datetime, taken_at: datetime, until: datetime) -> OutboxRow | None:
    """Takes a row that is due, for this worker alone; None when another one has it or nothing is left to do.

    `now` is the product's time, which `next_at` follows; leases are real time: a moved business date ends none.
    """
    free = or_(
        and_(OutboxRow.state == "waiting", or_(OutboxRow.next_at.is_(None), OutboxRow.next_at <= now)),
        and_(OutboxRow.state == "running", OutboxRow.lease_until < taken_at),
    )
    taken = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, free)
        .values(state="running", lease_until=until, attempts=OutboxRow.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    return session.get(OutboxRow, row_id, populate_existing=True)


def held(session: Session, row_id: int, attempts: int) -> OutboxRow | None:
    """The row, locked, if this attempt still holds it: a lease that was taken over ends the earlier attempt."""
    query = select(OutboxRow).where(
        OutboxRow.id == row_id, OutboxRow.state == "running", OutboxRow.attempts == attempts
    )
    return session.scalar(query.with_for_update())


def due(session: Session, now: datetime, unmoved_now: datetime, limit: int = 200) -> list[int]:
    """Rows that somebody should run: waiting and due, or leased by a worker that is gone (see `lease`)."""
    query = (
        select(OutboxRow.id)
        .where(
            or_(
                and_(OutboxRow.state == "waiting", or_(OutboxRow.next_at.is_(None), OutboxRow.next_at <= now)),
                and_(OutboxRow.state == "running", OutboxRow.lease_until < unmoved_now),
            )
        )
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def is_idle(row: OutboxRow, unmoved_now: datetime) -> bool:
    """Whether nobody works on the row, though it is not done: it waits, failed, or its lease is over."""
    over = row.state == "running" and row.lease_until is not None and row.lease_until < unmoved_now
    return over or row.state in ("waiting", "failed")


def release_all_over(session: Session, unmoved_now: datetime, now: datetime) -> list[int]:
    """Makes rows whose lease is over due again at the product's time `now`; their ids."""
    over = (OutboxRow.state == "running", OutboxRow.lease_until < unmoved_now)
    ids = list(session.scalars(select(OutboxRow.id).where(*over).with_for_update()))
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids))
        .values(state="waiting", lease_until=None, next_at=now)
        .execution_options(synchronize_session=False)
    )
    return ids


def pending(session: Session, case_id: int) -> list[OutboxRow]:
    """What of a case is still on its way."""
    query = select(OutboxRow).where(OutboxRow.case_id == case_id, OutboxRow.state.in_(("waiting", "running", "failed")))
    return list(session.scalars(query.order_by(OutboxRow.id)))


def messages_of(session: Session, instance_ids: Iterable[int]) -> list[tuple[int, str]]:
    """Which instance sent which message, each once."""
    query = select(OutboxRow.instance_id, OutboxRow.name).where(OutboxRow.instance_id.in_(list(instance_ids)))
    return [(id_, name) for id_, name in session.execute(query.where(OutboxRow.kind == "message").distinct()) if id_]


def of_request(session: Session, key: str) -> OutboxRow | None:
    """The operation whose requests carry this key (`Call.key`: case number, dash, row), locked; None for any other."""
    number, _, row_id = key.rpartition("-")
    if not (row_id.isascii() and row_id.isdigit() and len(row_id) < 19):
        return None
    case_id = select(LoanCase.id).where(LoanCase.number == number).scalar_subquery()
    query = select(OutboxRow).where(
        OutboxRow.id == int(row_id), OutboxRow.kind == "operation", OutboxRow.case_id == case_id
    )
    return session.scalar(query.with_for_update())
