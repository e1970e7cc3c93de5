"""Puts on a new limit what cases hold already that fall under it, so that it starts with what is lent."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from app.storage import party_links
from app.storage.cases import CaseParty, LoanCase
from app.storage.limits import ZERO, CreditLimit, LimitReservation
from app.storage.organisations import Organisation


def hold_what_is_lent(session: Session, limit: CreditLimit) -> None:
    """Adds a reservation for each such case, by the most that it holds elsewhere, and their sum to what is used.

    Locks the funder, so that no case reserves meanwhile.
    """
    session.execute(select(Organisation.id).where(Organisation.id == limit.funder_id).with_for_update(key_share=True))
    mine = (CreditLimit.funder_id == limit.funder_id, LimitReservation.released_at.is_(None))
    query = (
        select(LimitReservation)
        .join(CreditLimit, CreditLimit.id == LimitReservation.limit_id)
        .join(LoanCase, LoanCase.id == LimitReservation.case_id)
        .where(*mine, _falls_under(session, limit))
        .order_by(LimitReservation.case_id, (LimitReservation.amount - LimitReservation.freed).desc())
    )
    most = {row.case_id: row for row in reversed(list(session.scalars(query)))}
    for held in most.values():
        session.add(
            LimitReservation(
                case_id=held.case_id,
                limit_id=limit.id,
                reference=held.reference,
                amount=held.amount,
                freed=held.freed,
                reserved_at=held.reserved_at,
            )
        )
    limit.used = sum((held.amount - held.freed for held in most.values()), ZERO)


def _falls_under(session: Session, limit: CreditLimit) -> ColumnElement[bool]:
    if limit.kind == "product":
        return LoanCase.product_key == limit.subject
    if limit.kind == "funder":
        return true()
    capacity = "core_enterprise" if limit.kind == "core_enterprise" else "borrower"
    subject = int(limit.subject)
    ids = party_links.group_of(session, subject, funder_id=limit.funder_id) if limit.kind == "group" else {subject}
    party = (CaseParty.case_id == LoanCase.id, CaseParty.capacity == capacity, CaseParty.organisation_id.in_(ids))
    return exists().where(*party)
