"""Finds a loan for who may see it: its funder's people with the ledger's right, the operator, its borrower."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.errors import NotFound
from app.storage import loans
from app.storage.loans import Loan
from app.use_cases.permissions import Actor, may


def loan_in_ledger(session: Session, actor: Actor, number: str) -> Loan:
    """The loan for staff; NotFound for everybody else, so that a number tells nothing."""
    found = loans.visible(session, number, funder_id=actor.case_scope) if may("view_ledger", actor) else None
    if found is None:
        raise NotFound
    return found


def own_loan(session: Session, actor: Actor, number: str) -> Loan:
    """The loan for its borrower; NotFound for everybody else."""
    mine = may("apply", actor)
    found = loans.visible(session, number, borrower_id=actor.organisation_id) if mine else None
    if found is None:
        raise NotFound
    return found
