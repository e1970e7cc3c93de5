"""Limits hold on the tables themselves: parallel reservations, repeated ones, and whatever a diagram calls."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.gateways import clock
from app.storage import limits
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.limits import CreditLimit
from app.use_cases.offers.release_limit import release_limit
from app.use_cases.offers.reserve_limit import reserve_limit
from app.use_cases.operation import Call, OperationRefused
from tests.desk import Desk
from tests.use_cases.loans.lent import lent, loan, paid, receive
from tests.use_cases.lookups import used_of
from tests.use_cases.tasks.races import at_once

MILLION = Decimal("1000000.00")


def call(desk: Desk, number: str, operation: Any, row_id: int = 1, **inputs: Any) -> Any:
    """Calls an operation directly, as a drawing of any shape could."""
    with desk.app.app_context(), unit_of_work() as session:
        case = session.query(LoanCase).filter_by(number=number).one()
        return operation(session, Call(row_id, case, inputs, {}, clock.moment()), None)


def set_total(desk: Desk, kind: str, total: Decimal) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        mine = CreditLimit.funder_id == desk.organisation("zhijiang").id
        session.execute(update(CreditLimit).where(mine, CreditLimit.kind == kind).values(total=total))


def open_reservations(desk: Desk, number: str) -> list[Decimal]:
    with desk.app.app_context(), unit_of_work() as session:
        case = session.query(LoanCase).filter_by(number=number).one()
        return [one.amount for one in limits.reservations(session, case.id)]


def test_parallel_reservations_never_exceed_a_limit(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    set_total(desk, "funder", 5 * MILLION)
    numbers = [desk.start(login) for login in ("lu.ming", "gu.fang", "tang.wei") for _ in range(2)]

    results = at_once(*(lambda n=n: call(desk, n, reserve_limit, amount=2 * MILLION) for n in numbers))

    refused = [one for one in results if isinstance(one, OperationRefused)]
    assert len(refused) == 4 and {one.code for one in refused} == {"LimitExceeded"}
    assert used_of(desk, "funder") == 4 * MILLION and used_of(desk, "product") == 4 * MILLION


def test_a_refused_reservation_says_which_limit_is_short_and_holds_nothing(desk: Desk) -> None:
    number = desk.start()  # its firm has a limit of 8 million with this bank

    with pytest.raises(OperationRefused) as refused:
        call(desk, number, reserve_limit, amount=9 * MILLION)

    assert refused.value.text.zh == "“清溪织造有限公司”的借款人额度只剩 8,000,000.00 元，不够 9,000,000.00 元。"
    assert used_of(desk, "funder") == 0 and used_of(desk, "product") == 0
    assert open_reservations(desk, number) == []


def test_the_table_refuses_more_than_the_limit_even_by_hand(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database

    with pytest.raises(IntegrityError), desk.app.app_context(), unit_of_work() as session:
        session.execute(update(CreditLimit).values(used=CreditLimit.total + MILLION))


def test_reserving_twice_holds_the_amount_once(desk: Desk) -> None:
    number = desk.start()

    for _ in range(2):
        call(desk, number, reserve_limit, amount=MILLION)

    assert used_of(desk, "funder") == MILLION
    assert open_reservations(desk, number) == [MILLION] * 3


def test_reserving_another_amount_replaces_the_first(desk: Desk) -> None:
    number = desk.start()

    call(desk, number, reserve_limit, 1, amount=MILLION)
    call(desk, number, reserve_limit, 2, amount=3 * MILLION)

    assert used_of(desk, "funder") == 3 * MILLION
    assert open_reservations(desk, number) == [3 * MILLION] * 3


def test_releasing_twice_gives_back_once(desk: Desk) -> None:
    number, other = desk.start(), desk.start("lu.ming")
    call(desk, number, reserve_limit, amount=MILLION)
    call(desk, other, reserve_limit, amount=MILLION)

    released = [call(desk, number, release_limit)["released"] for _ in range(2)]

    assert released == [3, 0] and used_of(desk, "funder") == MILLION


def test_releasing_at_the_same_instant_gives_back_once(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number, other = desk.start(), desk.start("lu.ming")
    call(desk, number, reserve_limit, amount=MILLION)
    call(desk, other, reserve_limit, amount=3 * MILLION)

    at_once(*(lambda: call(desk, number, release_limit) for _ in range(4)))

    assert used_of(desk, "funder") == 3 * MILLION


@pytest.mark.parametrize("amount", [None, "0", "-1", "12.345", "NaN", "1e400", "viel", True, [MILLION]])
def test_an_amount_that_is_no_amount_is_refused(desk: Desk, amount: Any) -> None:
    with pytest.raises(OperationRefused) as refused:
        call(desk, desk.start(), reserve_limit, amount=amount)

    assert refused.value.code == "BadInput" and used_of(desk, "funder") == 0


def test_a_product_without_a_limit_cannot_be_lent(desk: Desk) -> None:
    number = desk.start()
    with desk.app.app_context(), unit_of_work() as session:
        session.query(CreditLimit).filter_by(kind="product").delete()

    with pytest.raises(OperationRefused) as refused:
        call(desk, number, reserve_limit, amount=MILLION)

    assert "产品额度" in refused.value.text.zh


@pytest.mark.parametrize("operation", [release_limit, reserve_limit], ids=["released", "reserved anew"])
def test_no_drawing_frees_a_limit_while_the_loan_on_it_is_owed(desk: Desk, operation: Any) -> None:
    number = desk.start()
    loan_no = lent(desk, "1200.00", 1, case_number=number)
    with pytest.raises(OperationRefused, match="not repaid"):
        call(desk, number, operation, amount=Decimal("1.00"))
    assert open_reservations(desk, number) == [Decimal("1200.00")]

    receive(desk, loan_no, "2000.00", loan(desk, loan_no).matures_on)
    assert call(desk, number, release_limit) == {"released": 1}


def test_a_limit_is_not_freed_while_the_bank_has_the_payout(desk: Desk) -> None:
    number = desk.start()
    paid(desk, number)
    with pytest.raises(OperationRefused, match="not repaid"):
        call(desk, number, release_limit)
