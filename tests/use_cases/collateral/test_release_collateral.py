"""Collateral is free when nothing is owed on it, and with a case that ends without a loan."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.storage import collateral
from app.storage.collateral import Collateral
from app.storage.database import unit_of_work
from app.storage.loans import Loan
from app.use_cases.collateral.pledge_collateral import pledge_collateral
from app.use_cases.collateral.record_registration import record_registration
from app.use_cases.collateral.release_collateral import release_collateral
from app.use_cases.operation import OperationRefused
from tests.desk import OTHER_FIRM, Desk
from tests.use_cases.collateral.receipts import RECEIPT, call, items, kept_case, lend, lends_a_row, pledged_case, states

REGISTRATION = {"registration_no": "ZD-1", "registered_on": "2026-11-01", "ends_on": "2027-11-01"}


def write(desk: Desk, table: type[Collateral] | type[Loan], **values: object) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(update(table).values(**values))


@lends_a_row
def test_collateral_of_a_loan_that_is_owed_stays_pledged(desk: Desk) -> None:
    number = pledged_case(desk)
    lend(desk, number, outstanding="250000.00")

    with pytest.raises(OperationRefused) as refused:
        call(desk, number, release_collateral)

    assert refused.value.code == "NotAllowed"
    assert refused.value.text.zh == "贷款 DK1 还有 250,000.00 元未还，担保物不能解除。"
    assert states(desk, number) == ["pledged"]


@lends_a_row
def test_collateral_of_a_loan_written_off_stays_pledged(desk: Desk) -> None:
    number = pledged_case(desk)
    lend(desk, number, outstanding="250000.00", state="written_off")

    with pytest.raises(OperationRefused):
        call(desk, number, release_collateral)


@lends_a_row
def test_a_paid_back_loan_frees_the_receipt_for_another_case(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = pledged_case(desk)
    call(desk, number, record_registration, **REGISTRATION)
    lend(desk, number, outstanding="0.00", state="settled")

    given = call(desk, number, release_collateral, registration_cancelled_on="2026-11-20")

    item = items(desk, number)[0]
    assert given == {"released": [item.number], "sold": []}
    assert item.state == "released" and str(item.registration_cancelled_on) == "2026-11-20"
    other = kept_case(desk, OTHER_FIRM)
    call(desk, other, pledge_collateral, receipt=RECEIPT)
    assert states(desk, other) == ["pledged"]


def test_releasing_twice_releases_once(desk: Desk) -> None:
    number = pledged_case(desk)
    call(desk, number, release_collateral)

    assert call(desk, number, release_collateral) == {"released": [], "sold": []}


@lends_a_row
def test_what_a_disposal_sold_stays_sold_though_a_shortfall_is_owed(desk: Desk) -> None:
    number = pledged_case(desk)
    lend(desk, number, outstanding="250000.00")
    write(desk, Collateral, state=collateral.SOLD)

    given = call(desk, number, release_collateral)

    assert given == {"released": [], "sold": [items(desk, number)[0].number]} and states(desk, number) == ["sold"]


@lends_a_row
def test_collateral_stays_pledged_while_the_payout_is_on_its_way(desk: Desk) -> None:
    number = pledged_case(desk)
    lend(desk, number, outstanding="0.00", state="settled")
    write(desk, Collateral, loan_id=None)
    with desk.app.app_context(), unit_of_work() as session:
        session.query(Loan).delete()  # the bank has paid; the loan is not activated yet

    with pytest.raises(OperationRefused) as refused:
        call(desk, number, release_collateral)

    assert refused.value.text.zh == "放款正在进行，担保物不能解除。"


@pytest.mark.parametrize(
    "fault", [{"registered_on": "2099-01-01"}, {"ends_on": "2026-11-01"}, {"registration_no": ""}, {"ends_on": None}]
)
def test_a_registration_that_does_not_fit_is_bad_input(desk: Desk, fault: dict[str, object]) -> None:
    number = pledged_case(desk)

    with pytest.raises(OperationRefused) as refused:
        call(desk, number, record_registration, **(REGISTRATION | fault))

    assert refused.value.code == "BadInput" and items(desk, number)[0].registration_no is None


def test_without_live_collateral_there_is_nothing_to_register(desk: Desk) -> None:
    number = pledged_case(desk)
    call(desk, number, release_collateral)

    with pytest.raises(OperationRefused) as refused:
        call(desk, number, record_registration, **REGISTRATION)

    assert refused.value.code == "NotAllowed"
