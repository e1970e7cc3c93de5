"""Finds other live cases of the same firm and product, order or receipt, so that nothing is financed twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.cases import CaseParty, LoanCase, parties
from app.texts import Text
from app.use_cases.applications.application_data import application_data
from app.use_cases.applications.milestones import CLOSED
from app.use_cases.collateral.collateral_input import receipt_key
from app.use_cases.operation import Call, Operation

ELSEWHERE = "其他资金方（another funder）"


def check_duplicates(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"duplicates": numbers of the borrower's other live cases of this product}.

    Of a product that finances one order or one receipt at a time only those with the same order or receipt count.
    That another funder has such a case is said without its number: it is nobody's here to look up.
    """
    mine = application_data(session, call.case)
    borrower = select(CaseParty.organisation_id).where(
        CaseParty.case_id == call.case.id, CaseParty.capacity == "borrower"
    )
    with_funder = select(CaseParty.case_id).where(
        CaseParty.capacity == "funder", CaseParty.organisation_id == parties(session, call.case.id).get("funder")
    )
    is_funders_own = LoanCase.id.in_(with_funder.correlate(None))
    query = (
        select(LoanCase, is_funders_own)
        .join(CaseParty, CaseParty.case_id == LoanCase.id)
        .where(
            CaseParty.capacity == "borrower",
            CaseParty.organisation_id.in_(borrower),
            LoanCase.id != call.case.id,
            LoanCase.milestone.not_in([*CLOSED, "draft"]),
            LoanCase.product_key == call.case.product_key,
        )
        .order_by(LoanCase.id)
    )
    found = []
    for other, is_own in session.execute(query):
        if _financed(mine) is None or _financed(application_data(session, other)) == _financed(mine):
            found.append(other.number if is_own else ELSEWHERE)
    return {"duplicates": found}


def _financed(application: dict[str, Any]) -> str | None:
    """The number of the order, or of the warehouse receipt, that an application is about; None for neither."""
    receipt = application.get("receipt_number")
    return receipt_key(receipt) if isinstance(receipt, str) else application.get("order_number")


CHECK_DUPLICATES = Operation("check_duplicates", Text("查重", "check for duplicates"), check_duplicates)
