"""Traces of decisions: inputs, hits and outputs of every table that was evaluated, for reviewers and auditors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.cases import LoanCase
from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model
from app.storage.instances import ProcessInstance

ROWS_AT_ONCE = 500


class DecisionTrace(Model):
    """One evaluation; `content_hash` names the file of the decision, `business_on` the date it was evaluated for.

    `variables` is all that it could read, so that a changed table can be tried on it; older rows have none.
    """

    __tablename__ = "decision_trace"
    __table_args__ = (
        Index("ix_decision_trace_case", "case_id", "id"),
        Index("ix_decision_trace_decision", "decision_key", "at"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    element_id: Mapped[str] = mapped_column(String(200))
    decision_key: Mapped[str] = mapped_column(String(100))
    content_hash: Mapped[str] = mapped_column(String(64))
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    business_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    trace: Mapped[Any] = mapped_column(PlainJson)
    variables: Mapped[Any] = mapped_column(PlainJson, nullable=True)


@dataclass(frozen=True)
class PastRow:
    """A stored evaluation with the number of its case and the round of the process that asked."""

    id: int
    case_id: int | None
    case_number: str | None
    round: str | None
    content_hash: str
    at: datetime
    business_on: date
    trace: Any
    variables: Any


def past(session: Session, decision_key: str, since: date, until: date, newest: int | None = None) -> Iterator[PastRow]:
    """The evaluations of a decision for the business dates from `since` to `until`, read a few at a time.

    Oldest first; where only the `newest` so many are asked for, newest first.
    """
    table = DecisionTrace
    columns = (table.id, table.case_id, LoanCase.number, ProcessInstance.round, table.content_hash)
    query = select(*columns, table.at, table.business_on, table.trace, table.variables).where(
        table.decision_key == decision_key, table.business_on >= since, table.business_on <= until
    )
    query = query.outerjoin(LoanCase, LoanCase.id == table.case_id)
    query = query.outerjoin(ProcessInstance, ProcessInstance.id == table.instance_id)
    query = query.order_by(table.at, table.id) if newest is None else query.order_by(table.at.desc(), table.id.desc())
    if newest is not None:
        query = query.limit(newest)
    for row in session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)):
        yield PastRow(*row)


def count_past(session: Session, decision_key: str, since: date, until: date) -> int:
    """How many evaluations `past` would give."""
    table = DecisionTrace
    query = select(func.count()).where(
        table.decision_key == decision_key, table.business_on >= since, table.business_on <= until
    )
    return session.scalar(query) or 0


def of_case(session: Session, case_id: int) -> list[DecisionTrace]:
    """All evaluations of a case, oldest first."""
    return list(
        session.scalars(select(DecisionTrace).where(DecisionTrace.case_id == case_id).order_by(DecisionTrace.id))
    )
