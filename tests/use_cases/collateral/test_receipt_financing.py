"""Warehouse receipt financing at the real desk: confirmed, pledged once, and free again when it comes to nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import NotFound
from app.gateways import clock
from app.storage.database import reading
from app.storage.outbox import OutboxRow
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.contracts.contract_input import ContractInput
from app.use_cases.offers.amounts import checked
from app.use_cases.tasks.show_task import show_task
from tests.desk import CONFIRMER, FIRM, KEEPER, OTHER_FIRM, REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers
from tests.processes.stages import APPROVE, small
from tests.use_cases.collateral.receipts import items, states
from tests.use_cases.lookups import offer_states, told, used_of
from tests.web.visitor import Visitor, words

PASS = small(answers.INITIAL_PASS, "proposal")


def at_review(desk: Desk, login: str = FIRM, **changes: Any) -> str:
    """An application whose goods the keeper confirmed; it waits for the initial review."""
    number = desk.at_goods(login, **changes)
    desk.complete(KEEPER, number, "confirm_goods", answers.CONFIRM_GOODS)
    return number


def offered(desk: Desk) -> str:
    """The same with an offer."""
    number = at_review(desk)
    desk.complete(REVIEWER, number, "initial_review", PASS)
    desk.complete(SECOND_REVIEWER, number, "second_review", APPROVE)
    return number


def message(desk: Desk, number: str, name: str) -> dict[str, Any]:
    """The payload of the newest message of this name that the case threw."""
    query = select(OutboxRow).where(OutboxRow.case_id == desk.case(number).id, OutboxRow.name == name)
    with desk.app.app_context(), reading() as session:
        payload: dict[str, Any] = session.scalars(query.order_by(OutboxRow.id.desc())).first().payload["payload"]  # type: ignore[union-attr]
        return payload


def test_a_receipt_is_confirmed_pledged_and_financed(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_goods()
    before = desk.case(number).milestone
    desk.complete(KEEPER, number, "confirm_goods", answers.CONFIRM_GOODS)
    limit = desk.task(number, "initial_review").variables["limit"]
    desk.complete(REVIEWER, number, "initial_review", PASS)
    desk.complete(SECOND_REVIEWER, number, "second_review", APPROVE)

    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)

    item = items(desk, number)[0]
    assert (before, offer_states(desk, number)) == ("submitted", ["accepted"])
    assert limit["max_amount"] == Decimal("1490000") and used_of(desk, "product") == Decimal("400000.00")
    assert (item.state, item.receipt_number, item.quantity, item.value) == (
        "pledged",
        "CD-2026-0711",
        "30.5",
        Decimal("2135000.00"),
    )
    assert item.evidence["lien_known"] == "none" and item.custodian_id == desk.organisation("jinshi").id
    assert desk.incidents(number) == []


def test_the_reviewer_reads_both_values_of_the_goods_and_which_counts(desk: Desk) -> None:
    number = at_review(desk)

    page = words(Visitor(desk, REVIEWER).get(f"/tasks/{desk.task(number, 'initial_review').id}"))

    for line in ("市场行情", "2,141,100.00", "监管仓核过", "取低者", "2,135,000.00"):
        assert line in page


def test_the_approved_credit_carries_the_receipt_as_the_contract_prints_it(desk: Desk) -> None:
    number = offered(desk)
    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)

    sent = message(desk, number, "CreditApproved")

    wanted = checked(ContractInput(), {"contracts": ["loan", "warehouse_pledge"], "receipt": sent["receipt"]})
    assert wanted["receipt"]["number"] == "CD-2026-0711" and wanted["receipt"]["value"] == Decimal("2135000.00")
    assert (wanted["receipt"]["quantity"], str(wanted["receipt"]["expires_on"])) == ("30.5", "2027-11-30")


def test_a_receipt_that_backs_an_application_is_refused_for_a_second_one_in_words(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    first, second = at_review(desk), desk.at_goods(OTHER_FIRM, receipt_number="cd-2026-0711")

    desk.complete(KEEPER, second, "confirm_goods", answers.CONFIRM_GOODS)

    words = "仓单 cd-2026-0711 已经质押给另一笔融资，一张仓单只能担保一笔，请换一张仓单。"
    assert told(desk, second, "lingshan")[0] == words
    assert [asked["text"] for asked in desk.task(second, "supplement").variables["request"]] == [words]
    assert (states(desk, first), states(desk, second)) == (["pledged"], [])
    desk.complete(OTHER_FIRM, second, "supplement", answers.SUPPLEMENT_RECEIPT)
    desk.complete(KEEPER, second, "confirm_goods", answers.CONFIRM_GOODS)
    assert desk.case(second).milestone == "accepted" and states(desk, second) == ["pledged"]


def test_a_firms_second_application_on_the_same_receipt_is_looked_at_as_a_duplicate(desk: Desk) -> None:
    first, second = desk.at_goods(), desk.start(FIRM, "warehouse-receipt")
    given = desk.application(FIRM, "warehouse-receipt", receipt_number="CD - 2026 - 0711")
    desk.complete(FIRM, second, "warehouse-receipt-application", given)
    desk.upload_all(FIRM, second)

    assert desk.task(second, "manual_verification").variables["duplicates"] == [first]


def test_another_receipt_of_the_same_firm_is_no_duplicate(desk: Desk) -> None:
    desk.at_goods()

    second = desk.start(FIRM, "warehouse-receipt")
    given = desk.application(FIRM, "warehouse-receipt", receipt_number="CD-2026-0800")
    desk.complete(FIRM, second, "warehouse-receipt-application", given)
    desk.upload_all(FIRM, second)

    assert desk.waits_for(second, "confirm_goods")


def refuse(desk: Desk) -> str:
    number = at_review(desk)
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_FAIL)
    return number


def take_back(desk: Desk) -> str:
    number = at_review(desk)
    actor = desk.actor(FIRM)
    with desk.app.app_context():
        pull_back(actor, number)
    desk.work()
    return number


def refuse_second(desk: Desk) -> str:
    number = at_review(desk)
    desk.complete(REVIEWER, number, "initial_review", PASS)
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_REFUSE)
    return number


def decline(desk: Desk) -> str:
    number = offered(desk)
    desk.complete(FIRM, number, "accept_offer", answers.DECLINE)
    return number


def let_lapse(desk: Desk) -> str:
    number = offered(desk)
    with clock.fixed_at(clock.real_now() + timedelta(days=31)):
        desk.work()
    return number


@pytest.mark.parametrize("ending", [refuse, take_back, refuse_second, decline, let_lapse])
def test_an_application_that_comes_to_no_loan_frees_its_receipt(desk: Desk, ending: Callable[[Desk], str]) -> None:
    number = ending(desk)

    other = at_review(desk, OTHER_FIRM)

    assert (states(desk, number), states(desk, other)) == (["released"], ["pledged"])


def test_a_pulled_back_application_pledges_again_what_it_says_then(desk: Desk) -> None:
    number = take_back(desk)
    given = desk.application(FIRM, "warehouse-receipt", goods_quantity="28")
    desk.complete(FIRM, number, "warehouse-receipt-application", given)
    desk.upload_all(FIRM, number)

    desk.complete(KEEPER, number, "confirm_goods", answers.CONFIRM_GOODS)

    assert [(item.state, item.quantity) for item in items(desk, number)] == [("released", "30.5"), ("pledged", "28")]


def test_only_the_custodians_people_confirm_the_goods(desk: Desk) -> None:
    task_id = desk.task(desk.at_goods(), "confirm_goods").id
    keeper, outsiders = desk.actor(KEEPER), [desk.actor(CONFIRMER), desk.actor(REVIEWER), desk.actor(FIRM)]

    with desk.app.app_context():
        assert show_task(keeper, task_id).mine
        for outsider in outsiders:
            with pytest.raises(NotFound):
                show_task(outsider, task_id)


def test_a_warehouse_that_keeps_silent_sends_the_receipt_back_on_day_five(desk: Desk) -> None:
    number = desk.at_goods()

    with clock.fixed_at(clock.real_now() + timedelta(days=5)):
        desk.work()

    assert [task.form_key for task in desk.open_tasks(number)] == ["supplement"]
    assert told(desk, number, "qingxi")[0] == "监管仓 5 天内没有确认货物，请联系对方或更正仓单信息。"
