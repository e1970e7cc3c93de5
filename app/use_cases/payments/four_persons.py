"""Who may prepare or confirm a payment: nobody who reviewed or entered the case, or belongs to who gets the money."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import FourEyes, Refused
from app.storage import user_tasks
from app.storage.cases import LoanCase, parties
from app.storage.organisations import Membership
from app.use_cases.offers.issue_offer import APPROVAL, REVIEW

CO_APPROVAL, VOTE, VETO = "credit_co_approval", "committee_vote", "credit_veto"
REVIEWING = {REVIEW, APPROVAL, CO_APPROVAL, VOTE, VETO}


def require_reviewed(session: Session, case: LoanCase) -> None:
    """Raises Refused unless two different persons reviewed the case in its present round."""
    first = user_tasks.performers(session, case.id, case.round, [REVIEW])
    second = user_tasks.performers(session, case.id, case.round, [APPROVAL])
    if not first or not second or first & second:
        raise Refused(
            "付款须在两个不同的人先后审查之后，现在还没有。",
            "A payment needs two reviews by different persons before it; that is not so yet.",
        )


def require_apart(session: Session, case: LoanCase, person_id: int) -> None:
    """Raises FourEyes for who entered or reviewed the case in any round, or works for another party than its funder."""
    if case.created_by == person_id or user_tasks.duties_done(session, case.id, person_id) & REVIEWING:
        raise FourEyes(
            "您录入或审查过这件申请，付款必须由另外的人办理。",
            "You entered or reviewed this case; its payment must be handled by other persons.",
        )
    require_unrelated(session, case, person_id)


def require_unrelated(session: Session, case: LoanCase, person_id: int) -> None:
    """Raises FourEyes for who works for another party of the case than its funder."""
    others = [place for capacity, place in parties(session, case.id).items() if capacity != "funder"]
    related = select(Membership.id).where(Membership.person_id == person_id, Membership.organisation_id.in_(others))
    if session.scalar(related.limit(1)) is not None:
        raise FourEyes(
            "您属于本申请的相关企业，付款必须由无关的人办理。",
            "You belong to a firm of this case; its payment must be handled by persons who do not.",
        )


def require_different(maker_id: int | None, checker_id: int | None) -> None:
    """Raises FourEyes where one person would be both maker and checker of a payment."""
    if maker_id is None or maker_id == checker_id:
        raise FourEyes("经办和复核必须是两个人。", "A payment is prepared and confirmed by two persons.")
