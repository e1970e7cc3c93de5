"""A firm of the demo pays by transfer what is due of a loan today, with what is overdue and its penalty."""

from __future__ import annotations

from decimal import Decimal

from app.gateways import clock
from app.lending.money import ZERO
from app.storage import ledger, loans
from app.storage.database import reading
from app.storage.loans import ACTIVE
from app.use_cases.loans.repayment_plan import repayment_plans
from app.use_cases.payments.simulate_credit import Credit, simulate_credit
from app.use_cases.permissions import Actor


def pay_instalment(payer: Actor, loan_no: str) -> None:
    """Pays at the sandbox bank with the loan's number as remark; nothing where nothing is due."""
    amount = _owed_today(loan_no)
    if amount > ZERO:
        simulate_credit(payer, Credit(loan_no, amount))


def _owed_today(loan_no: str) -> Decimal:
    on = clock.moment().business_on
    with reading() as session:
        loan = loans.by_number(session, loan_no)
        if loan is None or loan.state != ACTIVE:
            return ZERO
        due = [row for row in repayment_plans(session, [loan], on)[loan.id] if row.due_on <= on]
        penalties = ledger.accrued_penalties(session, loan.id)
    unpaid = sum((row.left for row in due), ZERO)
    return unpaid + sum((penalties.get(row.number, ZERO) - row.penalty_paid for row in due), ZERO)
