"""Rows 77, 82, 85, 86, 118: what a second reviewer sees, what security bears, how few people a small loan needs."""

from __future__ import annotations

from typing import Any

from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.organisations import Organisation
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.processes.stages import small
from tests.web.visitor import Visitor, words

SMALL = {"requested_amount": "400000.00"}
GUARANTOR_CODE = "91330200MA2GRC7X91"
GUARANTOR: dict[str, Any] = {
    "guarantor_name": "宁波港城建设有限公司",
    "guarantor_code": GUARANTOR_CODE,
    "guarantor_net_assets_yuan": "9000000.00",
    "guarantor_income_yuan": "30000000.00",
    "guarantor_guarantees_yuan": "5000000.00",
}


def second_reviewers_page(desk: Desk, number: str, tab: str = "") -> str:
    """What the second reviewer's task says, with the form beside it."""
    task = desk.task(number, "second_review")
    return words(Visitor(desk, people.SECOND_REVIEWER).get(f"/tasks/{task.id}{f'?tab={tab}' if tab else ''}"))


def admit_guarantor(desk: Desk) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        session.add(
            Organisation(
                kind="guarantor",
                name_zh=GUARANTOR["guarantor_name"],
                name_en="Ningbo Gangcheng Construction",
                unified_social_credit_code=GUARANTOR_CODE,
                created_at=clock.moment().now,
            )
        )


def test_row_077_the_second_reviewer_reads_all_of_the_initial_review(desk: Desk) -> None:
    """Remarks shown read-only."""
    number = desk.at_second_review()

    page = second_reviewers_page(desk, number)

    assert "只读" in page and answers.INITIAL_PASS["opinion"] in page
    assert answers.CHECKLIST["qualification_remark"] in page and answers.CHECKLIST["finances_remark"] in page
    assert "3,000,000.00" in page and "复审意见" in page


def test_row_077_a_second_round_shows_what_the_initial_review_changed(desk: Desk) -> None:
    """Remarks shown read-only, with the differences between rounds."""
    number = desk.at_second_review()
    desk.complete(people.SECOND_REVIEWER, number, "second_review", answers.SECOND_RETURN)
    if desk.waits_for(number, "site_visit"):
        desk.complete(people.MANAGER, number, "site_visit", answers.SITE_VISIT)
    review = desk.task(number, "initial_review")
    back = words(Visitor(desk, people.OTHER_REVIEWER).get(f"/tasks/{review.id}?tab=opinions"))
    changed = answers.INITIAL_PASS | {"finances_remark": "最大客户回款已逐笔核对"}
    desk.complete(people.OTHER_REVIEWER, number, "initial_review", changed)

    page = second_reviewers_page(desk, number)

    assert answers.SECOND_RETURN["return_request"] in back
    assert (
        "比上一次改了什么" in page and "最大客户回款已逐笔核对" in page and answers.CHECKLIST["finances_remark"] in page
    )


def test_row_082_collateral_is_valued_twice_and_the_lower_value_counts(desk: Desk) -> None:
    """Two valuations, lower one used."""
    number = desk.at_goods(requested_amount="400000.00")
    desk.complete(people.KEEPER, number, "confirm_goods", answers.CONFIRM_GOODS)
    if desk.waits_for(number, "desk_value"):
        desk.complete(people.MANAGER, number, "desk_value", answers.DESK_VALUE)
    desk.complete(people.REVIEWER, number, "initial_review", small(answers.INITIAL_PASS, "proposal"))

    found = desk.task(number, "second_review").variables["valuation"]
    page = second_reviewers_page(desk, number)

    assert found["used"] == min(found["first"], found["second"])
    for value in (found["first"], found["second"], found["used"]):
        assert f"{value:,.2f}" in page
    assert "取较低的" in page


def test_row_085_what_a_guarantor_already_guarantees_is_counted(desk: Desk) -> None:
    """Guarantor's exposure to others counted."""
    admit_guarantor(desk)
    first = desk.at_second_review(**GUARANTOR)
    alone = desk.task(first, "second_review").variables
    desk.complete(people.SECOND_REVIEWER, first, "second_review", answers.SECOND_APPROVE)

    second = desk.at_second_review(people.OTHER_FIRM, **GUARANTOR)
    after = desk.task(second, "second_review").variables
    page = second_reviewers_page(desk, second)

    # 9 million of net assets, 5 million guaranteed elsewhere; the first approval takes 3 million of the 4 left
    assert (alone["capacity"]["left"], alone["secured"]) == (4000000, True)
    assert (after["capacity"]["left"], after["secured"]) == (1000000, False)
    assert "3,000,000.00" in page and "5,000,000.00" in page and "1,000,000.00" in page
    assert "保证能力不足以覆盖本笔" in page


def test_row_118_a_guarantee_is_judged_by_the_table(desk: Desk) -> None:
    """=85: the guarantor's capacity to pay, with its exposure to others, stands before the second reviewer."""
    admit_guarantor(desk)
    number = desk.at_second_review(**GUARANTOR | {"guarantor_income_yuan": "4000000.00"})

    found = desk.task(number, "second_review").variables

    assert found["guarantor"]["total"] == 5000000 and found["capacity"]["income_cover_percent"] < 100
    assert found["secured"] is False and "保证人" in second_reviewers_page(desk, number, "overview")


def test_row_086_a_small_credit_loan_is_decided_by_two_people(desk: Desk) -> None:
    """Rules prepare everything so that a small credit loan is decided in minutes by two people; time per stage on a
    report (second review is never skipped).
    """
    number = desk.at_initial_review(**SMALL)
    desk.complete(people.REVIEWER, number, "initial_review", small(answers.INITIAL_PASS, "proposal"))
    before = desk.case(number).milestone
    desk.complete(people.SECOND_REVIEWER, number, "second_review", small(answers.SECOND_APPROVE, "approved"))

    bank = desk.organisation("zhijiang").id
    acts = [row for row in desk.history(number) if row.organisation_id == bank and row.person_id is not None]
    assert (before, desk.case(number).milestone) == ("initial_passed", "offer_issued")
    assert len(acts) == 2 and len({row.person_id for row in acts}) == 2
    report = words(Visitor(desk, people.LEAD).get("/operations"))
    assert "各流程用时" in report and "初审" in report and "复审" in report
