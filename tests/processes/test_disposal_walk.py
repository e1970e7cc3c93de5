"""Collateral disposal, walked by every drawn way: notice, goods, values, ways to sell, proceeds and what is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.processes import disposal_answers as given
from tests.processes import payout_answers
from tests.processes.walking import CASE, Walk, failing

PROCESS = "collateral_disposal"
LOAN = "DK202611210001"
SMALL, MIDDLE, LARGE = "150000.00", "860000.00", "4000000.00"
SETTLED: dict[str, Any] = {"to_loan": Decimal("123900.00"), "surplus": Decimal(0), "shortfall": Decimal(0)}


def valued(call: Any) -> dict[str, Any]:
    values = [call.variables["external_value"], call.variables["internal_value"]]
    return {"valuation": {"external": values[0], "internal": values[1], "lower": min(values)}}


RESULTS: dict[str, Any] = {
    "open_disposal": {"disposal": given.DISPOSAL},
    "secure_collateral": {"secured": ["DB202611210001"]},
    "record_valuations": valued,
    "bind_buyer": {"sold": {"price": Decimal("800000.00")}},
    "release_buyer": {"released": "大江铜业有限公司"},
    "settle_proceeds": {"settlement": SETTLED},
    "stop_disposal": {"stopped": "CZ202611210001", "shortfall": Decimal("123900.00")},
    "pay_out": {"payment": {"payment_no": "PO1", "result": "succeeded", "reason": ""}},
    "book_surplus_paid": {"surplus_paid": {"payment_no": "PO1"}},
    "release_collateral": {"released": [], "sold": ["DB202611210001"]},
}


def opened(**results: Any) -> Walk:
    """A disposal that waits for its plan."""
    walk = Walk(results=RESULTS | results)
    return walk.open(PROCESS, "DisposalApproved", case_number=CASE, loan_no=LOAN, episode=1, round=1)


def noticed(plan: dict[str, Any] = given.PLAN, **results: Any) -> Walk:
    """Debtor and pledgor are told."""
    return opened(**results).answer("plan_disposal_task", plan)


def secured(plan: dict[str, Any] = given.PLAN, **results: Any) -> Walk:
    """The notice is over and the keeper has counted the goods."""
    return noticed(plan, **results).wait(days=16).answer("keeper_secures", given.GOODS_PRESENT)


def selling(value: str = MIDDLE, plan: dict[str, Any] = given.PLAN, **results: Any) -> Walk:
    """Both values are given; the lower one is `value`."""
    walk = secured(plan, **results).answer("external_valuation", given.EXTERNAL_VALUE | {"value": "9000000.00"})
    return walk.answer("internal_valuation", given.INTERNAL_VALUE | {"value": value})


def sold(**results: Any) -> Walk:
    """A buyer is bound at an agreed price."""
    return selling(**results).answer("agree_price", given.sold("800000.00"))


def distributed(costs: dict[str, Any] = given.COSTS, **settlement: Any) -> Walk:
    """The price is there and goes to its claims."""
    walk = sold(settle_proceeds={"settlement": SETTLED | settlement}).tell("ProceedsReceived")
    return walk.answer("enter_costs", costs)


def test_notice_is_given_to_both_and_the_goods_wait_for_its_end() -> None:
    walk = noticed()
    assert [notice["to"] for notice in walk.notices] == ["borrower", "guarantor"] and walk.waiting == []
    assert walk.wait(days=14).waiting == []
    assert walk.wait(days=1).waiting == ["keeper_secures"]
    assert walk.milestones == ["in_disposal"]


def test_perishable_goods_have_a_short_notice_and_are_sold_at_once() -> None:
    walk = noticed(given.PERISHABLE_PLAN)
    assert walk.wait(days=3).waiting == ["keeper_secures"]
    walk.answer("keeper_secures", given.GOODS_PRESENT).answer("external_valuation", given.EXTERNAL_VALUE)
    assert walk.answer("internal_valuation", given.INTERNAL_VALUE).waiting == ["sell_goods"]


def test_a_disposal_that_may_not_open_ends_and_says_so() -> None:
    walk = opened(open_disposal=failing("NotAllowed"))
    assert walk.outcome and walk.outcome.status == "completed" and "not_opened" in walk.elements
    assert walk.notices[-1]["to"] == "funder"


def test_a_debtor_who_pays_within_the_notice_stops_the_disposal() -> None:
    walk = noticed().tell("Cured")
    assert walk.outcome and walk.outcome.status == "completed"
    assert walk.milestones[-1] == "disbursed" and "stop_disposal_step" in walk.elements


@pytest.mark.parametrize("paid_at", [opened, secured, selling])
def test_paying_stops_it_anywhere_before_a_buyer_is_bound(paid_at: Any) -> None:
    walk = paid_at().tell("Cured")
    assert walk.waiting == [] and walk.milestones[-1] == "disbursed"


def test_paying_after_the_sale_stops_nothing() -> None:
    walk = sold().tell("Cured").tell("ProceedsReceived")
    assert walk.waiting == ["enter_costs"] and "stop_disposal_step" not in walk.elements


def test_goods_without_a_custodian_are_taken_over_by_a_collector() -> None:
    walk = noticed(open_disposal={"disposal": given.DISPOSAL | {"has_custodian": False}}).wait(days=16)
    assert walk.waiting == ["collector_secures"]


def test_missing_goods_are_decided_by_the_risk_manager_and_may_end_in_collections() -> None:
    walk = noticed().wait(days=16).answer("keeper_secures", given.GOODS_MISSING)
    assert walk.waiting == ["decide_missing"]
    walk.answer("decide_missing", given.GIVE_UP)
    name, payload = walk.messages[-1]
    assert name == "ShortfallLeft" and payload["shortfall"] == Decimal("123900.00") and payload["again"] == 1
    assert walk.milestones[-1] == "in_arrears"


def test_the_rest_of_short_goods_can_be_sold() -> None:
    walk = noticed().wait(days=16).answer("keeper_secures", given.GOODS_SHORT).answer("decide_missing", given.GO_ON)
    assert walk.waiting == ["external_valuation", "internal_valuation"]
    assert walk.task("external_valuation").variables["quantity_found"] == "180 吨"


@pytest.mark.parametrize(
    ("value", "way"), [(SMALL, "assign_company"), (MIDDLE, "agree_price"), (LARGE, "announce_auction")]
)
def test_the_lower_value_leads_to_the_way_of_the_table(value: str, way: str) -> None:
    assert selling(value).waiting == [way]


def test_a_price_below_the_least_is_refused_by_the_form() -> None:
    with pytest.raises(AssertionError, match="price"):
        selling().answer("agree_price", given.sold("773999.99"))


def test_no_agreed_price_leads_to_an_auction() -> None:
    assert selling().answer("agree_price", given.UNSOLD).waiting == ["announce_auction"]


def test_a_second_round_is_cut_by_a_fifth_and_then_the_goods_are_sold_freely() -> None:
    walk = selling(LARGE).answer("announce_auction", given.ANNOUNCED)
    assert walk.waiting == [] and walk.variables["auction"]["reserve"] == Decimal("3200000.00")
    walk.wait(days=16).answer("auction_outcome", given.UNSOLD)
    assert walk.variables["auction"] == {"round": 2, "reserve": Decimal("2560000.00")}
    walk.answer("announce_auction", given.ANNOUNCED).wait(days=16).answer("auction_outcome", given.UNSOLD)
    assert walk.waiting == ["sell_goods"]
    assert walk.answer("sell_goods", given.UNSOLD).waiting == ["assign_company"]
    walk.answer("assign_company", given.UNSOLD | {"agent_name": "浙江某资产处置公司"})
    assert walk.messages[-1][0] == "ShortfallLeft" and "close_unsold" in walk.elements


def test_an_auction_that_finds_a_bidder_binds_the_buyer() -> None:
    walk = selling(LARGE).answer("announce_auction", given.ANNOUNCED).wait(days=16)
    walk.answer("auction_outcome", given.sold("3300000.00"))
    assert walk.variables["sale"]["way"] == "auction" and "bind_buyer_step" in walk.elements
    assert set(walk.subscriptions) >= {"ProceedsReceived"}


def test_a_buyer_who_does_not_pay_in_thirty_days_is_waited_for_or_replaced() -> None:
    walk = sold().wait(days=31)
    assert walk.waiting == ["decide_default"]
    walk.answer("decide_default", given.WAIT_FOR_BUYER).wait(days=31).answer("decide_default", given.RESELL)
    assert walk.waiting == ["sell_goods"] and walk.variables["sale"] is None
    assert walk.tell("Cured").milestones[-1] == "disbursed"


def test_a_sale_of_which_a_part_was_paid_is_decided_again() -> None:
    walk = sold(release_buyer=failing("NotAllowed")).wait(days=31).answer("decide_default", given.RESELL)
    assert walk.waiting == ["decide_default"]


def test_the_ranks_of_the_table_reach_the_distribution() -> None:
    seen: list[dict[str, Any]] = []
    walk = sold()
    walk.results = walk.results | {
        "settle_proceeds": lambda call: seen.append(call.variables) or {"settlement": SETTLED}
    }
    walk.tell("ProceedsReceived").answer("enter_costs", given.COSTS)
    (asked,) = seen
    assert {one["claim"]: one["rank"] for one in asked["ranks"]}["loan_cost"] == 1
    assert [one["paid_by"] for one in asked["costs"]] == ["funder", "owed"] and asked["creditors"] == []


def test_a_price_that_covers_exactly_leaves_the_registration_to_cancel() -> None:
    walk = distributed(given.NO_COSTS)
    assert walk.waiting == ["cancel_registration_task"]
    walk.answer("cancel_registration_task", given.CANCELLED)
    assert walk.outcome and walk.outcome.status == "completed" and walk.notices[-1]["to"] == "custodian"
    assert [name for name, _ in walk.messages] == []


def test_a_shortfall_goes_back_to_collections_and_the_registration_is_cancelled() -> None:
    walk = distributed(shortfall=Decimal("23900.00"))
    name, payload = walk.messages[-1]
    assert name == "ShortfallLeft" and payload["shortfall"] == Decimal("23900.00")
    assert walk.waiting == ["cancel_registration_task"] and walk.milestones[-1] == "in_arrears"


def prepared(walk: Walk) -> Walk:
    surplus = {"amount": "5000.00", "payee_name": "清溪织造有限公司"}
    return walk.answer("prepare_surplus", payout_answers.PREPARE_PAYMENT | surplus)


def test_a_surplus_is_prepared_confirmed_paid_and_booked() -> None:
    walk = prepared(distributed(surplus=Decimal("5000.00")))
    assert walk.task("confirm_surplus").properties["four_eyes"] == "surplus_prepared"
    walk.answer("confirm_surplus", payout_answers.CONFIRM_PAYMENT)
    assert "book_surplus" in walk.elements and walk.waiting == ["cancel_registration_task"]


def test_a_returned_or_failed_surplus_is_prepared_again() -> None:
    walk = prepared(distributed(surplus=Decimal("5000.00"))).answer("confirm_surplus", payout_answers.RETURN_PAYMENT)
    assert walk.task("prepare_surplus").variables["return_remark"] == payout_answers.RETURN_PAYMENT["remark"]
    walk.results = walk.results | {
        "pay_out": {"payment": {"payment_no": "PO1", "result": "failed", "reason": "账号错误"}}
    }
    prepared(walk).answer("confirm_surplus", payout_answers.CONFIRM_PAYMENT)
    assert walk.waiting == ["prepare_surplus"] and "tell_surplus_failed" in walk.elements
