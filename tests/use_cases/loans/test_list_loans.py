"""The list of loans holds those of one's own bank or firm only, and asks as often however many there are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.errors import Forbidden
from app.gateways import clock
from app.use_cases.loans.list_loans import FILTERS, LoanList, list_loans, list_my_loans
from bench.figure import counted
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.loans.lent import at, close_to, lent, receive

OTHER_CASE = {"login": people.FIRM_OF_TWO, "funder": "qiantang"}


def listed(desk: Desk, login: str, on: date = date(2026, 3, 20), **given: str) -> LoanList:
    actor = desk.actor(login)
    with desk.app.app_context(), clock.fixed_at(at(on).now):
        return list_loans(actor, **given)  # type: ignore[arg-type]


def numbers(found: LoanList) -> list[str]:
    return [line.loan.number for line in found.lines]


@pytest.fixture
def both(desk: Desk) -> tuple[str, str]:
    """A loan of each bank."""
    return lent(desk), lent(desk, case_number=desk.start(**OTHER_CASE))


def test_a_bank_sees_its_own_loans_and_the_operator_those_of_all(desk: Desk, both: tuple[str, str]) -> None:
    ours, theirs = both

    assert numbers(listed(desk, people.FINANCE_OFFICER)) == [ours]
    assert numbers(listed(desk, people.OTHER_BANKS_OFFICER)) == [theirs]
    assert numbers(listed(desk, people.OPERATOR)) == [theirs, ours]


def test_another_banks_loan_is_not_found_by_its_number_and_not_counted(desk: Desk, both: tuple[str, str]) -> None:
    found = listed(desk, people.FINANCE_OFFICER, words=both[1])

    assert found.lines == () and set(found.counts.values()) == {0}


def test_who_does_not_see_the_ledger_sees_no_list(desk: Desk, both: tuple[str, str]) -> None:
    for login in (people.REVIEWER, people.FIRM, people.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            listed(desk, login)


def test_filters_and_words_narrow_the_list_and_the_first_unpaid_instalment_is_said(desk: Desk) -> None:
    late, paid = lent(desk), lent(desk, "12000.00", 2, login=people.OTHER_FIRM)
    receive(desk, paid, "13000.00", date(2026, 1, 20))
    for number in (late, paid):
        close_to(desk, number, date(2026, 3, 20), 30)

    whole = listed(desk, people.FINANCE_OFFICER)
    assert whole.counts == {"": 2, "active": 1, "overdue": 1, "ended": 1}
    assert [numbers(listed(desk, people.FINANCE_OFFICER, chosen=key)) for key in FILTERS] == [[late], [late], [paid]]
    assert numbers(listed(desk, people.FINANCE_OFFICER, words="灵山")) == [paid]
    due = {line.loan.number: line.due for line in whole.lines}
    assert due[paid] is None and due[late] is not None
    assert (due[late].due_on, due[late].left) == (date(2026, 2, 15), Decimal("10600.00"))


def test_a_firm_lists_its_own_loans_those_that_run_first(desk: Desk, both: tuple[str, str]) -> None:
    first, second = both[0], lent(desk, "12000.00", 2)
    receive(desk, second, "13000.00", date(2026, 1, 20))
    close_to(desk, second, date(2026, 3, 20), 30)
    actor = desk.actor(people.FIRM)

    with desk.app.app_context():
        mine = list_my_loans(actor)

    assert [line.loan.number for line in mine] == [first, second]
    with desk.app.app_context(), pytest.raises(Forbidden):
        list_my_loans(desk.actor(people.FINANCE_OFFICER))


def test_the_list_asks_as_often_for_four_loans_as_for_one(desk: Desk) -> None:
    actor, asked = desk.actor(people.FINANCE_OFFICER), []
    for more in (1, 3):
        for _ in range(more):
            receive(desk, lent(desk), "5000.00", date(2026, 2, 1))
        with desk.app.app_context(), counted(desk.app) as seen:
            list_loans(actor)
        asked.append(seen.queries)
    assert asked[0] == asked[1] <= 6
