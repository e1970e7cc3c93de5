"""What instances wait for besides people: timers and message subscriptions, and messages that wait for a receiver."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model


class Timer(Model):
    """A timer of a running instance; the poller asks for those that are due."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_due", "due_at"), Index("ix_timer_instance", "instance_id"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    engine_task_id: Mapped[str] = mapped_column(String(80))
    element_id: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MessageSubscription(Model):
    """An instance waits for a message of this name and correlation key."""

    __tablename__ = "message_subscription"
    __table_args__ = (
        Index("ix_message_subscription_key", "name", "correlation_key"),
        Index("ix_message_subscription_instance", "instance_id"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    process_key: Mapped[str] = mapped_column(String(100))
    engine_task_id: Mapped[str] = mapped_column(String(80))
    element_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    correlation_key: Mapped[str] = mapped_column(String(100))


class BufferedMessage(Model):
    """A message that came before its receiver; it is offered to every new subscription until it expires."""

    __tablename__ = "buffered_message"
    __table_args__ = (Index("ix_buffered_message_key", "name", "correlation_key"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    name: Mapped[str] = mapped_column(String(100))
    correlation_key: Mapped[str] = mapped_column(String(100))
    payload: Mapped[Any] = mapped_column(PlainJson)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


def subscriptions_for(session: Session, name: str, key: str) -> list[MessageSubscription]:
    """Who waits for a message, oldest first."""
    query = select(MessageSubscription).where(
        MessageSubscription.name == name, MessageSubscription.correlation_key == key
    )
    return list(session.scalars(query.order_by(MessageSubscription.id)))


def keys_waited_for(session: Session, name: str, keys: Iterable[str]) -> set[str]:
    """Those of the correlation keys for which an instance waits for a message of this name."""
    query = select(MessageSubscription.correlation_key).where(
        MessageSubscription.name == name, MessageSubscription.correlation_key.in_(list(keys))
    )
    return set(session.scalars(query))


def due_instances(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Instances with a due timer, most overdue first."""
    query = select(Timer.instance_id).where(_due(now)).group_by(Timer.instance_id)
    return list(session.scalars(query.order_by(func.min(Timer.due_at), Timer.instance_id).limit(limit)))


def is_due(session: Session, instance_id: int, now: datetime) -> bool:
    """Whether the instance has a timer that is due and does not rest after a failure."""
    query = select(Timer.id).where(Timer.instance_id == instance_id, _due(now))
    return session.scalar(query.limit(1)) is not None


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(Timer.due_at <= now, or_(Timer.retry_at.is_(None), Timer.retry_at <= now))


def hold_key(session: Session, name: str, key: str) -> None:
    """Lets one unit at a time subscribe to, or buffer, messages of this name and key.

    Without it, on PostgreSQL, a message and its subscription that are written at the same instant miss each other.
    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{name} {key}", 0))))
