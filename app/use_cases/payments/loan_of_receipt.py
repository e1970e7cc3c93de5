"""Finds the loan that money which came in is for, by its remark; or the firm that may have sent it, for a person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import loans
from app.storage.cases import LoanCase
from app.storage.loans import Loan
from app.storage.organisations import Organisation


@dataclass(frozen=True)
class Candidate:
    """Where a person should look: a case, and its one active loan where there is only one."""

    case_id: int
    case_number: str
    loan_no: str | None


def loan_named(session: Session, remark: str) -> Loan | None:
    """The loan whose number the remark is, or the one active loan of the case whose number it is."""
    word = remark.strip()
    loan = loans.by_number(session, word)
    if loan is not None:
        return loan
    query = select(Loan).join(LoanCase, LoanCase.id == Loan.case_id)
    active = list(session.scalars(query.where(LoanCase.number == word, Loan.state == loans.ACTIVE)))
    return active[0] if len(active) == 1 else None


def candidate_for(session: Session, case_id: int | None, payer_name: str) -> Candidate | None:
    """The case named in the remark, else that of the one borrower who has the payer's name, where a loan is active."""
    query = select(Loan, LoanCase).join(LoanCase, LoanCase.id == Loan.case_id).where(Loan.state == loans.ACTIVE)
    if case_id is not None:
        query = query.where(Loan.case_id == case_id)
    else:
        query = query.join(Organisation, Organisation.id == Loan.borrower_id)
        query = query.where(Organisation.name_zh == payer_name.strip())
    found = [(loan, case) for loan, case in session.execute(query.order_by(Loan.id))]
    if not found or len({loan.borrower_id for loan, _ in found}) > 1:
        return None
    loan, case = found[-1]
    return Candidate(case.id, case.number, loan.number if len(found) == 1 else None)
