"""Signs of life of the processes beside the web: one row for each worker and poller that runs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import UtcDateTime
from app.storage.database import Model, upsert


class Heartbeat(Model):
    """A process of `kind` (worker, poller) on a machine; `name` is its number there. Moments are real time."""

    __tablename__ = "heartbeat"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    host: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


def beat(session: Session, kind: str, host: str, name: str, started_at: datetime, now: datetime) -> None:
    """Notes that the process lives."""
    row = upsert(session, Heartbeat).values(kind=kind, host=host, name=name, started_at=started_at, seen_at=now)
    again = {"seen_at": now, "started_at": started_at}
    session.execute(row.on_conflict_do_update(index_elements=["kind", "host", "name"], set_=again))


def forget(session: Session, kind: str, host: str, name: str) -> bool:
    """Takes a process out that has ended in order, or that somebody has seen to; whether it was there."""
    row = session.get(Heartbeat, (kind, host, name))
    if row is not None:
        session.delete(row)
    return row is not None


def forget_replaced(session: Session, kind: str, host: str, silent_since: datetime) -> None:
    """Takes out processes of this kind and machine that were last seen before: a new one has taken their place."""
    gone = (Heartbeat.kind == kind, Heartbeat.host == host, Heartbeat.seen_at < silent_since)
    session.execute(delete(Heartbeat).where(*gone).execution_options(synchronize_session=False))


def all_of(session: Session) -> list[Heartbeat]:
    """Every process that is known, the longest silent first."""
    return list(session.scalars(select(Heartbeat).order_by(Heartbeat.seen_at)))
