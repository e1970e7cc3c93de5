"""What a payout depends on, read again just before it: limit, earlier loans, arrears, and the contract's account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage import collateral, contracts, limits, payments
from app.storage.cases import parties
from app.storage.loans import Loan
from app.storage.organisations import Organisation
from app.use_cases.contracts.kinds import LOAN
from app.use_cases.operation import Call
from app.use_cases.payments.credit_cover import DRAWDOWN


def payout_facts(session: Session, call: Call) -> dict[str, Any]:
    """{reserved: yuan held on every limit of the case, committed: yuan of its drawdowns so far, earlier_loans: with
    this funder, overdue_days: of the borrower's worst loan with anybody, pledged_value: yuan of the case's collateral
    when it was pledged, borrower, account_bank, account_number}.

    The account is that of the loan contract in force (None without one), its number as a reference.
    """
    who = parties(session, call.case.id)
    held = [reservation.amount for reservation in limits.reservations(session, call.case.id)]
    own = (Loan.borrower_id == who["borrower"], Loan.case_id != call.case.id)
    earlier = select(func.count()).select_from(Loan).where(*own, Loan.funder_id == who["funder"])
    worst = select(func.max(Loan.dpd)).where(*own)
    return {
        "reserved": min(held, default=0),
        "committed": payments.committed_total(session, call.case.id, DRAWDOWN),
        "earlier_loans": session.scalar(earlier),
        "overdue_days": session.scalar(worst) or 0,
        "pledged_value": sum((one.value for one in collateral.of_case(session, call.case.id)), Decimal(0)),
        "borrower": session.get_one(Organisation, who["borrower"]).name_zh,
        **_account(session, call.case.id),
    }


def _account(session: Session, case_id: int) -> dict[str, Any]:
    signed = [
        one for one in contracts.of_case(session, case_id) if one.kind == LOAN and one.state == contracts.IN_FORCE
    ]
    printed = signed[-1].content.get("account", {}) if signed else {}
    return {"account_bank": printed.get("bank"), "account_number": printed.get("number")}
