"""Process instances: the pruned state of each, under a version that decides between two writers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.errors import Conflict
from app.storage.column_types import Blob, Id, UtcDateTime
from app.storage.database import Model


class ProcessInstance(Model):
    """One run of a process for a case and round. `state` is the engine's pruned state, NULL once ended."""

    __tablename__ = "process_instance"
    __table_args__ = (
        UniqueConstraint("process_key", "business_key", "round", name="uq_process_instance_business"),
        Index("ix_process_instance_case", "case_id"),
        Index("ix_process_instance_status", "status", "process_key"),
        Index("ix_process_instance_ended", "ended_at"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    process_key: Mapped[str] = mapped_column(String(100))
    business_key: Mapped[str] = mapped_column(String(60))
    round: Mapped[str] = mapped_column(String(20), default="1")
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    status: Mapped[str] = mapped_column(String(20))
    state: Mapped[bytes | None] = mapped_column(Blob)
    waiting_at: Mapped[str] = mapped_column(String(1000), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_element_id: Mapped[str | None] = mapped_column(String(200))


def locked(session: Session, instance_id: int) -> ProcessInstance | None:
    """The instance, locked for this unit."""
    return session.scalar(select(ProcessInstance).where(ProcessInstance.id == instance_id).with_for_update())


def save(session: Session, instance: ProcessInstance, *, expected_version: int, **values: object) -> None:
    """Writes the new state if nobody else did since it was read; raises Conflict otherwise."""
    done = session.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == instance.id, ProcessInstance.version == expected_version)
        .values(version=expected_version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(
            "另一个人刚刚处理了这件申请，请刷新后再试。",
            "Somebody else just worked on this case; please reload and try again.",
        )


def active_with_key(session: Session, process_key: str, business_key: str, round_: str) -> ProcessInstance | None:
    """The instance of a process with this key and round, active or ended."""
    return session.scalar(
        select(ProcessInstance).where(
            ProcessInstance.process_key == process_key,
            ProcessInstance.business_key == business_key,
            ProcessInstance.round == round_,
        )
    )
