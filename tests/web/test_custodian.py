"""What a warehouse keeper sees through pages: the receipt and the goods, and nothing of the firm's money."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]
MONEY = ("42,660,000", "3,120,000", "28,400,000", "900,000", "营业收入", "净利润", "评级", "征信")


def test_a_keeper_sees_the_receipt_and_nothing_of_the_firms_money(desk: Desk, visit: Visit) -> None:
    task = desk.task(desk.at_goods(), "confirm_goods")
    page = visit(people.KEEPER).get(f"/tasks/{task.id}")

    seen = words(page)
    assert page.status_code == 200
    for one in ("CD-2026-0711", "电解铜 Cu-CATH-1", "30.5", "北仑一号库 3 区", "2,135,000", "清溪织造有限公司"):
        assert one in seen, one
    hidden = (*answers.SENSITIVE_TEXTS, answers.COMPANY["account_bank"], *MONEY, "/cases/", "/documents/")
    assert [text for text in hidden if text in page.text] == []


def test_a_keepers_inbox_shows_no_amount_and_no_rating(desk: Desk, visit: Visit) -> None:
    number = desk.at_goods()
    page = visit(people.KEEPER).get("/inbox")

    assert page.status_code == 200 and number in page.text and "核库" in words(page)
    assert [text for text in MONEY if text in page.text] == []


@pytest.mark.parametrize("path", ["/cases", "/cases/{case}", "/applications/{case}"])
def test_a_keeper_opens_no_case(desk: Desk, visit: Visit, path: str) -> None:
    number = desk.at_goods()

    assert visit(people.KEEPER).get(path.format(case=number)).status_code in (403, 404)


def test_a_keeper_confirms_the_goods_in_english(desk: Desk, visit: Visit) -> None:
    number = desk.at_goods()
    path = f"/tasks/{desk.task(number, 'confirm_goods').id}"
    visitor = visit(people.KEEPER, language="en")
    assert "Please check that the goods are in store" in words(visitor.get(path))

    visitor.post(f"{path}/complete", answers.CONFIRM_GOODS)
    desk.work()

    assert desk.case(number).milestone == "accepted"


def test_a_count_below_the_receipt_is_refused_beside_its_field(desk: Desk, visit: Visit) -> None:
    number = desk.at_goods()
    path = f"/tasks/{desk.task(number, 'confirm_goods').id}/complete"

    page = visit(people.KEEPER).post(path, answers.CONFIRM_GOODS | {"quantity_found": "21"})

    assert page.status_code == 422 and "盘点数量" in words(page) and desk.waits_for(number, "confirm_goods")


def test_a_firm_reads_in_its_language_why_its_receipt_is_not_taken(desk: Desk, visit: Visit) -> None:
    number = desk.at_goods()
    desk.complete(people.KEEPER, number, "confirm_goods", answers.LIEN_ON_GOODS)
    path = f"/tasks/{desk.task(number, 'supplement').id}"

    zh, en = (words(visit(people.FIRM, language=language).get(path)) for language in ("zh", "en"))

    assert "监管仓登记货物有其他质押或查封" in zh and "监管仓登记" not in en
    assert "The warehouse knows of another pledge or seizure of the goods." in en


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reviewers_read_the_receipt_and_its_confirmation_beside_the_form(
    desk: Desk, visit: Visit, language: str
) -> None:
    number = desk.at_goods()
    desk.complete(people.KEEPER, number, "confirm_goods", answers.CONFIRM_GOODS)
    visitor = visit(people.REVIEWER, language=language)
    path = f"/tasks/{desk.task(number, 'initial_review').id}"

    overview, opinions = words(visitor.get(path)), words(visitor.get(f"{path}?tab=opinions"))

    expected = {
        "zh": ("质押货物", "已质押", "核库", "货单相符"),
        "en": ("Pledged goods", "Pledged", "Confirm the goods", "as the receipt says"),
    }
    assert all(word in overview for word in (*expected[language][:2], "CD-2026-0711", "2,135,000"))
    assert all(word in opinions for word in expected[language][2:])


def test_a_second_reviewer_sees_the_pledged_goods(desk: Desk, visit: Visit) -> None:
    number = desk.at_goods()
    desk.complete(people.KEEPER, number, "confirm_goods", answers.CONFIRM_GOODS)
    proposal = answers.INITIAL_PASS["proposal"] | {"amount": "400000.00"}
    desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_PASS | {"proposal": proposal})

    page = visit(people.SECOND_REVIEWER).get(f"/tasks/{desk.task(number, 'second_review').id}?tab=overview")

    assert "质押货物" in words(page) and "CD-2026-0711" in words(page)
