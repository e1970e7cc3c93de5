"""Rows 92 to 149: loans that are paid out, paid back, chased and told of."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.gateways import clock
from app.sandbox_bank.bank import Bank
from tests import desk as people
from tests.desk import Desk
from tests.processes import collection_answers
from tests.use_cases.collections.arrears import COLLECTOR, DUE, FIELD, FINANCE, RECOVERY, Arrears, visited
from tests.use_cases.loans.lent import close_to, lent, loan, receive
from tests.web.visitor import Visitor, words

DAY = timedelta(days=1)
FIRST_DUE = date(2026, 2, 15)


def test_row_094_finance_sees_the_request_and_a_second_person_pays_it_out(desk: Desk, bank: Bank) -> None:
    """Payout task shows everything read-only, second person confirms."""
    number = desk.at_payout()
    desk.prepare_payout(number, "400000.00")
    task = desk.task(number, "confirm_payment")

    shown = words(Visitor(desk, people.FINANCE_CHECKER).get(f"/tasks/{task.id}"))
    own = Visitor(desk, people.FINANCE_OFFICER).post(f"/tasks/{task.id}/complete", {"decision": "confirm"})

    assert "400,000.00" in shown and "清溪织造" in shown
    assert own.status_code in (403, 404) and desk.task_row(task.id).state == "open"


def test_row_106_a_borrower_sees_balance_and_next_bill(desk: Desk) -> None:
    """Borrower sees balance, next bill, use of funds."""
    number = lent(desk, paid_out_on=clock.real_now().date())

    page = words(Visitor(desk, people.FIRM).get(f"/my-loans/{number}"))

    assert "12 万元" in page and "还剩 123,900.00 元" in page and "10,600.00" in page and "下一期" in page


def test_row_098_money_that_comes_in_pays_the_bill(desk: Desk) -> None:
    """Sandbox payment: bill paid; the same call-back twice books once."""
    number = lent(desk)
    close_to(desk, number, FIRST_DUE)
    before = loan(desk, number)

    receive(desk, number, "10620.00", FIRST_DUE)
    close_to(desk, number, FIRST_DUE + DAY)

    after = loan(desk, number)
    assert before.outstanding - after.outstanding == Decimal("10600.00")  # principal and interest of the first bill
    assert (after.dpd, after.overdue) == (0, Decimal("0.00"))


def test_row_108_finance_has_an_alert_on_the_first_day_of_arrears(desk: Desk) -> None:
    """On day 1 an alert stands in the finance inbox."""
    arrears = Arrears(desk).go_to(DUE + DAY)

    assert "arrears_alert" in arrears.forms()
    assert "逾期" in words(Visitor(desk, FINANCE).get("/inbox"))


def test_row_132_the_degree_of_arrears_moves_the_case_through_stages_by_table(desk: Desk) -> None:
    """DPD moves the case through stages by table."""
    arrears, stages = Arrears(desk), []
    for days in (2, 12, 34):
        arrears.go_to(DUE + days * DAY, step=40)
        stages.append([form for form in arrears.forms() if form != "arrears_alert"])

    assert stages == [["collection_call"], ["collection_letter"], ["field_visit"]]


def test_row_133_a_call_has_a_form_for_its_result(desk: Desk) -> None:
    """Call result form; SMS log; allowed hours only."""
    arrears = Arrears(desk).go_to(DUE + 2 * DAY)

    arrears.do(COLLECTOR, "collection_call", collection_answers.CALL)

    assert "collection_call" not in arrears.forms() and "逾期" in arrears.told()


def test_row_134_a_visit_has_place_photo_and_result(desk: Desk) -> None:
    """Visit task with place, photo, result."""
    arrears = Arrears(desk).go_to(DUE + 34 * DAY, step=40)
    task, given = arrears.task("field_visit"), visited(arrears)
    without = {key: value for key, value in given.items() if "photo" not in key}

    refused = Visitor(desk, FIELD).post(f"/tasks/{task.id}/complete", without)
    arrears.do(FIELD, "field_visit", given)

    assert refused.status_code == 422 and "field_visit" not in arrears.forms()


def test_row_137_a_pledge_is_exercised_by_a_decision(desk: Desk) -> None:
    """Disposal flow starts from a decision."""
    arrears = Arrears(desk).go_to(DUE + 100 * DAY, step=400)

    assert "recovery_decision" in arrears.forms()
    assert "清收决定" in words(Visitor(desk, RECOVERY).get("/inbox"))


def test_row_149_the_operator_reads_volume_rates_and_times(desk: Desk) -> None:
    """Volume, approval rate, time per stage, overdue rate."""
    desk.at_second_review()
    lent(desk, login=people.OTHER_FIRM)

    page = words(Visitor(desk, people.OPERATOR).get("/operations"))

    assert all(word in page for word in ("每周进件", "批准率", "各流程用时", "逾期 30 天以上"))
