"""Loans through pages: the bank's list and books, the firm's next repayment, and nothing for anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from app.gateways import clock
from bench.figure import counted
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.loans.lent import at, close_to, lent, receive
from tests.use_cases.payments.alarms import alarm_of
from tests.web.test_languages import CHINESE, CODES, HOLE, KEY, is_data, names
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]
TODAY = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.fixed_at(at(TODAY).now):
        yield


@pytest.fixture
def late(desk: Desk) -> str:
    """A loan whose second instalment is late, of a firm that paid the first."""
    number = lent(desk)
    close_to(desk, number, date(2026, 2, 15), 7)
    receive(desk, number, "10600.00", date(2026, 2, 15))
    close_to(desk, number, TODAY, 7)
    return number


def test_finance_finds_a_loan_in_the_list_and_reads_its_books(desk: Desk, visit: Visit, late: str) -> None:
    officer = visit(people.FINANCE_OFFICER)

    listed = officer.get("/loans?show=overdue")
    page = officer.get(f"/loans/{late}")

    assert f"/loans/{late}" in listed.text and "逾期 5 天" in words(listed)
    read = words(page)
    assert "还款计划" in read and "利息 600.00，本金 10,000.00" in read and "计提罚息" in read
    assert "借贷之差 0.00" in read


def test_a_filter_that_finds_nothing_says_so(desk: Desk, visit: Visit, late: str) -> None:
    page = visit(people.FINANCE_OFFICER).get("/loans?show=ended")
    assert "没有找到贷款" in words(page) and 'href="/loans"' in page.text


def test_a_firm_sees_what_it_owes_and_how_to_pay(desk: Desk, visit: Visit, late: str) -> None:
    firm = visit(people.FIRM)

    mine, own = firm.get("/my-loans"), firm.get(f"/my-loans/{late}")

    assert f"/my-loans/{late}" in mine.text and "已逾期 5 天" in words(mine)
    read = words(own)
    assert "附言只写借据号" in read and "已还 1 / 12 期" in read and "分录" not in read
    assert f"/sandbox-bank?remark={late}" in own.text


def test_the_page_of_the_case_leads_to_the_loan_whoever_sees_the_ledger(desk: Desk, visit: Visit) -> None:
    with clock.fixed_at(at(date(2026, 11, 21)).now):  # the sample application is of this day
        case = desk.at_initial_review()
    number = lent(desk, case_number=case)

    assert f"/cases/{case}" in visit(people.FINANCE_OFFICER).get(f"/loans/{number}").text
    assert f"/loans/{number}" in visit(people.FINANCE_OFFICER).get(f"/cases/{case}").text
    assert f"/loans/{number}" not in visit(people.REVIEWER).get(f"/cases/{case}").text


def test_another_banks_and_another_firms_loan_is_no_page(desk: Desk, visit: Visit, late: str) -> None:
    assert visit(people.OTHER_BANKS_OFFICER).get(f"/loans/{late}").status_code == 404
    assert visit(people.OTHER_FIRM).get(f"/my-loans/{late}").status_code == 404
    assert visit(people.FIRM).get(f"/loans/{late}").status_code == 404
    assert late not in visit(people.OTHER_BANKS_OFFICER).get("/loans").text
    assert late not in visit(people.OTHER_FIRM).get("/my-loans").text


def test_the_pages_speak_both_languages(desk: Desk, visit: Visit, late: str) -> None:
    known, faults = names(desk) | {"东明机械有限公司"}, []  # a payee outside of the platform
    places = {
        people.FINANCE_OFFICER: ["/loans", f"/loans/{late}", "/finance", "/finance?show=out", "/finance?show=in"],
        people.FIRM: ["/my-loans", f"/my-loans/{late}"],
    }
    for login, paths in places.items():
        for language in ("zh", "en"):
            visitor = visit(login, language=language)
            for path in paths:
                text = words(CODES.sub(" ", visitor.get(path).text))
                faults += [(path, found) for found in (*HOLE.findall(text), *KEY.findall(text))]
                if language == "en":
                    faults += [(path, part) for part in set(CHINESE.findall(text)) if not is_data(part, known)]
    assert faults == []


def test_the_firms_page_asks_as_often_for_three_loans_as_for_one(desk: Desk, visit: Visit, late: str) -> None:
    visitor, asked = visit(people.FIRM), []
    for _ in range(2):
        visitor.get("/my-loans")
        with counted(desk.app) as seen:
            assert visitor.get("/my-loans").status_code == 200
        asked.append(seen.queries)
        lent(desk), lent(desk)
    assert asked[0] == asked[1] <= 12


def test_finance_sees_payments_alarms_and_a_trial_balance_of_nothing(desk: Desk, visit: Visit, late: str) -> None:
    alarm_id = alarm_of(desk)
    officer = visit(people.FINANCE_OFFICER)

    page = officer.get("/finance?show=out")
    settled = officer.post(f"/finance/alarms/{alarm_id}/settle", {"remark": "重复通知"})

    read = words(page)
    assert "现在又说 5.00 元" in read and "借贷之差 0.00" in read and f"/loans/{late}" in page.text
    after = officer.get(settled.location)
    assert "告警已处理" in words(after) and "现在又说 5.00 元" not in words(after)
    assert officer.get("/finance?until=nonsense&page=0").status_code == 200


def test_without_a_remark_the_alarm_stays(desk: Desk, visit: Visit, late: str) -> None:
    officer = visit(people.FINANCE_OFFICER)
    answer = officer.post(f"/finance/alarms/{alarm_of(desk)}/settle", {"remark": " "})
    page = words(officer.get(answer.location))
    assert "请写明核实的结果" in page and "现在又说 5.00 元" in page
