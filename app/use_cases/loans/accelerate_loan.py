"""Calls in the whole debt of a loan: what is not due yet becomes due from the business date."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.lending.rescheduling import accelerate
from app.storage import loans
from app.texts import Text
from app.use_cases.loans.close_loan import close_loan_in
from app.use_cases.loans.loan_facts_of import plan_in_force
from app.use_cases.loans.loan_standing import asked_loan, standing_of
from app.use_cases.loans.new_schedule import add_schedule
from app.use_cases.operation import Call, Operation, OperationRefused

CALLED_IN = "called_in"


def accelerate_loan(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"loan": its standing} for the input `loan_no`; a debt that was called in stays as it is.

    Error NotAllowed where the loan is no longer active.
    """
    loan, on = asked_loan(session, call), call.moment.business_on
    if loan is not None:
        loans.lock(session, loan)
    if loan is None or loan.state != loans.ACTIVE:
        raise OperationRefused(
            "NotAllowed",
            "没有还款中的借据，不能宣布提前到期。",
            "There is no active loan whose debt could be called in.",
        )
    if loans.schedules(session, loan.id)[-1].reason != CALLED_IN:
        close_loan_in(session, loan, on, call.moment)
        rows = accelerate(plan_in_force(session, loan.id), loan.paid_out_on, on)
        add_schedule(session, loan, rows, CALLED_IN, on, call.moment)
        close_loan_in(session, loan, on, call.moment)
    return {"loan": standing_of(session, loan, call)}


ACCELERATE_LOAN = Operation("accelerate_loan", Text("宣布提前到期", "call in the debt"), accelerate_loan)
