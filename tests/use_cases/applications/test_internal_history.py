"""What a bank's rules are told of a firm's earlier cases."""

from __future__ import annotations

from app.gateways import clock
from app.storage.database import reading
from app.use_cases.applications.pull_back import delete_draft
from app.use_cases.applications.read_internal_history import read_internal_history
from app.use_cases.operation import Call
from tests.desk import FIRM, Desk


def applications_before(desk: Desk, number: str) -> int:
    case = desk.case(number)
    with desk.app.app_context(), reading() as session:
        call = Call(1, case, {}, {}, clock.moment())
        return int(read_internal_history(session, call, None)["history"]["applications"])


def test_what_the_firm_never_sent_is_no_application(desk: Desk) -> None:
    number = desk.at_initial_review()
    desk.start()
    firm, deleted = desk.actor(FIRM), desk.start()
    with desk.app.app_context():
        delete_draft(firm, deleted)
    assert applications_before(desk, number) == 0


def test_a_case_with_the_same_bank_counts_and_one_with_another_does_not(desk: Desk) -> None:
    number = desk.at_initial_review()
    desk.submit()
    desk.submit(funder="qiantang")
    assert applications_before(desk, number) == 1
