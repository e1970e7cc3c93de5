"""Statistics count what happened, to the minute and the yuan, and show a bank nothing of another one's."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil

import pytest

from app.errors import Forbidden, NotFound
from app.gateways import clock
from app.moment import BUSINESS_ZONE
from app.storage.cases import CaseParty, LoanCase
from app.storage.database import unit_of_work
from app.storage.instances import ProcessInstance
from app.storage.loans import Loan
from app.storage.month_ends import LoanMonthEnd
from app.storage.releases import ProcessDefinition
from app.storage.statistics import Times
from app.use_cases.closing.close_all import close_all
from app.use_cases.reporting.outcomes import Outcomes
from app.use_cases.reporting.portfolio import Roll
from app.use_cases.reporting.show_statistics import Statistics, show_statistics
from tests.desk import FIRM, LEAD, OPERATOR, REVIEWER, Desk
from tests.use_cases.loans.lent import at, lent, receive

RISK_MANAGER, OTHER_BANKS_LEAD, AUDITOR = "shi.lan", "song.kai", "shen.he"
NOON = datetime(2026, 11, 18, 12, tzinfo=BUSINESS_ZONE)  # a Wednesday


@pytest.fixture
def quiet(desk_on_each_database: Desk) -> Desk:
    """The demo's people and products without any application, on each kind of database."""
    return desk_on_each_database


def statistics(
    desk: Desk, login: str = OPERATOR, period: str = "12w", funder: str = "", on: datetime = NOON
) -> Statistics:
    """As the person sees them at `on`."""
    with desk.app.app_context(), clock.fixed_at(on):
        return show_statistics(desk.actor(login), period, desk.organisation(funder).id if funder else None)


def opened(
    desk: Desk, milestone: str, begun: datetime, funder: str = "zhijiang", product: str = "working-capital"
) -> int:
    """The id of a case that has come to the milestone."""
    opened.number += 1  # type: ignore[attr-defined]
    with desk.app.app_context(), unit_of_work() as session:
        case = LoanCase(
            number=f"ST{opened.number:06d}",  # type: ignore[attr-defined]
            product_key=product,
            milestone=milestone,
            milestone_at=begun,
            created_at=begun,
        )
        session.add(case)
        session.flush()
        session.add(CaseParty(case_id=case.id, capacity="funder", organisation_id=desk.organisation(funder).id))
        session.add(CaseParty(case_id=case.id, capacity="borrower", organisation_id=desk.organisation("qingxi").id))
        return case.id


opened.number = 0  # type: ignore[attr-defined]


def ran(desk: Desk, case_id: int, process: str, lasted: Iterable[int], ended: datetime = NOON) -> None:
    """Runs of a process in a case that took so many minutes each."""
    with desk.app.app_context(), unit_of_work() as session:
        release = session.get_one(ProcessDefinition, process).release_id
        for number, minutes in enumerate(lasted):
            keys = {"business_key": f"{case_id}-{number}", "release_id": release, "status": "completed"}
            begun = ended - timedelta(minutes=minutes, seconds=20)
            session.add(ProcessInstance(case_id=case_id, process_key=process, started_at=begun, ended_at=ended, **keys))


def test_weeks_begin_on_mondays_in_china_and_drafts_are_the_firms_own(quiet: Desk) -> None:
    monday = datetime(2026, 11, 16, tzinfo=BUSINESS_ZONE)
    for begun in (monday - timedelta(seconds=1), monday, monday + timedelta(days=1)):
        opened(quiet, "accepted", begun)
    opened(quiet, "draft", monday)
    opened(quiet, "accepted", monday - timedelta(weeks=12))

    steps = statistics(quiet).steps

    assert [day for day, _ in steps[-2:]] == [date(2026, 11, 9), date(2026, 11, 16)]
    assert [one.every for _, one in steps] == [0] * 10 + [1, 2]


def test_months_begin_on_their_first(quiet: Desk) -> None:
    for begun in (datetime(2026, 10, 31, 23, 59, tzinfo=BUSINESS_ZONE), datetime(2026, 11, 1, tzinfo=BUSINESS_ZONE)):
        opened(quiet, "submitted", begun)

    steps = statistics(quiet, period="12m").steps

    assert (len(steps), steps[0][0]) == (12, date(2025, 12, 1))
    assert [one.every for _, one in steps[-2:]] == [1, 1]


