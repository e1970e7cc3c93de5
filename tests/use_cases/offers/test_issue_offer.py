"""An offer needs a full reservation and two reviews by different people, whatever a diagram draws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from app.gateways import clock
from app.storage import offers
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.user_tasks import UserTask
from app.use_cases.offers.issue_offer import issue_offer
from app.use_cases.offers.record_acceptance import record_acceptance
from app.use_cases.offers.reserve_limit import reserve_limit
from app.use_cases.operation import OperationRefused
from tests.desk import FIRM, REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers
from tests.use_cases import small_processes
from tests.use_cases.lookups import offer_states
from tests.use_cases.offers.test_limits import call
from tests.use_cases.small_processes import operation, publish_drawings, straight

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TERMS: dict[str, Any] = {
    "amount": Decimal("3000000.00"),
    "rate_percent": Decimal("4.65"),
    "term_months": 12,
    "repayment_method": "interest_monthly",
    "valid_days": 30,
}


def reviewed(desk: Desk) -> str:
    """A case that two people reviewed; its offer was issued by the drawing."""
    number = desk.at_second_review()
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)
    return number


def issued(desk: Desk, number: str, **changes: Any) -> Any:
    return call(desk, number, issue_offer, **(TERMS | changes))


def refusal(desk: Desk, number: str, **changes: Any) -> OperationRefused:
    before = offer_states(desk, number)
    with pytest.raises(OperationRefused) as refused:
        issued(desk, number, **changes)
    assert offer_states(desk, number) == before
    return refused.value


def test_without_a_reservation_no_offer_is_issued(desk: Desk) -> None:
    number = desk.at_second_review()

    assert "额度" in refusal(desk, number).text.zh


def test_more_than_was_reserved_is_not_offered(desk: Desk) -> None:
    number = reviewed(desk)

    assert refusal(desk, number, amount=Decimal("3000000.01")).code == "NotAllowed"


def test_one_review_is_not_enough(desk: Desk) -> None:
    number = desk.at_second_review()
    call(desk, number, reserve_limit, amount=TERMS["amount"])

    assert "两个不同的人" in refusal(desk, number).text.zh


def test_two_reviews_by_the_same_person_are_not_enough(desk: Desk) -> None:
    number = reviewed(desk)
    same = desk.person(REVIEWER).id
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(
            update(UserTask).where(UserTask.done_by == desk.person(SECOND_REVIEWER).id).values(done_by=same)
        )

    assert "两个不同的人" in refusal(desk, number).text.zh


def test_reviews_of_an_earlier_round_are_no_reviews_of_what_is_asked_now(desk: Desk) -> None:
    number = reviewed(desk)
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(update(LoanCase).where(LoanCase.number == number).values(round=2))

    assert "两个不同的人" in refusal(desk, number).text.zh


def test_a_round_rate_is_written_as_people_write_it(desk: Desk) -> None:
    number = reviewed(desk)
    issued(desk, number, rate_percent=Decimal("1E+1"))
    with desk.app.app_context(), reading() as session:
        assert offers.of_case(session, desk.case(number).id)[-1].rate_percent_per_year == "10"


def test_a_new_offer_ends_the_open_one(desk: Desk) -> None:
    number = reviewed(desk)

    issued(desk, number, amount=Decimal("2000000.00"))

    assert offer_states(desk, number) == ["lapsed", "open"]


@pytest.mark.parametrize(
    "change",
    [
        {"rate_percent": "36.01"},
        {"rate_percent": "-1"},
        {"rate_percent": "NaN"},
        {"rate_percent": Decimal("10") / 3},
        {"term_months": 0},
        {"term_months": 361},
        {"term_months": Decimal("12.5")},
        {"valid_days": 0},
        {"repayment_method": "when_convenient"},
    ],
    ids=str,
)
def test_terms_out_of_bounds_are_refused(desk: Desk, change: dict[str, Any]) -> None:
    assert refusal(desk, desk.start(), **change).code == "BadInput"


def test_a_drawing_that_only_issues_an_offer_stops_with_the_cause_in_both_languages(desk: Desk) -> None:
    inputs = {"amount": "=3000000", "rate_percent": "=4.65", "term_months": "=12"}
    publish_drawings(desk, straight("generous", operation("p1", "issue_offer", inputs=inputs)))
    number = desk.start()
    small_processes.start(desk, "generous", number)

    desk.work()

    (incident,) = desk.incidents(number)
    assert offer_states(desk, number) == [] and incident.element_id == "p1"
    assert "额度没有占用足额" in incident.cause_zh
    assert "The limit is not reserved in full" in incident.cause_en and "额度" not in incident.cause_en


def test_an_offer_past_its_last_day_cannot_be_accepted(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = reviewed(desk)

    with pytest.raises(OperationRefused) as refused, clock.fixed_at(NOW + timedelta(days=31)):
        call(desk, number, record_acceptance)

    assert refused.value.code == "OfferGone" and offer_states(desk, number) == ["open"]


def test_an_offer_is_accepted_on_its_last_day(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = reviewed(desk)

    with clock.fixed_at(NOW + timedelta(days=30) - timedelta(minutes=1)):
        desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)

    assert offer_states(desk, number) == ["accepted"]


def test_what_was_accepted_cannot_be_accepted_again(desk: Desk) -> None:
    number = reviewed(desk)
    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)

    with pytest.raises(OperationRefused):
        call(desk, number, record_acceptance)
