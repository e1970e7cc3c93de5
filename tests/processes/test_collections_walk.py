"""The ladder of collections, walked: each rung, promises, disputes, disposal, and "paid" from anywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.engine import NotWaiting, deliver_message
from tests.processes import collection_answers as given
from tests.processes.stages import texts
from tests.processes.walking import CASE, Walk, release

LOAN = "DK202601150001"
RUNGS = ("S0", "S1", "S2", "S3", "S4", "S5")
FIRST = {"S0": [], "S1": [], "S2": ["S2_letter_task"], "S3": ["S3_visit_task"], "S4": ["S4_decision_task"]}
FIRST |= {"S5": ["S5_decision_task"]}
ALERT = "arrears_alert_task"


def told(**changes: Any) -> dict[str, Any]:
    facts = {"case_number": CASE, "loan_no": LOAN, "episode": 1, "stage": "S1", "dpd": 12, "secured": True}
    amounts = {"overdue": Decimal("10600.00"), "outstanding": Decimal("123900.00")}
    return facts | amounts | {"company_name": "宁波甬江精工机械有限公司"} | changes


def overdue(stage: str = "S1", results: dict[str, Any] | None = None, **changes: Any) -> Walk:
    """A walk on that rung, where a call is due on S1."""
    walk = Walk(results=results or {}).open("collections", "Overdue", **told(stage=stage, **changes))
    return walk.wait(minutes=1) if stage == "S1" else walk


def enter(walk: Walk, stage: str, **changes: Any) -> Walk:
    return walk.tell("StageEntered", **told(stage=stage, **changes))


def booked(walk: Walk, amount: str) -> Walk:
    left = {"overdue": Decimal("5000.00"), "outstanding": Decimal("118300.00"), "dpd": 12}
    return walk.tell("RepaymentBooked", loan_no=LOAN, amount=Decimal(amount), **left)


def promised(stage: str) -> Walk:
    """A walk on that rung with an open promise of 8,000 yuan in seven days."""
    if stage == "S3":
        return overdue("S3").answer("S3_visit_task", given.VISIT_PROMISE)
    walk = overdue(stage)
    if stage == "S2":
        walk.answer("S2_letter_task", given.LETTER).wait(days=2, hours=1)
    return walk.answer(f"{stage}_call_task", given.PROMISE)


def at_proposal(stage: str = "S4", **changes: Any) -> Walk:
    return overdue(stage, **changes).answer(f"{stage}_decision_task", given.DISPOSE)


def test_the_first_day_tells_finance_and_begins_on_the_rung_that_the_close_named() -> None:
    walk = overdue("S2")
    assert walk.waiting == ["S2_letter_task", ALERT] and walk.milestones == ["in_arrears"]
    assert walk.task(ALERT).candidate_groups == ("finance_officer",)


def test_the_alert_blocks_nobody_and_can_be_noted_at_any_time() -> None:
    walk = overdue().answer("S1_call_task", given.CALL)
    assert walk.waiting == [ALERT]
    assert walk.answer(ALERT, given.ALERT).waiting == []
    assert walk.wait(days=2).wait(days=2).waiting == ["S1_call_task"]  # a text message comes between


@pytest.mark.parametrize("stage", RUNGS)
def test_paid_interrupts_everything_from_every_rung(stage: str) -> None:
    walk = overdue(stage)
    assert set(FIRST[stage]) <= set(walk.waiting)
    walk.tell("Cured", loan_no=LOAN, episode=1)
    assert walk.tasks == {} and walk.outcome is not None and walk.outcome.status == "completed"
    assert walk.milestones == ["in_arrears", "disbursed"] and "催收结束" in texts(walk)


@pytest.mark.parametrize("stage", ["S1", "S2", "S3"])
def test_paid_interrupts_an_open_promise(stage: str) -> None:
    walk = promised(stage)
    assert "RepaymentBooked" in walk.subscriptions
    walk.tell("Cured", loan_no=LOAN, episode=1)
    assert walk.subscriptions == {} and walk.outcome is not None and walk.outcome.state is None


def test_paid_interrupts_an_open_dispute_and_a_proposed_disposal() -> None:
    disputed = overdue().answer("S1_call_task", given.DISPUTE)
    assert disputed.waiting == ["answer_dispute_task", ALERT]
    for walk in (disputed, at_proposal()):
        walk.tell("Cured", loan_no=LOAN, episode=1)
        assert walk.tasks == {} and walk.milestones[-1] == "disbursed"


def test_the_next_rung_interrupts_an_open_promise_which_its_people_still_see() -> None:
    walk = enter(promised("S1"), "S2", dpd=8)
    assert "S2_letter_task" in walk.waiting and "RepaymentBooked" not in walk.subscriptions
    walk.answer("S2_letter_task", given.LETTER).wait(days=2, hours=1)
    assert walk.task("S2_call_task").variables["promise"]["state"] == "open"
    assert "S1_call_task" not in walk.wait(days=30).waiting


def test_a_jump_from_the_first_rung_to_the_last_in_one_day_leaves_one_task() -> None:
    walk = overdue("S1")
    for stage in ("S2", "S3", "S4", "S5"):
        enter(walk, stage, dpd=181)
    assert walk.waiting == ["S5_decision_task", ALERT] and walk.task("S5_decision_task").variables["dpd"] == 12
    assert "StageEntered" not in walk.subscriptions


def test_each_rung_waits_for_the_next_under_its_own_key() -> None:
    walk, keys = Walk().open("collections", "Overdue", **told(stage="S0")), []
    for stage in RUNGS[1:]:
        keys.append(walk.keys["StageEntered"])
        enter(walk, stage)
    assert keys == [f"{LOAN}/1/{stage}" for stage in RUNGS[1:]]


def test_two_part_payments_keep_a_promise() -> None:
    walk = booked(promised("S1"), "3000.00")
    assert "S1_promise_kept" not in walk.elements
    booked(walk, "5000.00")
    assert "S1_promise_kept" in walk.elements and walk.variables["promise"]["state"] == "kept"
    assert walk.waiting == [ALERT] and "RepaymentBooked" not in walk.subscriptions
    assert "S1_call_task" in walk.wait(days=2).wait(days=2).waiting


@pytest.mark.parametrize(("stage", "task"), [("S1", "S1_call_task"), ("S2", "S2_call_task"), ("S3", "S3_visit_task")])
def test_a_broken_promise_brings_the_next_contact_which_shows_it(stage: str, task: str) -> None:
    walk = booked(promised(stage), "3000.00")
    left = datetime(2026, 11, 28, 15, 59, tzinfo=UTC) - walk.moment.now  # one minute before midnight in China
    assert task not in walk.wait(minutes=left / timedelta(minutes=1)).waiting
    walk.wait(minutes=1)
    assert walk.task(task).variables["promise"]["state"] == "broken"
    assert walk.task(task).variables["promise"]["amount"] == Decimal("8000.00")


def test_a_dispute_goes_to_the_recovery_manager_and_its_answer_to_the_borrower_while_the_rung_goes_on() -> None:
    walk = overdue().answer("S1_call_task", given.DISPUTE)
    assert walk.task("answer_dispute_task").variables["dispute"]["text"] == given.DISPUTE["remark"]
    walk.answer("answer_dispute_task", given.UNFOUNDED)
    assert given.UNFOUNDED["answer"] in texts(walk)
    walk.wait(days=2).wait(days=2)
    assert walk.task("S1_call_task").variables["dispute"]["answer"] == given.UNFOUNDED["answer"]


def test_nobody_reached_is_called_again_until_the_rung_has_done_its_number_of_actions() -> None:
    walk, calls = overdue(), 0
    while "S1_call_task" in walk.waiting:
        walk.answer("S1_call_task", given.NOBODY).wait(days=2).wait(days=2)
        calls += 1
    assert (calls, walk.elements.count("S1_text_message")) == (4, 2)
    assert walk.waiting == [ALERT] and "StageEntered" in walk.subscriptions


def test_the_collector_may_name_the_day_of_the_next_call() -> None:
    walk = overdue().answer("S1_call_task", given.CALL | {"next_on": "2026-12-03"})
    assert "S1_call_task" not in walk.wait(days=11).waiting
    assert "S1_text_message" not in walk.elements[-3:]
    assert walk.wait(days=1).elements.count("S1_text_message") == 2


@pytest.mark.parametrize(("party", "receiver"), [({"guarantor": "甲"}, "guarantor"), ({}, "core_enterprise")])
def test_a_letter_is_told_to_the_guarantor_or_the_core_enterprise(party: dict[str, Any], receiver: str) -> None:
    loan = {"dpd": 12, "overdue": Decimal("10600.00"), "outstanding": Decimal("123900.00")}
    walk = overdue("S2", results={"load_facts": {"facts": {"loan": loan, "parties": party}}})
    walk.answer("S2_letter_task", given.LETTER)
    assert walk.notices[-1]["to"] == receiver


@pytest.mark.parametrize(("secured", "task"), [(True, "S3_collateral_task"), (False, "S3_visit_task")])
def test_a_visit_is_followed_by_a_look_at_the_collateral_where_there_is_some(secured: bool, task: str) -> None:
    walk = overdue("S3", secured=secured).answer("S3_visit_task", given.VISIT).wait(days=14)
    assert walk.waiting == [task, ALERT]


def test_an_approved_disposal_calls_in_the_debt_and_hands_over() -> None:
    walk = at_proposal()
    assert walk.waiting == ["approve_disposal_task", ALERT] and "提前到期" in texts(walk)
    assert walk.task("approve_disposal_task").properties["four_eyes"] == "recovery_decision"
    walk.answer("approve_disposal_task", given.APPROVE)
    name, payload = walk.messages[-1]
    assert (name, payload["loan_no"], payload["episode"]) == ("DisposalApproved", LOAN, 1)
    assert walk.outcome is not None and walk.outcome.status == "completed" and walk.tasks == {}
    assert walk.milestones == ["in_arrears", "in_disposal"]


@pytest.mark.parametrize("stage", ["S4", "S5"])
def test_a_refused_disposal_goes_back_to_its_rung_with_the_reason(stage: str) -> None:
    walk = at_proposal(stage).answer("approve_disposal_task", given.REFUSE)
    task = walk.task(f"{stage}_decision_task")
    assert task.variables["disposal_refusal"] == given.REFUSE["opinion"] and task.variables["called_in"] is True


def test_calling_in_the_debt_alone_stays_on_the_rung() -> None:
    walk = overdue("S4", secured=False).answer("S4_decision_task", given.CALL_IN)
    assert walk.waiting == ["S4_decision_task", ALERT] and "call_in_debt" in walk.elements


def test_an_unsecured_loan_stays_with_the_recovery_manager_every_week() -> None:
    walk = overdue("S5", secured=False)
    with pytest.raises(AssertionError, match="decision"):
        walk.answer("S5_decision_task", given.DISPOSE)
    walk.answer("S5_decision_task", given.COLLECT)
    assert walk.waiting == [ALERT]
    assert walk.wait(days=7).waiting == ["S5_decision_task", ALERT]


def test_what_a_disposal_leaves_is_collected_on_the_last_rung() -> None:
    left = {"case_number": CASE, "loan_no": LOAN, "episode": 1, "again": 1, "shortfall": Decimal("30000.00")}
    walk = Walk().open("collections", "ShortfallLeft", **left, company_name="宁波甬江精工机械有限公司")
    variables = walk.task("S5_decision_task").variables
    assert (variables["stage"], variables["secured"], walk.milestones) == ("S5", False, ["in_arrears"])
    walk.tell("Cured", loan_no=LOAN, episode=1)
    assert walk.milestones[-1] == "disbursed"


def test_owner_and_due_day_come_from_the_table() -> None:
    task = overdue("S3").task("S3_visit_task")
    assert task.candidate_groups == ("field_collector",) and task.due_at is not None
    assert task.due_at == datetime(2026, 11, 23, 10, tzinfo=UTC)  # six in the evening in China, two days later


def test_an_instance_that_waits_for_the_next_rung_is_small() -> None:
    walk = overdue().answer(ALERT, given.ALERT)
    for _ in range(4):
        walk.answer("S1_call_task", given.CALL).wait(days=2).wait(days=2)
    assert walk.outcome is not None and walk.outcome.state is not None
    assert walk.waiting == [] and len(walk.outcome.state) < 2_000


def test_a_message_for_a_rung_that_is_over_finds_nobody() -> None:
    walk = overdue()
    old = walk.subscriptions["StageEntered"]
    enter(walk, "S2")
    assert walk.outcome is not None and walk.outcome.state is not None
    with pytest.raises(NotWaiting):
        deliver_message(release("collections"), walk.outcome.state, old, {}, walk.moment)
