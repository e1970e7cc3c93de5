"""Disposal on a real database with a real bank: from collections' decision to the last fen, or back to collections."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.errors import InvalidForm
from app.storage import payments
from app.storage.cases import parties
from app.storage.database import reading
from app.storage.instances import ProcessInstance
from app.use_cases.disposals import settle_proceeds
from tests.desk import Desk
from tests.processes import disposal_answers as given
from tests.use_cases.collections.arrears import RECOVERY
from tests.use_cases.disposals.disposing import CLERK, FINANCE, Disposing, disposing
from tests.use_cases.loans.lent import loan, thrown
from tests.use_cases.payments.drawn import killed

SURPLUS = Decimal("5000.00")


@pytest.fixture
def disposal(desk: Desk) -> Iterator[Disposing]:
    with disposing(desk) as made:
        yield made


@pytest.fixture
def disposal_on_each_database(desk_on_each_database: Desk) -> Iterator[Disposing]:
    with disposing(desk_on_each_database) as made:
        yield made


def with_surplus(disposal: Disposing, surplus: Decimal = SURPLUS) -> Disposing:
    """Sold for the debt, the sample's costs and taxes and the surplus; the price came and is distributed."""
    disposal.valued("150000.00")
    price = disposal.owed() + Decimal("6800.00") + surplus
    disposal.sell(price)
    disposal.credit(price)
    return disposal.do(FINANCE, "proceeds_costs", given.COSTS)


def instances(disposal: Disposing, process_key: str) -> list[str]:
    """The states of the process's instances for the loan."""
    query = select(ProcessInstance.status).where(
        ProcessInstance.case_id == disposal.case_id, ProcessInstance.process_key == process_key
    )
    with disposal.desk.app.app_context(), reading() as session:
        return list(session.scalars(query.order_by(ProcessInstance.id)))


def test_a_surplus_is_paid_to_the_owner_and_the_loan_is_settled(disposal_on_each_database: Disposing) -> None:
    disposal = with_surplus(disposal_on_each_database)
    assert disposal.row.surplus == SURPLUS and disposal.faults() == []

    disposal.surplus_paid()
    assert disposal.forms() == ["cancel_registration"], disposal.incidents()
    disposal.do(CLERK, "cancel_registration", given.CANCELLED)

    books = disposal.balanced()
    assert not {name for name in books if name.endswith("receivable") or name.startswith("disposal")}
    assert loan(disposal.desk, disposal.loan_no).state == "settled" and disposal.goods() == ["sold"]
    assert instances(disposal, "collateral_disposal") == ["completed"]
    assert disposal.faults() == [] and disposal.incidents() == []


def test_a_shortfall_goes_back_to_collections_on_the_last_rung(disposal_on_each_database: Disposing) -> None:
    disposal = disposal_on_each_database.sold("95000.00")
    disposal.credit("95000.00")

    disposal.do(FINANCE, "proceeds_costs", given.COSTS)

    left = disposal.owed()
    told = [payload for name, _, payload in thrown(disposal.desk, disposal.loan_no) if name == "ShortfallLeft"]
    assert [one["shortfall"] for one in told] == [left] and left > 0
    assert "recovery_decision" in disposal.collections()
    disposal.do(CLERK, "cancel_registration", given.CANCELLED)
    assert disposal.goods() == ["sold"] and disposal.milestone() == "in_arrears"
    assert disposal.faults() == [] and disposal.incidents() == []


def test_paying_the_whole_debt_within_the_notice_stops_it(disposal_on_each_database: Disposing) -> None:
    disposal = disposal_on_each_database.noticed()
    disposal.go_to(disposal.on + timedelta(days=5), step=5)

    disposal.pay(str(disposal.owed()))

    assert disposal.row.state == "stopped" and disposal.open() == []
    assert instances(disposal, "collateral_disposal") == ["completed"]
    assert loan(disposal.desk, disposal.loan_no).state == "settled"
    assert disposal.go_to(disposal.on + timedelta(days=20), step=20).open() == []
    assert "处置已停止" in disposal.told() and disposal.faults() == []


def test_paying_a_part_within_the_notice_does_not_stop_it(disposal: Disposing) -> None:
    disposal.noticed().pay("20000.00").go_to(disposal.on + timedelta(days=16), step=16)

    assert disposal.forms() == ["secure_goods"] and disposal.row.state == "open"


def test_the_second_round_of_an_auction_is_a_fifth_cheaper_and_sells(disposal_on_each_database: Disposing) -> None:
    disposal = disposal_on_each_database.valued("2000000.00")
    disposal.do(RECOVERY, "list_auction", given.ANNOUNCED).go_to(disposal.on + timedelta(days=15), step=15)
    disposal.do(RECOVERY, "record_sale", given.UNSOLD)
    disposal.do(RECOVERY, "list_auction", given.ANNOUNCED).go_to(disposal.on + timedelta(days=15), step=15)
    assert disposal.task("record_sale").variables["least_price"] == Decimal("1280000.00")
    with pytest.raises(InvalidForm):
        disposal.do(RECOVERY, "record_sale", given.sold("1279999.99"))

    disposal.do(RECOVERY, "record_sale", given.sold("1280000.00"))

    assert (disposal.row.state, disposal.row.route, disposal.row.price) == ("sold", "auction", Decimal("1280000.00"))


