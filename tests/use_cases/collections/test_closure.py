"""A repaid loan: the limit is free, the registration cancelled, the collateral released, the borrower told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.storage.database import reading
from app.storage.limits import LimitReservation
from app.use_cases.collateral.record_registration import record_registration
from tests.desk import Desk
from tests.processes import bill_answers as given
from tests.use_cases.collateral.receipts import call, pledged_case, states
from tests.use_cases.collections.arrears import DUE, Arrears
from tests.use_cases.loans.lent import loan

CLERK = "meng.jie"


def held(arrears: Arrears) -> Decimal:
    """Yuan of limits that the case still holds."""
    query = select(LimitReservation.amount).where(
        LimitReservation.case_id == arrears.case_id, LimitReservation.released_at.is_(None)
    )
    with arrears.desk.app.app_context(), reading() as session:
        return sum(session.scalars(query), Decimal(0))


def repaid(arrears: Arrears) -> Arrears:
    """All that is owed today comes in."""
    return arrears.pay(str(loan(arrears.desk, arrears.loan_no).outstanding))


def test_a_repaid_loan_frees_the_limit_and_closes_the_case(desk: Desk) -> None:
    arrears = Arrears(desk, months=1).go_to(DUE, step=31)
    assert held(arrears) == Decimal("120000.00")
    repaid(arrears).go_to(DUE + timedelta(days=1))
    assert held(arrears) == 0 and arrears.milestone() == "settled" and arrears.incidents() == []


def test_a_registered_receipt_is_cancelled_at_the_registry_before_it_is_released(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    case_number = pledged_case(desk)
    call(
        desk,
        case_number,
        record_registration,
        registration_no="ZD-2026-0117",
        registered_on="2026-01-10",
        ends_on="2027-12-31",
    )
    arrears = repaid(Arrears(desk, case_number=case_number, months=1).go_to(DUE, step=31))
    assert "ZD-2026-0117" in arrears.task("cancel_pledge_registration", "loan_closure").variables["registrations"]
    assert states(desk, case_number) == ["pledged"]

    cancelled = given.CANCELLED | {"cancelled_on": DUE.isoformat()}
    arrears.do(CLERK, "cancel_pledge_registration", cancelled, process="loan_closure")
    assert states(desk, case_number) == ["released"] and arrears.milestone() == "settled"
    assert "担保物已解除" in arrears.told() and arrears.incidents() == []


def test_a_loan_repaid_out_of_collections_ends_settled_and_not_merely_cured(desk: Desk) -> None:
    arrears = Arrears(desk, months=1).go_to(DUE + timedelta(days=3), step=34)
    repaid(arrears).go_to(DUE + timedelta(days=4))
    assert arrears.forms() == [] and arrears.milestone() == "settled"
    ended = [(one.process_key, one.status) for one in desk.instances(arrears.loan_no)]
    assert sorted(ended) == [("collections", "completed"), ("loan_closure", "completed")]
