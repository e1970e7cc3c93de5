"""Collections on a real database: the close moves a loan down the ladder, and paying takes all its tasks away."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.errors import Conflict, NotFound
from tests.desk import Desk
from tests.processes import collection_answers as given
from tests.use_cases.collateral.receipts import pledged_case
from tests.use_cases.collections.arrears import COLLECTOR, DUE, FIELD, FINANCE, RECOVERY, RISK, Arrears, visited
from tests.use_cases.loans.lent import loan, receive, thrown
from tests.use_cases.tasks.races import at_once

DAY = timedelta(days=1)


def test_a_loan_goes_down_the_ladder_and_paying_clears_every_inbox(desk_on_each_database: Desk) -> None:
    arrears = Arrears(desk_on_each_database).go_to(DUE)
    assert arrears.forms() == []

    arrears.go_to(DUE + 2 * DAY)
    assert arrears.forms() == ["arrears_alert", "collection_call"] and arrears.milestone() == "in_arrears"
    arrears.do(FINANCE, "arrears_alert", given.ALERT).do(COLLECTOR, "collection_call", given.CALL)
    arrears.go_to(DUE + 12 * DAY)
    assert arrears.forms() == ["collection_letter"]
    arrears.do(COLLECTOR, "collection_letter", given.LETTER)
    arrears.go_to(DUE + 34 * DAY)
    assert arrears.forms() == ["field_visit"]
    arrears.do(FIELD, "field_visit", visited(arrears))

    arrears.pay("30000.00").go_to(arrears.on + DAY)
    assert arrears.forms() == [] and arrears.milestone() == "disbursed" and "催收结束" in arrears.told()
    assert [one.status for one in arrears.desk.instances(arrears.loan_no)] == ["completed"]


def test_a_close_after_half_a_year_leaves_one_task_on_the_last_rung(desk: Desk) -> None:
    arrears = Arrears(desk).go_to(DUE + 200 * DAY, step=400)
    assert arrears.forms() == ["arrears_alert", "recovery_decision"]
    assert arrears.task("recovery_decision").variables["stage"] == "S5"
    assert arrears.incidents() == []


def test_the_second_overdue_episode_is_an_instance_of_its_own(desk: Desk) -> None:
    arrears = Arrears(desk).go_to(DUE + 2 * DAY).pay("10700.00").go_to(DUE + 3 * DAY)
    assert arrears.forms() == []
    arrears.go_to(DUE + 30 * DAY)
    assert arrears.forms() == ["arrears_alert", "collection_call"]
    assert [(one.round, one.status) for one in desk.instances(arrears.loan_no)] == [("1", "completed"), ("2", "active")]


def test_two_part_payments_keep_a_promise(desk: Desk) -> None:
    arrears = Arrears(desk).go_to(DUE + 2 * DAY).do(COLLECTOR, "collection_call", given.PROMISE)
    assert arrears.forms() == ["arrears_alert"]
    arrears.pay("3000.00").pay("5000.00").go_to(DUE + 3 * DAY)
    assert arrears.forms() == ["arrears_alert"]  # kept, yet 2,600.00 are overdue: the next look is two days later
    arrears.go_to(DUE + 6 * DAY)
    call = arrears.task("collection_call").variables
    assert call["promise"]["state"] == "kept" and Decimal(2600) < call["overdue"] < Decimal(2700)  # with the penalty


def test_a_broken_promise_brings_the_call_back(desk: Desk) -> None:
    arrears = Arrears(desk).go_to(DUE + 2 * DAY).do(COLLECTOR, "collection_call", given.PROMISE)
    arrears.pay("3000.00").go_to(DUE + 5 * DAY)
    assert arrears.forms() == ["arrears_alert"]
    arrears.go_to(DUE + 6 * DAY)
    assert arrears.task("collection_call").variables["promise"]["state"] == "broken"


def test_paying_in_full_ends_a_promise_with_the_episode(desk: Desk) -> None:
    arrears = Arrears(desk).go_to(DUE + 2 * DAY).do(COLLECTOR, "collection_call", given.PROMISE)
    arrears.pay("10700.00")
    assert arrears.forms() == [] and arrears.milestone() == "disbursed"


def test_a_secured_loan_is_called_in_and_handed_over_to_disposal(desk: Desk) -> None:
    arrears = Arrears(desk, case_number=pledged_case(desk)).go_to(DUE + 95 * DAY, step=95)
    assert arrears.task("recovery_decision").variables["secured"] is True
    arrears.do(RECOVERY, "recovery_decision", given.DISPOSE)
    arrears.go_to(DUE + 96 * DAY)
    one = loan(desk, arrears.loan_no)
    assert one.overdue > Decimal(120000) and "提前到期" in arrears.told()  # not 42,100.00 of four instalments

    arrears.do(RISK, "disposal_approval", given.APPROVE)
    assert arrears.forms() == [] and arrears.milestone() == "in_disposal"
    told = [(name, key) for name, key, _ in thrown(desk, arrears.loan_no)]
    assert told.count(("DisposalApproved", arrears.loan_no)) == 1


def test_an_unsecured_loan_comes_back_to_the_recovery_manager_every_week(desk: Desk) -> None:
    arrears = Arrears(desk).go_to(DUE + 95 * DAY, step=95).do(RECOVERY, "recovery_decision", given.COLLECT)
    assert arrears.forms() == ["arrears_alert"]
    arrears.go_to(DUE + 102 * DAY, step=7)
    assert arrears.forms() == ["arrears_alert", "recovery_decision"]


def test_a_promise_entered_while_the_arrears_are_paid_leaves_nothing_open(desk_on_each_database: Desk) -> None:
    arrears = Arrears(desk_on_each_database).go_to(DUE + 2 * DAY)
    with arrears.day():
        call, entered = arrears.task("collection_call").id, arrears.dated(given.PROMISE)
        receive(arrears.desk, arrears.loan_no, "10700.00", arrears.on)

        outcomes = at_once(lambda: arrears.desk.complete_task(COLLECTOR, call, entered), arrears.desk.work)

    arrears.work()
    assert [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Conflict | NotFound)] == []
    assert arrears.forms() == [] and arrears.incidents() == [] and arrears.milestone() == "disbursed"
