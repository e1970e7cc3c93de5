"""The ends without a loan: refused, not eligible, lapsed, declined; each is told to the firm with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.gateways import clock
from tests.desk import COMMITTEE, FIRM, REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers
from tests.use_cases.lookups import offer_states, told, used_of

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def offered(desk: Desk) -> str:
    """A case with an offer of three million yuan that the firm may accept."""
    number = desk.at_second_review()
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)
    assert used_of(desk, "funder") == Decimal("3000000.00")
    return number


def test_the_firm_reads_why_the_initial_review_refused(desk: Desk) -> None:
    number = desk.at_initial_review()

    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_FAIL)

    assert desk.case(number).milestone == "refused"
    assert answers.INITIAL_FAIL["reason_text"] in told(desk, number, "qingxi")[0]


def test_the_firm_reads_why_the_second_review_refused(desk: Desk) -> None:
    number = desk.at_second_review()

    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_REFUSE)

    assert desk.case(number).milestone == "refused"
    assert answers.SECOND_REFUSE["reason_text"] in told(desk, number, "qingxi")[0]
    assert offer_states(desk, number) == [] and used_of(desk, "funder") == 0


def test_a_committee_that_votes_against_refuses_the_credit(desk: Desk) -> None:
    number = desk.at_committee()

    for member in COMMITTEE[:2]:
        desk.complete(member, number, "committee_vote", answers.COMMITTEE_OPPOSE)

    assert desk.case(number).milestone == "refused"
    assert "贷审会" in told(desk, number, "qingxi")[0]
    assert answers.COMMITTEE_OPPOSE["reason_text"] in told(desk, number, "qingxi")[0]


def test_an_application_that_is_not_eligible_ends_at_once_with_every_reason(desk: Desk) -> None:
    number = desk.start()

    faults = {"industry": "K", "established_on": "2026-09-01"}
    desk.complete(FIRM, number, "working-capital-application", desk.application(FIRM, **faults))

    assert desk.case(number).milestone == "not_eligible"
    assert desk.open_tasks(number) == []
    assert told(desk, number, "qingxi")[0].count("；") >= 1


def test_a_supplement_that_never_comes_lets_the_application_lapse_on_day_ten(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = desk.at_initial_review()
        desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_SUPPLEMENT)
    with clock.fixed_at(NOW + timedelta(days=9, hours=23)):
        desk.work()
        still_waits = desk.waits_for(number, "supplement")

    with clock.fixed_at(NOW + timedelta(days=10)):
        desk.work()

    assert still_waits
    assert desk.case(number).milestone == "lapsed" and desk.open_tasks(number) == []
    assert "失效" in told(desk, number, "qingxi")[0]


def test_an_offer_that_is_not_accepted_in_thirty_days_lapses_and_frees_the_limit(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = offered(desk)

    with clock.fixed_at(NOW + timedelta(days=30)):
        desk.work()

    assert desk.case(number).milestone == "lapsed"
    assert offer_states(desk, number) == ["lapsed"] and used_of(desk, "funder") == 0


def test_a_declined_offer_frees_the_limit(desk: Desk) -> None:
    number = offered(desk)

    desk.complete(FIRM, number, "accept_offer", answers.DECLINE)

    assert desk.case(number).milestone == "declined"
    assert offer_states(desk, number) == ["declined"] and used_of(desk, "funder") == 0


def test_an_offer_accepted_after_its_last_day_is_not_taken_as_accepted(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = offered(desk)

    with clock.fixed_at(NOW + timedelta(days=31)):  # nobody fired the timer: the poller was away
        desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)

    assert offer_states(desk, number) == ["lapsed"] and used_of(desk, "funder") == 0
    assert desk.case(number).milestone == "lapsed"
