"""What the platform itself knows of a firm from earlier cases with the same funder."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage.cases import CaseParty, LoanCase, parties, visible_to
from app.storage.loans import Loan
from app.texts import Text
from app.use_cases.applications.milestones import GRANTED
from app.use_cases.operation import Call, Operation


def read_internal_history(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"history": {applications, refused, accepted, overdue_days_max}} with this funder, without this case.

    Drafts that the funder was never sent do not count. The days are those for which a loan is overdue now.
    """
    who = parties(session, call.case.id)
    with_borrower = select(CaseParty.case_id).where(
        CaseParty.capacity == "borrower", CaseParty.organisation_id == who["borrower"]
    )
    query = (
        select(LoanCase.milestone, func.count())
        .where(LoanCase.id != call.case.id, LoanCase.id.in_(with_borrower), visible_to(who["funder"]))
        .group_by(LoanCase.milestone)
    )
    counts = {milestone: number for milestone, number in session.execute(query)}
    return {
        "history": {
            "applications": sum(counts.values()),
            "refused": counts.get("refused", 0) + counts.get("not_eligible", 0),
            "accepted": sum(number for milestone, number in counts.items() if milestone in GRANTED),
            "overdue_days_max": _days_overdue(session, who),
        }
    }


def _days_overdue(session: Session, who: dict[str, int]) -> int:
    query = select(func.max(Loan.dpd)).where(Loan.borrower_id == who["borrower"], Loan.funder_id == who["funder"])
    return session.scalar(query) or 0


INTERNAL_HISTORY = Operation("internal_history", Text("查询往来记录", "read internal history"), read_internal_history)
