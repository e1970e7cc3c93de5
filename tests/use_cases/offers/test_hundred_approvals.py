"""No approval exceeds a limit, however many people approve at the same instant, on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from app.gateways import clock
from app.storage import limits
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.limits import CreditLimit, LimitReservation
from app.use_cases.offers.limits_of_case import LimitExceeded
from app.use_cases.offers.release_limit import give_back_all
from app.use_cases.offers.reserve_limit import reserve
from tests.desk import SECOND_REVIEWER, Desk
from tests.processes import answers
from tests.soak import longer
from tests.use_cases.tasks.races import at_once

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HUNDRED = 100
FIRMS = ("chen.jing", "lu.ming", "gu.fang", "tang.wei")
MILLION = Decimal("1000000.00")


def ceilings(desk: Desk) -> None:
    """Zhijiang lends 40 million in all, 30 in working capital, and 9 to the four firms as one group."""
    bank, first = desk.organisation("zhijiang").id, desk.actor(FIRMS[0]).organisation_id
    with desk.app.app_context(), unit_of_work() as session:
        for kind, total in (("funder", 40 * MILLION), ("product", 30 * MILLION)):
            mine = (CreditLimit.funder_id == bank, CreditLimit.kind == kind)
            session.execute(update(CreditLimit).where(*mine).values(total=total))
        session.add(CreditLimit(funder_id=bank, kind="group", subject=str(first), total=9 * MILLION, used=0))


def books(desk: Desk) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Kind/subject of each limit of Zhijiang -> (total, used, what the rows of reservations hold)."""
    with desk.app.app_context(), reading() as session:
        found = {}
        for row in limits.of_funder(session, desk.organisation("zhijiang").id):
            mine = LimitReservation.limit_id == row.id
            held = session.scalar(select(func.coalesce(func.sum(limits.held()), 0)).where(mine))
            found[f"{row.kind}/{row.subject}"] = (row.total, row.used, held)
        return found


def approve(desk: Desk, number: str, amount: Decimal, *, twice: bool = False) -> str:
    """An approval's reservation in a unit of its own; `twice` it is given back and made again."""
    with desk.app.app_context():
        moment = clock.moment()  # before the unit, as every use case: reading it takes a connection of its own
        for _ in range(2 if twice else 1):
            with unit_of_work() as session:
                case = session.scalars(select(LoanCase).where(LoanCase.number == number)).one()
                if twice:
                    give_back_all(session, case.id, moment.now)
                reserve(session, case, amount, moment, number)
    return number


def test_a_hundred_approvals_at_once_stay_within_every_limit(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    ceilings(desk)
    products = ("working-capital", "trade-order", "warehouse-receipt")
    asked = [(desk.start(FIRMS[n % 4], products[n % 3]), (n % 7 + 1) * MILLION / 4) for n in range(HUNDRED)]
    acts: list[Callable[[], str]] = [
        lambda number=number, amount=amount, n=n: approve(desk, number, amount, twice=n % 5 == 0)  # type: ignore[misc]
        for n, (number, amount) in enumerate(asked)
    ]

    results = at_once(*acts)

    strange = [one for one in results if not isinstance(one, str | LimitExceeded)]
    assert strange == []
    held = books(desk)
    assert all(used == sum_held and used <= total for total, used, sum_held in held.values())
    approved = [amount for (_, amount), done in zip(asked, results, strict=True) if isinstance(done, str)]
    assert sum(approved) == held[f"funder/{desk.organisation('zhijiang').id}"][1] > 0
    # what was refused would not fit now either: nobody was sent away while there was room
    smallest = min((amount for (_, amount), done in zip(asked, results, strict=True) if not isinstance(done, str)))
    assert min(total - used for total, used, _ in held.values()) < smallest


@pytest.mark.soak
@pytest.mark.parametrize("people", longer([4], [HUNDRED]))
def test_reviewers_who_approve_at_once_never_exceed_a_limit(desk_on_each_database: Desk, people: int) -> None:
    desk = desk_on_each_database
    each = Decimal("400000.00")
    terms = answers.INITIAL_PASS["proposal"] | {"amount": str(each)}
    with clock.fixed_at(NOW):
        tasks = [
            desk.task(desk.at_second_review(FIRMS[n % 4], requested_amount=str(each)), "second_review").id
            for n in range(people)
        ]
        room = people // 2 * each
        with desk.app.app_context(), unit_of_work() as session:
            bank = desk.organisation("zhijiang").id
            mine = (CreditLimit.funder_id == bank, CreditLimit.kind == "funder")
            session.execute(update(CreditLimit).where(*mine).values(total=room))
        given = answers.SECOND_APPROVE | {"approved": terms}

        at_once(*(lambda task=task: desk.complete_task(SECOND_REVIEWER, task, given) for task in tasks))  # type: ignore[misc]
        desk.work()

    held = books(desk)
    assert all(used == sum_held and used <= total for total, used, sum_held in held.values())
    assert held[f"funder/{bank}"][1] == room