def test_the_buyers_money_told_three_times_is_distributed_once(disposal_on_each_database: Disposing) -> None:
    disposal = disposal_on_each_database.sold("95000.00")

    ends = [disposal.credit("95000.00") for _ in range(3)]

    assert "booked" in ends[0] and "known" in ends[1] and ends[1] == ends[2]
    assert disposal.forms() == ["proceeds_costs"]
    disposal.do(FINANCE, "proceeds_costs", given.NO_COSTS)
    assert disposal.credit("95000.00") == ends[1]
    assert disposal.forms() == ["cancel_registration"] and disposal.faults() == []


def test_a_disposal_that_is_open_keeps_a_second_one_of_the_loan_out(disposal: Disposing) -> None:
    disposal.noticed()

    disposal.approve_again(episode=8)

    assert instances(disposal, "collateral_disposal") == ["active", "completed"]
    assert "没有开立" in disposal.told() and disposal.row.state == "open"


def test_the_appraiser_of_the_plan_becomes_a_party_of_the_case(disposal: Disposing) -> None:
    disposal.noticed()

    with disposal.desk.app.app_context(), reading() as session:
        assert parties(session, disposal.case_id)["appraiser"] == disposal.desk.organisation("hengheng").id


def test_an_appraiser_who_is_not_on_the_panel_is_refused(disposal: Disposing) -> None:
    disposal.handed_over()

    with pytest.raises(InvalidForm):
        disposal.do(RECOVERY, "plan_disposal", given.PLAN | {"appraiser": "91330100MA2D3M001C"})


@pytest.mark.parametrize("surplus", ["5000.01", "5000.05"])
def test_a_surplus_that_the_bank_did_not_pay_is_prepared_again_and_paid_once(disposal: Disposing, surplus: str) -> None:
    disposal = with_surplus(disposal, Decimal(surplus)).surplus_paid()
    assert disposal.forms() == ["prepare_payment"] and "请重新经办" in disposal.told()
    assert disposal.balanced()["disposal_surplus"] == -Decimal(surplus)

    disposal.surplus_paid()

    assert disposal.forms() == ["prepare_payment"]
    with disposal.desk.app.app_context(), reading() as session:
        made = [one.state for one in payments.of_case(session, disposal.case_id, "out") if one.kind == "surplus"]
    assert made == ["failed", "failed"] and disposal.faults() == []


def test_a_bank_that_says_nothing_of_the_surplus_is_asked(disposal: Disposing) -> None:
    with_surplus(disposal, Decimal("5000.08")).surplus_paid()
    assert disposal.forms() == [] and disposal.row.surplus_payment_id is None

    disposal.go_to(disposal.on + timedelta(days=1))

    assert disposal.forms() == ["cancel_registration"] and disposal.row.surplus_payment_id is not None
    assert "disposal_surplus" not in disposal.balanced()


def test_a_worker_killed_in_the_distribution_leaves_nothing_and_the_next_one_does_it_once(disposal: Disposing) -> None:
    disposal.sold("95000.00").credit("95000.00")
    before = disposal.balanced()

    def child() -> None:
        settle_proceeds._finish = killed  # type: ignore[assignment]
        disposal.do(FINANCE, "proceeds_costs", given.COSTS)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(60)

    assert process.exitcode == -signal.SIGKILL and disposal.balanced() == before
    disposal.go_to(disposal.on + timedelta(days=1))
    assert disposal.forms() == ["cancel_registration"] and disposal.row.state == "distributed"
    assert disposal.faults() == [] and disposal.incidents() == []


def test_missing_goods_end_it_and_the_whole_debt_is_collected(disposal: Disposing) -> None:
    disposal.noticed().go_to(disposal.on + timedelta(days=16), step=16)
    disposal.do("lei.cang", "secure_goods", given.GOODS_MISSING)

    disposal.do("shi.lan", "missing_goods", given.GIVE_UP)

    assert disposal.row.state == "failed" and disposal.goods() == ["pledged"]
    assert "recovery_decision" in disposal.collections() and disposal.milestone() == "in_arrears"


def test_goods_of_a_debtor_who_paid_are_not_sold_again_when_the_buyer_never_does(disposal: Disposing) -> None:
    disposal.sold("95000.00").pay(str(disposal.owed()))
    assert disposal.row.state == "sold" and loan(disposal.desk, disposal.loan_no).state == "settled"
    disposal.go_to(disposal.on + timedelta(days=31), step=31).do(RECOVERY, "buyer_default", given.RESELL)

    disposal.do(RECOVERY, "record_sale", given.sold("95000.00"))

    assert disposal.row.state == "stopped" and disposal.goods() == ["pledged"]
    assert instances(disposal, "collateral_disposal") == ["completed"] and disposal.incidents() == []
    assert "处置已停止" in disposal.told() and disposal.faults() == []
