"""Finds other live cases of the same firm, order or invoice, so that one claim is not financed twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.cases import CaseParty, LoanCase
from app.texts import Text
from app.use_cases.applications.application_data import application_data
from app.use_cases.applications.milestones import CLOSED
from app.use_cases.operation import Call, Operation


def check_duplicates(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"duplicates": numbers of live cases of the same borrower and product, or with the same order number}."""
    mine = application_data(session, call.case)
    borrower = select(CaseParty.organisation_id).where(
        CaseParty.case_id == call.case.id, CaseParty.capacity == "borrower"
    )
    query = (
        select(LoanCase)
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
    order = mine.get("order_number")
    found = []
    for other in session.scalars(query):
        if order is None or application_data(session, other).get("order_number") == order:
            found.append(other.number)
    return {"duplicates": found}


CHECK_DUPLICATES = Operation("check_duplicates", Text("查重", "check for duplicates"), check_duplicates)
