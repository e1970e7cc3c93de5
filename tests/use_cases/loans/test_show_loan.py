"""A loan is shown with what is paid of each instalment, what each receipt paid, and books that balance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.errors import NotFound
from app.gateways import clock
from app.use_cases.loans.show_loan import LoanDetail, loans_of_case, show_loan, show_my_loan
from bench.figure import counted
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.loans.lent import at, close_to, lent, loan, receive


@pytest.fixture
def lively(desk: Desk) -> str:
    """120,000 yuan over a year: the first instalment is paid, of the second a part, the third is to come."""
    number = lent(desk)
    close_to(desk, number, date(2026, 2, 15), 7)
    receive(desk, number, "10600.00", date(2026, 2, 15))
    close_to(desk, number, date(2026, 3, 18), 7)
    receive(desk, number, "4000.00", date(2026, 3, 18))
    close_to(desk, number, date(2026, 3, 20))
    return number


def shown(desk: Desk, number: str, login: str = people.FINANCE_OFFICER, page: int = 1) -> LoanDetail:
    actor = desk.actor(login)
    with desk.app.app_context(), clock.fixed_at(at(date(2026, 3, 20)).now):
        return show_loan(actor, number, page)


def test_the_plan_says_what_is_paid_of_each_instalment(desk: Desk, lively: str) -> None:
    plan = shown(desk, lively).plan

    assert [row.state for row in plan[:4]] == ["paid", "overdue", "next", "later"]
    assert plan[0].left == 0 and plan[0].paid == Decimal("10600.00")
    assert 0 < plan[1].paid < Decimal("4000.00") and plan[1].penalty_paid > 0
    assert plan[1].paid + plan[1].penalty_paid == Decimal("4000.00")


def test_each_receipt_says_what_it_paid_to_the_fen(desk: Desk, lively: str) -> None:
    receipts = shown(desk, lively).receipts

    assert [sum(one.parts.values()) for one in receipts] == [Decimal("10600.00"), Decimal("4000.00")]
    assert [one.waiting for one in receipts] == [0, 0]
    assert receipts[0].parts == {"interest": Decimal("600.00"), "principal": Decimal("10000.00")}
    assert "penalty" in receipts[1].parts


def test_the_books_balance_and_come_in_pages(desk: Desk, lively: str) -> None:
    first, second = shown(desk, lively), shown(desk, lively, page=2)

    assert sum(first.balances.values()) == 0 and first.balances["principal_receivable"] < Decimal("120000.00")
    assert all(sum(line.amount for line in one.lines) > 0 for one in first.journals)
    ids = [one.journal.id for one in (*first.journals, *second.journals)]
    assert ids == sorted(ids, reverse=True) and len(ids) == len(set(ids)) <= first.journal_total


@pytest.mark.parametrize(
    "login", [people.OTHER_BANKS_OFFICER, people.REVIEWER, people.FIRM, people.OTHER_FIRM, people.ADMINISTRATOR]
)
def test_for_others_there_is_no_such_loan(desk: Desk, lively: str, login: str) -> None:
    with pytest.raises(NotFound):
        shown(desk, lively, login)


def test_a_firm_reads_its_own_loan_and_no_other_firms(desk: Desk, lively: str) -> None:
    mine, other, bank = (desk.actor(login) for login in (people.FIRM, people.OTHER_FIRM, people.FINANCE_OFFICER))
    with desk.app.app_context():
        assert show_my_loan(mine, lively).loan.number == lively
        for actor in (other, bank):
            with pytest.raises(NotFound):
                show_my_loan(actor, lively)


def test_the_loans_of_a_case_are_told_to_its_funder_and_the_operator(desk: Desk, lively: str) -> None:
    case_id = shown(desk, lively).loan.case_id
    told = []
    for login in (people.FINANCE_OFFICER, people.OPERATOR, people.REVIEWER, people.OTHER_BANKS_OFFICER):
        actor = desk.actor(login)
        with desk.app.app_context():
            told.append(len(loans_of_case(actor, case_id)))
    assert told == [1, 1, 0, 0]


def test_a_loan_asks_as_often_after_a_year_as_after_a_month(desk: Desk, lively: str) -> None:
    actor, asked = desk.actor(people.FINANCE_OFFICER), []
    for _ in range(2):
        with desk.app.app_context(), counted(desk.app) as seen:
            show_loan(actor, lively)
        asked.append(seen.queries)
        receive(desk, lively, "30000.00", date(2026, 4, 1), booked_on=loan(desk, lively).closed_on)
        close_to(desk, lively, date(2026, 12, 20), 30)
    assert asked[0] == asked[1] <= 20
