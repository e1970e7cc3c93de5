"""The operator desk as people see it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bench.figure import counted
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.loans.lent import lent
from tests.web.visitor import Visitor, words

PATH = "/operations"


def test_an_empty_product_says_that_there_is_nothing_yet(visit: Callable[..., Visitor]) -> None:
    page = visit(people.OPERATOR).get(PATH)

    shown = words(page)
    assert page.status_code == 200
    assert "期间内没有申请" in shown and "还没有做过日终" in shown and "今天没有资金往来" in shown


@pytest.mark.parametrize("period", ["12w", "26w", "12m", "no-such-period"])
def test_every_period_has_its_page_in_both_languages(visit: Callable[..., Visitor], period: str) -> None:
    for language, head in (("zh", "运营看板"), ("en", "Statistics")):
        page = visit(people.OPERATOR, language=language).get(f"{PATH}?period={period}")
        assert page.status_code == 200 and head in words(page)


def test_english_pages_have_english_words(visit: Callable[..., Visitor], desk: Desk) -> None:
    lent(desk)
    text = visit(people.LEAD, language="en").get(PATH).text

    main = text[text.index("<main") : text.index("</main>")]
    assert re.findall(r"[\u4e00-\u9fff]+", main) == []


def test_charts_have_a_name_and_a_table_of_their_numbers(desk: Desk, visit: Callable[..., Visitor]) -> None:
    desk.at_initial_review(requested_amount="400000.00")

    text = visit(people.OPERATOR).get(PATH).text

    columns = text[text.index('<svg class="stat-columns"') :]
    assert 'role="img" aria-label="进件与批准的柱状图' in columns[:200]
    assert "<details" in columns[: columns.index("</section>")]


def test_a_banks_lead_chooses_no_funder_and_sees_no_close(visit: Callable[..., Visitor], desk: Desk) -> None:
    lead, operator = words(visit(people.LEAD).get(PATH)), words(visit(people.OPERATOR).get(PATH))

    assert "全部资金方" in operator and "全部资金方" not in lead
    assert "钱塘银行" in operator and "钱塘银行" not in lead
    other = desk.organisation("qiantang").id
    assert visit(people.LEAD).get(f"{PATH}?funder={other}").status_code == 404


def test_the_page_asks_as_often_for_many_cases_as_for_one(desk: Desk) -> None:
    visitor = Visitor(desk, people.OPERATOR)
    asked = []
    for _ in range(2):
        desk.at_initial_review(requested_amount="400000.00")
        visitor.get(PATH)
        with counted(desk.app) as seen:
            assert visitor.get(PATH).status_code == 200
        asked.append(seen.queries)
    assert asked[0] == asked[1] <= 30


def test_it_is_where_an_operator_begins(visit: Callable[..., Visitor]) -> None:
    assert visit(people.OPERATOR).get("/").location == PATH
    assert visit(people.LEAD).get("/").location == "/inbox"
