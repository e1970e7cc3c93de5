"""The operator's page of the business date, and the marker that everybody sees while it is moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.gateways import clock
from app.moment import Moment
from app.use_cases.closing import close_all as module
from app.use_cases.closing.catch_up import catch_up
from app.use_cases.closing.move_business_date import MOST_DAYS
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.loans.lent import lent
from tests.web.visitor import Visitor, field, words

PATH = "/operations/business-date"
Visit = Callable[..., Visitor]


def in_days(days: int) -> str:
    """The ISO date so many days after the real one in China."""
    return (Moment.at(clock.real_now()).business_on + timedelta(days=days)).isoformat()


def caught_up(desk: Desk) -> None:
    with desk.app.app_context():
        catch_up()


def test_the_page_offers_a_day_a_week_and_a_date(visit: Visit) -> None:
    page = visit(people.OPERATOR).get(PATH)

    assert page.status_code == 200
    assert f'value="{in_days(1)}"' in page.text and f'value="{in_days(7)}"' in page.text
    assert f'min="{in_days(1)}" max="{in_days(MOST_DAYS)}"' in page.text


def test_without_closes_the_page_says_so_in_words(visit: Visit) -> None:
    assert "还没有做过日终" in words(visit(people.OPERATOR).get(PATH))


def test_a_move_is_said_and_everybody_sees_the_date(desk: Desk, visit: Visit) -> None:
    operator = visit(people.OPERATOR)

    moved = operator.post(PATH, {"to": in_days(30)}, follow_redirects=True)

    assert f"营业日期已推进到 {in_days(30)}" in words(moved)
    for login, path in ((people.REVIEWER, "/inbox"), (people.FIRM, "/applications")):
        assert f"营业日期 {in_days(30)}" in words(visit(login).get(path))
    assert f"Business date {in_days(30)}" in words(visit(people.REVIEWER, language="en").get("/inbox"))


def test_nobody_sees_a_marker_while_nothing_is_moved(visit: Visit) -> None:
    assert "moved-date" not in visit(people.REVIEWER).get("/inbox").text


def test_sending_the_same_move_twice_moves_once(visit: Visit) -> None:
    operator = visit(people.OPERATOR)
    operator.post(PATH, {"to": in_days(7)})

    again = operator.post(PATH, {"to": in_days(7)})

    assert again.status_code == 422 and f"营业日期已经是 {in_days(7)}" in words(again)


@pytest.mark.parametrize("entered", ["", "tomorrow", "2027-02-30", in_days(0), in_days(MOST_DAYS + 1)])
def test_a_date_that_cannot_be_is_refused_in_words_and_kept(visit: Visit, entered: str) -> None:
    page = visit(people.OPERATOR).post(PATH, {"to": entered})

    assert page.status_code == 422 and "营业日期没有变" in words(page)
    assert field(page, "to") == entered


def test_while_days_are_closed_the_page_says_how_many_and_renews_itself(desk: Desk, visit: Visit) -> None:
    caught_up(desk)
    operator = visit(people.OPERATOR)
    operator.post(PATH, {"to": in_days(30)})

    behind = operator.get(PATH)
    caught_up(desk)
    done = operator.get(PATH)

    assert "正在日终：已完成 0 天，共 30 天" in words(behind) and "data-renew" in behind.text
    assert "正在日终" not in words(done) and " data-renew" not in done.text


def test_each_close_says_what_it_did_in_words_and_money(desk: Desk, visit: Visit) -> None:
    lent(desk, paid_out_on=date.fromisoformat(in_days(0)))
    caught_up(desk)
    operator = visit(people.OPERATOR)
    operator.post(PATH, {"to": in_days(35)})
    caught_up(desk)

    page, english = words(operator.get(PATH)), words(visit(people.OPERATOR, language="en").get(PATH))

    assert f"{in_days(35)} 完成 借据 1 笔，逾期 1 笔" in page
    assert "1 loan, 1 bill, 1 message" in english
    assert f"{in_days(1)} Done 1 loan " in words(visit(people.OPERATOR, language="en").get(f"{PATH}?page=2"))


def test_a_loan_that_could_not_be_closed_is_named_with_its_cause(
    desk: Desk, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = lent(desk, paid_out_on=date.fromisoformat(in_days(-1)))

    def fails(*_: object) -> None:
        raise ZeroDivisionError("no days")

    monkeypatch.setattr(module, "close_loan_in", fails)
    caught_up(desk)

    page = words(visit(people.OPERATOR).get(PATH))
    assert number in page and "程序错误：ZeroDivisionError: no days" in page and "五分钟后自动再试" in page


def test_in_production_there_is_no_page_and_no_line_in_the_menu(
    desk: Desk, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = visit(people.OPERATOR)
    operator.post(PATH, {"to": in_days(30)})
    here = operator.get("/cases").text
    monkeypatch.setattr(clock, "_offset", [])

    sealed = operator.get("/cases").text

    assert (PATH in here, PATH in sealed, "moved-date" in sealed) == (True, False, False)
    assert operator.get(PATH).status_code == operator.post(PATH, {"to": in_days(60)}).status_code == 404
