"""Invariant 15: nothing is paid out unless different, unrelated persons entered, reviewed, made and confirmed it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.cases import CaseParty, LoanCase
from app.storage.organisations import Membership
from app.storage.payments import OUT, Payment
from app.storage.user_tasks import UserTask
from app.use_cases.ledger_check.findings import Findings

DRAWDOWN, FUNDER = "drawdown", "funder"
REVIEW, APPROVAL = "credit_review", "credit_approval"
REVIEWING = (REVIEW, APPROVAL, "credit_co_approval", "committee_vote", "credit_veto")
CONFIRMED: Any = Payment.state.in_(("authorised", "sent", "unknown", "succeeded", "failed")) & (
    Payment.direction == OUT
)


def four_persons(session: Session, found: Findings) -> None:
    """15: first and second reviewer, maker and checker are four persons; neither entered the case nor is related."""
    query = select(
        *(Payment.number, Payment.kind, Payment.case_id, Payment.maker_id, Payment.checker_id),
        *(LoanCase.created_by, LoanCase.round),
    ).outerjoin(LoanCase, LoanCase.id == Payment.case_id)
    reviewers = _reviewers(session)
    for number, kind, case_id, maker, checker, creator, round_ in session.execute(query.where(CONFIRMED)):
        found.rows += 1
        if maker is None or checker is None or maker == checker:
            found.fault(number, "经办和复核不是两个人。", "maker and checker are not two persons.")
        if kind != DRAWDOWN:
            continue
        of_case = reviewers.get(case_id, [])
        first, second = (
            {person for duty, at, person in of_case if duty == wanted and at == round_} for wanted in (REVIEW, APPROVAL)
        )
        if not first or not second or first & second:
            found.fault(number, "没有两个不同的人先后审查。", "was not reviewed by two different persons.")
        if {maker, checker} & ({person for _, _, person in of_case} | {creator}):
            found.fault(
                number, "经办或复核的人录入或审查过申请。", "maker or checker entered or reviewed the application."
            )
    _related(session, found)


def _reviewers(session: Session) -> dict[Any, list[tuple[Any, ...]]]:
    """Case id -> (duty, round, person) of every review."""
    paid = select(Payment.case_id).where(CONFIRMED)
    query = select(UserTask.case_id, UserTask.duty, UserTask.round, UserTask.done_by).where(
        UserTask.case_id.in_(paid), UserTask.duty.in_(REVIEWING), UserTask.done_by.is_not(None)
    )
    found: dict[Any, list[tuple[Any, ...]]] = {}
    for case_id, duty, round_, person in session.execute(query):
        found.setdefault(case_id, []).append((duty, round_, person))
    return found


def _related(session: Session, found: Findings) -> None:
    of_other_party = (
        select(Payment.number)
        .join(CaseParty, (CaseParty.case_id == Payment.case_id) & (CaseParty.capacity != FUNDER))
        .join(
            Membership,
            (Membership.organisation_id == CaseParty.organisation_id)
            & Membership.person_id.in_((Payment.maker_id, Payment.checker_id)),
        )
        .where(CONFIRMED)
        .distinct()
    )
    for number in session.scalars(of_other_party):
        found.fault(
            number, "经办或复核的人属于本申请的相关企业。", "maker or checker belongs to another party of the case."
        )
