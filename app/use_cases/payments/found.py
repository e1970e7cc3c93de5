"""Finds the case or payment of the funder's own people, locked; anybody else is told that there is none."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.storage import payments
from app.storage.cases import LoanCase, parties
from app.storage.payments import Payment
from app.use_cases.permissions import Actor


def funders_case(session: Session, number: str, actor: Actor) -> LoanCase:
    """The case, locked, where the actor works for its funder; raises NotFound."""
    # key_share: a call-back that holds a payment and writes rows which point to the case need not wait for this lock
    case = session.scalar(select(LoanCase).where(LoanCase.number == number).with_for_update(key_share=True))
    if case is None or parties(session, case.id).get("funder") != actor.organisation_id:
        raise NotFound
    return case


def funders_payment(session: Session, number: str, actor: Actor) -> tuple[Payment, LoanCase]:
    """The outgoing payment and its case, both locked (the case first, as everywhere); raises NotFound."""
    found = payments.by_number(session, number)
    case = None if found is None or found.case_id is None else session.get(LoanCase, found.case_id)
    if case is None:
        raise NotFound
    case = funders_case(session, case.number, actor)
    payment = payments.by_number(session, number, locked=True)
    if payment is None or payment.direction != payments.OUT:
        raise NotFound
    return payment, case