def test_the_approval_rate_is_of_decided_applications_by_product(quiet: Desk) -> None:
    for milestone in (
        "disbursed",
        "settled",
        "offer_issued",
        "declined",
        "refused",
        "not_eligible",
        "lapsed",
        "accepted",
    ):
        opened(quiet, milestone, NOON)
    opened(quiet, "refused", NOON, product="trade-order")

    products = {name.en: one for name, one in statistics(quiet).products}

    assert products["Working capital loan"] == Outcomes(8, approved=4, lent=2, refused=2, given_up=1)
    assert products["Working capital loan"].approval_rate == Decimal("66.7")
    assert products["Working capital loan"].under_way == 1
    assert [one.approval_rate for one in products.values()] == [Decimal("66.7"), Decimal("0.0")]


def test_medians_and_ninetieth_percentiles_are_those_of_the_sorted_minutes(quiet: Desk) -> None:
    draw = random.Random(7)
    case_id = opened(quiet, "accepted", NOON)
    ran(quiet, case_id, "disbursement", [5], NOON - timedelta(weeks=13))  # too long ago
    for process, many in (("initial_review", 1), ("second_review", 10), ("contract_signing", 137)):
        lasted = [draw.choice([3, 3, 60, draw.randrange(20_000)]) for _ in range(many)]
        ran(quiet, case_id, process, lasted)
        expected = Times(process, many, sorted(lasted)[ceil(many / 2) - 1], sorted(lasted)[ceil(many * 0.9) - 1])
        assert expected in [one.times for one in statistics(quiet).times]
    assert "disbursement" not in [one.times.key for one in statistics(quiet).times]


def test_a_case_stands_in_the_stage_of_its_running_process(desk: Desk) -> None:
    desk.at_initial_review(requested_amount="400000.00")

    stages = statistics(desk, on=clock.real_now()).stages

    assert len(stages) == 7
    assert [one.name.of("en") for one in stages if one.name.zh == "贷后"] == ["After payout"]
    assert not any("、" in one.name.zh for one in stages)
    assert [(one.reached, one.now) for one in stages[:3]] == [(1, 0), (1, 1), (0, 0)]


def test_a_bank_sees_its_own_and_the_platform_the_sum(quiet: Desk) -> None:
    for funder, many in (("zhijiang", 3), ("qiantang", 2)):
        for _ in range(many):
            ran(quiet, opened(quiet, "disbursed", NOON, funder), "initial_review", [30])

    def seen(login: str, funder: str = "") -> tuple[int, int, int]:
        found = statistics(quiet, login, funder=funder)
        return found.steps[-1][1].every, found.stages[1].reached, sum(one.times.many for one in found.times)

    assert seen(LEAD) == seen(RISK_MANAGER) == seen(LEAD, "zhijiang") == seen(OPERATOR, "zhijiang") == (3, 3, 3)
    assert seen(OTHER_BANKS_LEAD) == seen(AUDITOR, "qiantang") == (2, 2, 2)
    assert seen(OPERATOR) == (5, 5, 5)


def test_a_bank_learns_nothing_of_others_or_of_what_is_summed_over_all(quiet: Desk) -> None:
    with pytest.raises(NotFound):
        statistics(quiet, LEAD, funder="qiantang")
    with pytest.raises(NotFound):
        statistics(quiet, OPERATOR, funder="qingxi")  # no funder
    found = statistics(quiet, LEAD)
    assert (found.funders, found.closes, found.balances) == ((), (), None)
    assert {one.funder.en for one in found.limits} == {"Zhijiang Bank"}
    assert {name.en for _, name in statistics(quiet).funders} == {"Zhijiang Bank", "Qiantang Bank"}


@pytest.mark.parametrize("login", [REVIEWER, FIRM])
def test_who_has_no_right_to_statistics_sees_none(desk: Desk, login: str) -> None:
    with pytest.raises(Forbidden):
        statistics(desk, login)


