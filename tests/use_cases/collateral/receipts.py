"""Receipts and loans for tests of collateral: cases with a custodian, and what an operation answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.gateways import clock
from app.storage import collateral
from app.storage.cases import LoanCase, set_party
from app.storage.collateral import Collateral
from app.storage.database import reading, unit_of_work
from app.storage.loans import Loan
from app.storage.payments import Payment
from app.use_cases.collateral.pledge_collateral import pledge_collateral
from app.use_cases.operation import Call
from tests.desk import FIRM, Desk

RECEIPT = {
    "number": "CD20260007",
    "goods": "电解铜 Cu-CATH-1",
    "quantity": "300",
    "unit": "吨",
    "value": Decimal("21000000.00"),
    "warehouse": "北仑一号库",
    "expires_on": "2027-12-31",
}


def call(desk: Desk, number: str, operation: Any, **inputs: Any) -> Any:
    """Calls an operation directly, as a drawing of any shape could."""
    with desk.app.app_context(), unit_of_work() as session:
        case = session.query(LoanCase).filter_by(number=number).one()
        return operation(session, Call(1, case, inputs, {}, clock.moment()), None)


def kept_case(desk: Desk, login: str = FIRM, custodian: str = "jinshi") -> str:
    """A draft whose goods lie with the custodian."""
    number = desk.start(login)
    with desk.app.app_context(), unit_of_work() as session:
        set_party(session, desk.case(number).id, "custodian", desk.organisation(custodian).id)
    return number


def pledged_case(desk: Desk, login: str = FIRM) -> str:
    """The same with RECEIPT pledged."""
    number = kept_case(desk, login)
    call(desk, number, pledge_collateral, receipt=RECEIPT)
    return number


def items(desk: Desk, number: str) -> list[Collateral]:
    """The collateral of a case as it is now."""
    with desk.app.app_context(), reading() as session:
        return collateral.of_case(session, desk.case(number).id)


def states(desk: Desk, number: str) -> list[str]:
    return [item.state for item in items(desk, number)]


# for tests that use `lend`: nobody reviewed, offered, signed, sent or finished anything
lends_a_row = pytest.mark.violates(15, 16, 19, 33, 34)


def lend(desk: Desk, number: str, *, outstanding: str, state: str = "active") -> str:
    """A loan as a row that stands on the case's collateral; its number."""
    case, now = desk.case(number), clock.real_now()
    maker, checker = desk.person("bai.xue").id, desk.person("fu.lei").id
    with desk.app.app_context(), unit_of_work() as session:
        payment = Payment(
            number="PY1",
            case_id=case.id,
            direction="out",
            kind="drawdown",
            amount=Decimal("1000000.00"),
            state="succeeded",
            maker_id=maker,
            checker_id=checker,
            created_at=now,
        )
        session.add(payment)
        session.flush()
        loan = Loan(
            number="DK1",
            case_id=case.id,
            payment_id=payment.id,
            funder_id=desk.organisation("zhijiang").id,
            borrower_id=desk.organisation("qingxi").id,
            currency="CNY",
            principal=Decimal("1000000.00"),
            rate_percent_per_year="4.65",
            term_months=6,
            repayment_method="bullet",
            paid_out_on=date(2026, 11, 23),
            matures_on=date(2027, 5, 23),
            rules={},
            state=state,
            outstanding=Decimal(outstanding),
            overdue=Decimal("0.00"),
            activated_at=now,
        )
        session.add(loan)
        session.flush()
        collateral.attach(session, case.id, loan.id)
        return loan.number
