"""One receipt of one custodian backs one live case, also when two cases want it at the same moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.gateways import clock
from app.storage import collateral
from app.storage.collateral import Collateral
from app.storage.database import unit_of_work
from app.use_cases.applications.load_facts import load_facts
from app.use_cases.collateral.pledge_collateral import pledge_collateral
from app.use_cases.collateral.record_registration import record_registration
from app.use_cases.operation import OperationRefused
from tests.desk import OTHER_FIRM, Desk
from tests.use_cases.collateral.receipts import RECEIPT, call, items, kept_case, lend, lends_a_row, pledged_case, states
from tests.use_cases.tasks.races import at_once


def test_a_confirmed_receipt_is_pledged_with_what_the_contract_prints(desk: Desk) -> None:
    number = kept_case(desk)

    given = call(desk, number, pledge_collateral, receipt=RECEIPT, evidence={"quantity_found": 300})

    item = items(desk, number)[0]
    assert given["collateral"] == {
        "number": item.number,
        "receipt_number": "CD20260007",
        "value": RECEIPT["value"],
    }
    assert given["receipt"] == RECEIPT
    assert item.number.startswith("DB") and item.state == "pledged" and item.evidence == {"quantity_found": 300}
    assert item.custodian_id == desk.organisation("jinshi").id and item.owner_id == desk.organisation("qingxi").id


def test_of_several_cases_that_pledge_a_receipt_at_the_same_moment_one_gets_it(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    numbers = [kept_case(desk, login) for login in ("chen.jing", "lu.ming", "gu.fang", "tang.wei")]

    results = at_once(*(lambda n=n: call(desk, n, pledge_collateral, receipt=RECEIPT) for n in numbers))

    refused = [one for one in results if isinstance(one, OperationRefused)]
    assert len(refused) == 3 and {one.code for one in refused} == {"AlreadyPledged"}
    assert sorted(state for number in numbers for state in states(desk, number)) == ["pledged"]


@pytest.mark.parametrize("written", ["cd20260007", " CD 2026 0007 ", "ＣＤ２０２６０００７"])
def test_a_receipt_number_typed_otherwise_is_the_same_receipt(desk: Desk, written: str) -> None:
    pledged_case(desk)
    other = kept_case(desk, OTHER_FIRM)

    with pytest.raises(OperationRefused) as refused:
        call(desk, other, pledge_collateral, receipt=RECEIPT | {"number": written})

    assert refused.value.text.zh == "仓单 CD20260007 已经质押给另一笔融资，一张仓单只能担保一笔。"


def test_the_same_number_at_another_custodian_is_another_receipt(desk: Desk) -> None:
    pledged_case(desk)
    other = kept_case(desk, OTHER_FIRM, custodian="dongming")

    call(desk, other, pledge_collateral, receipt=RECEIPT)

    assert states(desk, other) == ["pledged"]


def test_pledging_again_in_the_same_case_leaves_one_live_receipt(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = pledged_case(desk)

    call(desk, number, pledge_collateral, receipt=RECEIPT | {"quantity": "280"})

    assert [(item.state, item.quantity) for item in items(desk, number)] == [("released", "300"), ("pledged", "280")]


@lends_a_row
def test_collateral_of_a_loan_cannot_be_exchanged(desk: Desk) -> None:
    number = pledged_case(desk)
    lend(desk, number, outstanding="1000000.00")

    with pytest.raises(OperationRefused) as refused:
        call(desk, number, pledge_collateral, receipt=RECEIPT | {"number": "CD9"})

    assert refused.value.code == "NotAllowed"
    assert [(item.state, item.receipt_number) for item in items(desk, number)] == [("pledged", "CD20260007")]


def test_without_a_custodian_nothing_is_pledged(desk: Desk) -> None:
    number = desk.start()

    with pytest.raises(OperationRefused) as refused:
        call(desk, number, pledge_collateral, receipt=RECEIPT)

    assert refused.value.code == "NotAllowed" and items(desk, number) == []


@pytest.mark.parametrize("fault", [{"value": 0}, {"number": ""}, {"value": "1.005"}, {"expires_on": "soon"}])
def test_a_receipt_that_does_not_fit_is_bad_input(desk: Desk, fault: dict[str, object]) -> None:
    number = kept_case(desk)

    with pytest.raises(OperationRefused) as refused:
        call(desk, number, pledge_collateral, receipt=RECEIPT | fault)

    assert refused.value.code == "BadInput"


def test_the_table_refuses_a_second_live_row_of_a_receipt_even_by_hand(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    first = pledged_case(desk)
    call(desk, first, pledge_collateral, receipt=RECEIPT)  # its earlier row is released now

    with pytest.raises(IntegrityError), desk.app.app_context(), unit_of_work() as session:
        session.execute(update(Collateral).values(state=collateral.PLEDGED))


def test_facts_say_what_secures_a_case(desk: Desk) -> None:
    number = pledged_case(desk)
    today = clock.real_now().date()
    registration = {
        "registration_no": "ZD-1",
        "registered_on": (today - timedelta(days=1)).isoformat(),
        "ends_on": (today + timedelta(days=365)).isoformat(),
    }
    before = call(desk, number, load_facts, sets="collateral")["facts"]["collateral"]

    call(desk, number, record_registration, **registration)

    facts = call(desk, number, load_facts, sets=["collateral"])["facts"]["collateral"]
    assert (before["secured"], before["registered"], before["value"]) == (True, False, RECEIPT["value"])
    assert facts["registered"] is True and facts["items"][0]["registration_no"] == "ZD-1"


def test_a_case_without_collateral_is_not_secured(desk: Desk) -> None:
    facts = call(desk, desk.start(), load_facts, sets="collateral")["facts"]["collateral"]

    assert facts == {"secured": False, "value": 0, "registered": False, "items": []}