def test_the_money_of_the_day_and_what_is_on_no_item_yet_are_the_ledgers(quiet: Desk) -> None:
    number = lent(quiet, paid_out_on=date(2026, 1, 15))
    receive(quiet, number, "1000.00", date(2026, 1, 20))

    lent_day = statistics(quiet, on=at(date(2026, 1, 15)).now).money
    paid_day = statistics(quiet, on=at(date(2026, 1, 20)).now).money

    assert [(one.name.en, one.received, one.paid_out) for one in lent_day] == [
        ("Zhijiang Bank", Decimal("0.00"), Decimal("120000.00"))
    ]
    assert [(one.received, one.paid_out, one.unapplied) for one in paid_day] == [
        (Decimal("1000.00"), Decimal("0.00"), Decimal("1000.00"))
    ]
    assert not statistics(quiet, OTHER_BANKS_LEAD, on=at(date(2026, 1, 20)).now).portfolio.loans


def test_the_close_of_a_months_last_day_keeps_how_loans_stand(quiet: Desk) -> None:
    lent(quiet, paid_out_on=date(2026, 1, 15))
    for day in (date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)):
        with quiet.app.app_context(), clock.fixed_at(at(day).now):
            assert close_all(day).state == "done"

    found = statistics(quiet, on=at(date(2026, 2, 1)).now)

    assert found.portfolio.late_months == ((date(2026, 1, 31), Decimal("0.00")),)
    assert (found.portfolio.loans, found.portfolio.amount) == (1, Decimal("123900.00"))  # with the interest to come
    assert (found.closed_on, found.balances) == (date(2026, 2, 1), {"CNY": Decimal("0.00")})
    assert [one.on for one in found.closes] == [date(2026, 2, 1), date(2026, 1, 31), date(2026, 1, 30)]


def test_roll_rates_are_the_share_of_the_debt_that_went_a_bucket_farther(quiet: Desk) -> None:
    loans = [lent(quiet, amount, paid_out_on=date(2026, 1, 15)) for amount in ("100000.00", "300000.00", "100000.00")]
    # at the end of January; at the end of February (None: repaid)
    stood: list[tuple[int, int | None]] = [(0, 20), (10, 10), (0, None)]
    with quiet.app.app_context(), unit_of_work() as session:
        rows = {loan.number: loan for loan in session.query(Loan).filter(Loan.number.in_(loans))}
        for number, days in zip(loans, stood, strict=True):
            for on, dpd in zip((date(2026, 1, 31), date(2026, 2, 28)), days, strict=True):
                if dpd is not None:
                    loan = rows[number]
                    owed = {"outstanding": loan.principal, "funder_id": loan.funder_id}
                    session.add(LoanMonthEnd(on=on, loan_id=loan.id, dpd=dpd, **owed))

    found = statistics(quiet, on=at(date(2026, 3, 10)).now).portfolio

    end = date(2026, 2, 28)
    assert found.rolls[:2] == (Roll(0, ((end, Decimal("50.00")),)), Roll(1, ((end, Decimal("0.00")),)))
    assert statistics(quiet, OTHER_BANKS_LEAD, on=at(date(2026, 3, 10)).now).portfolio.rolls[0].points == ()
    # the end of March was not closed: nothing is said of it
    assert statistics(quiet, on=at(date(2026, 4, 10)).now).portfolio.rolls == found.rolls


def test_buckets_hold_what_is_owed_by_days_past_due_now(quiet: Desk) -> None:
    loans = [lent(quiet, "100000.00", paid_out_on=date(2026, 1, 15)) for _ in range(3)]
    with quiet.app.app_context(), unit_of_work() as session:
        for number, dpd in zip(loans, (0, 30, 91), strict=True):
            session.query(Loan).filter(Loan.number == number).update({"dpd": dpd})

    found = statistics(quiet, on=at(date(2026, 3, 10)).now).portfolio

    assert [(one.begins, one.ends, one.loans) for one in found.buckets if one.loans] == [(8, 30, 1), (91, 180, 1)]
    assert found.late_share == Decimal("33.33")
