"""How a loan stands, as the plain facts that diagrams and rules get."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.storage import loans
from app.storage.loans import Loan
from app.use_cases.loans.loan_facts_of import plan_in_force
from app.use_cases.operation import Call, OperationRefused


def loan_standing(session: Session, call: Call) -> dict[str, Any]:
    """The standing of the loan in the input `loan_no`, else of the case's newest; {} where the case has none."""
    loan = asked_loan(session, call)
    return {} if loan is None else standing_of(session, loan, call)


def asked_loan(session: Session, call: Call) -> Loan | None:
    """The case's loan that the input `loan_no` names, else its newest; error NoSuchLoan for one of another case."""
    of_case, number = loans.of_case(session, call.case.id), call.inputs.get("loan_no")
    if number is None:
        return of_case[-1] if of_case else None
    for loan in of_case:
        if loan.number == number:
            return loan
    raise OperationRefused(
        "NoSuchLoan", f"这件申请没有借据“{number}”。", f'This case has no loan with the number "{number}".'
    )


def standing_of(session: Session, loan: Loan, call: Call) -> dict[str, Any]:
    """Amounts in yuan, dates in ISO; `outstanding` is all that is owed, due or not."""
    coming = [row for row in plan_in_force(session, loan.id) if row.due_on >= call.moment.business_on]
    active = loan.state == loans.ACTIVE
    return {
        "loan_no": loan.number,
        "state": loan.state,
        "principal": loan.principal,
        "outstanding": loan.outstanding,
        "overdue": loan.overdue,
        "dpd": loan.dpd,
        "asset_class": loan.asset_class,
        "stage": loan.stage,
        "episode": loan.episode,
        "rate_percent": Decimal(loan.rate_percent_per_year),
        "matures_on": loan.matures_on.isoformat(),
        "next_due_on": coming[0].due_on.isoformat() if active and coming else None,
        "next_due_amount": coming[0].total if active and coming else None,
    }
