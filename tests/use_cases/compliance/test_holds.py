"""A compliance hold stops confirmation and payment whatever is drawn, and somebody who stands apart decides it."""

from __future__ import annotations

import pytest

from app.errors import Conflict, Forbidden, FourEyes, NotFound, Refused
from app.storage import compliance
from app.storage.database import unit_of_work
from app.use_cases.compliance.clear_hold import Opinion
from app.use_cases.operation import OperationRefused
from tests.desk import COMPLIANCE_OFFICER, Desk
from tests.processes import payout_answers
from tests.use_cases.compliance.holding import (
    OTHER_BANKS_OFFICER,
    PEP,
    SANCTIONED,
    SECOND_OFFICER,
    UPHOLD,
    decide,
    hold,
    open_of,
    screened,
)
from tests.use_cases.payments.counter import Counter


def test_a_confirmed_payment_does_not_leave_while_a_hold_is_open(counter_on_each_database: Counter) -> None:
    counter = counter_on_each_database
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "1000.00")
    hold_id = hold(counter.desk, case_number)

    with pytest.raises(OperationRefused) as refused:
        counter.pay_out(case_number, number)
    left = counter.debits(number)
    decide(counter.desk, hold_id, SECOND_OFFICER)
    counter.pay_out(case_number, number)
    counter.bank.work()

    assert refused.value.code == "NotAllowed" and "暂缓" in refused.value.text.zh
    assert left == [] and counter.debits(number) == ["1000.00"]


def test_nobody_confirms_a_payment_of_a_case_on_hold(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.prepare(case_number, "1000.00")
    hold(counter.desk, case_number)

    with pytest.raises(Refused, match="compliance hold"):
        counter.confirm(number)

    assert counter.payment(number).state == "prepared"


def test_who_opened_a_hold_does_not_decide_it(desk: Desk) -> None:
    number = desk.start()
    hold_id = hold(desk, number)

    with pytest.raises(FourEyes):
        decide(desk, hold_id, COMPLIANCE_OFFICER)

    assert decide(desk, hold_id, SECOND_OFFICER) == "cleared" and open_of(desk, number) == []


def test_a_hit_on_a_sanctions_list_needs_two_different_persons(desk: Desk) -> None:
    number = desk.start()
    found = screened(desk, number, PEP, SANCTIONED)

    assert decide(desk, found["hold_id"], COMPLIANCE_OFFICER) == "open"
    with pytest.raises(FourEyes):
        decide(desk, found["hold_id"], COMPLIANCE_OFFICER)
    assert decide(desk, found["hold_id"], SECOND_OFFICER) == "cleared"


def test_another_hit_needs_one_person(desk: Desk) -> None:
    found = screened(desk, desk.start(), PEP)

    assert found["persons_needed"] == 1 and decide(desk, found["hold_id"], COMPLIANCE_OFFICER) == "cleared"


def test_a_hold_that_is_upheld_blocks_for_good(desk: Desk) -> None:
    number = desk.start()
    found = screened(desk, number, SANCTIONED)

    assert decide(desk, found["hold_id"], COMPLIANCE_OFFICER, UPHOLD) == "upheld"
    with pytest.raises(Conflict):
        decide(desk, found["hold_id"], SECOND_OFFICER)

    assert open_of(desk, number) == [found["hold_id"]]


def test_a_repeated_screening_opens_one_hold_and_a_cleared_hit_does_not_hold_again(desk: Desk) -> None:
    number = desk.start()
    first, again = screened(desk, number, PEP), screened(desk, number, PEP)
    decide(desk, first["hold_id"], COMPLIANCE_OFFICER)

    on_the_day, worse = screened(desk, number, PEP, row=8), screened(desk, number, PEP, SANCTIONED, row=9)

    assert first == again and on_the_day["state"] == "cleared"
    assert worse["state"] == "open" and open_of(desk, number) == [worse["hold_id"]]


@pytest.mark.parametrize("opinion", [Opinion("clear", "看过了"), Opinion("clear", " ", "回执"), Opinion("", "x", "y")])
def test_a_hold_is_not_cleared_without_reason_and_evidence(desk: Desk, opinion: Opinion) -> None:
    number = desk.start()
    hold_id = hold(desk, number)

    with pytest.raises(Refused):
        decide(desk, hold_id, SECOND_OFFICER, opinion)

    assert open_of(desk, number) == [hold_id]


def test_only_officers_of_the_case_s_bank_hold_and_clear(desk: Desk) -> None:
    number = desk.start()
    hold_id = hold(desk, number)

    with pytest.raises(Forbidden):
        hold(desk, number, "wang.lei")
    with pytest.raises(NotFound):
        hold(desk, number, OTHER_BANKS_OFFICER)
    with pytest.raises(NotFound):
        decide(desk, hold_id, OTHER_BANKS_OFFICER)


def test_what_was_said_of_a_hold_cannot_be_changed(desk: Desk) -> None:
    hold_id = hold(desk, desk.start())
    decide(desk, hold_id, SECOND_OFFICER)

    with pytest.raises(Exception, match="append-only"), desk.app.app_context(), unit_of_work() as session:
        (said,) = compliance.opinions(session, [hold_id])
        said.reason = "另一种说法"


def test_a_hold_that_a_process_waits_for_is_decided_in_its_task(desk: Desk) -> None:
    number = desk.submit(representative_name="欧阳若海")
    (hold_id,) = open_of(desk, number)

    with pytest.raises(Refused, match="task"):
        decide(desk, hold_id, COMPLIANCE_OFFICER)
    desk.complete(COMPLIANCE_OFFICER, number, "compliance_clearance", payout_answers.CLEARED)

    assert open_of(desk, number) == [] and desk.case(number).milestone == "accepted"
