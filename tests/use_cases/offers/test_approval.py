"""An approval and its limit are one act: what a limit, a hold or four eyes refuse is told at the form, in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select, update

from app.errors import FourEyes, Refused
from app.storage.answers import FormDraft
from app.storage.database import reading, unit_of_work
from app.storage.limits import CreditLimit
from app.storage.user_tasks import UserTask
from app.use_cases.compliance.open_hold import open_hold
from tests import desk as people
from tests.desk import COMMITTEE, OTHER_SECOND_REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers
from tests.use_cases.lookups import told, used_of
from tests.web.visitor import Visitor, words

MILLION = Decimal("1000000.00")


def set_limit(desk: Desk, kind: str, total: Decimal) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        mine = CreditLimit.funder_id == desk.organisation("zhijiang").id
        session.execute(update(CreditLimit).where(mine, CreditLimit.kind == kind).values(total=total))


def draft_of(desk: Desk, task_id: int) -> dict[str, object]:
    with desk.app.app_context(), reading() as session:
        return dict(session.scalars(select(FormDraft).where(FormDraft.task_id == task_id)).one().data)


def test_the_limit_is_held_by_the_act_that_approves(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_second_review()

    desk.complete_task(SECOND_REVIEWER, desk.task(number, "second_review").id, answers.SECOND_APPROVE)

    assert used_of(desk, "funder") == 3 * MILLION  # nothing else has run yet
    assert desk.case(number).milestone == "initial_passed"
    desk.work()
    assert desk.case(number).milestone == "offer_issued" and used_of(desk, "funder") == 3 * MILLION


def test_a_limit_that_is_short_is_told_at_the_form_and_nothing_is_lost(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_second_review()
    set_limit(desk, "product", MILLION)
    task = desk.task(number, "second_review")

    with pytest.raises(Refused) as refused:
        desk.complete_task(SECOND_REVIEWER, task.id, answers.SECOND_APPROVE)

    assert "只剩 1,000,000.00 元" in refused.value.text.zh and "产品额度" in refused.value.text.zh
    assert desk.task_row(task.id).state == "open" and used_of(desk, "funder") == 0
    assert draft_of(desk, task.id)["opinion"] == answers.SECOND_APPROVE["opinion"]
    desk.complete(SECOND_REVIEWER, number, "second_review", lowered("1000000.00"))
    assert desk.case(number).milestone == "offer_issued" and used_of(desk, "product") == MILLION


def lowered(amount: str) -> dict[str, object]:
    return answers.SECOND_CHANGED | {"approved": answers.SECOND_CHANGED["approved"] | {"amount": amount}}


def test_the_page_says_which_limit_is_short_with_everything_typed(desk: Desk) -> None:
    number = desk.at_second_review()
    set_limit(desk, "product", MILLION)
    task = desk.task(number, "second_review")

    page = Visitor(desk, SECOND_REVIEWER).post(f"/tasks/{task.id}/complete", answers.SECOND_APPROVE)

    assert page.status_code == 422
    assert "只剩 1,000,000.00 元" in words(page) and answers.SECOND_APPROVE["opinion"] in words(page)


def test_the_deciding_vote_holds_the_limit_and_a_short_one_goes_back_to_the_second_reviewer(desk: Desk) -> None:
    number, other = desk.at_committee(), desk.at_committee(people.OTHER_FIRM)
    first, second = COMMITTEE[:2]
    desk.complete(first, number, "committee_vote", answers.COMMITTEE_AGREE)
    before = used_of(desk, "funder")
    desk.complete_task(second, desk.task(number, "committee_vote").id, answers.COMMITTEE_AGREE)
    assert (before, used_of(desk, "funder")) == (0, 6 * MILLION)

    set_limit(desk, "product", 8 * MILLION)
    for member in (first, second):
        desk.complete(member, other, "committee_vote", answers.COMMITTEE_AGREE)

    assert [task.form_key for task in desk.open_tasks(other)] == ["second_review"]
    assert "额度不足" in told(desk, other, "zhijiang")[0] and used_of(desk, "funder") == 6 * MILLION


def test_an_approval_waits_while_compliance_holds_the_case(desk: Desk) -> None:
    number = desk.at_second_review()
    officer = desk.actor(people.COMPLIANCE_OFFICER)
    with desk.app.app_context():
        open_hold(officer, number, "核对实际控制人身份")

    with pytest.raises(Refused, match="compliance hold"):
        desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)

    assert used_of(desk, "funder") == 0 and desk.waits_for(number, "second_review")


def test_two_second_reviewers_are_two_persons(desk: Desk) -> None:
    number = desk.at_initial_review(requested_amount="4500000.00")
    terms = answers.INITIAL_PASS["proposal"] | {"amount": "4100000.00"}
    desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_PASS | {"proposal": terms})
    approve = answers.SECOND_APPROVE | {"approved": terms}
    desk.complete(SECOND_REVIEWER, number, "second_review", approve)
    assert desk.waits_for(number, "second_review") and used_of(desk, "funder") == 0

    with pytest.raises(FourEyes):
        desk.complete(SECOND_REVIEWER, number, "second_review", approve)
    desk.complete(OTHER_SECOND_REVIEWER, number, "second_review", approve)

    assert desk.case(number).milestone == "offer_issued"


def test_members_who_may_not_vote_lower_the_seats_and_a_new_sitting_has_the_same_members(desk: Desk) -> None:
    number = desk.at_committee()
    for member in COMMITTEE[:2]:
        desk.complete(member, number, "committee_vote", answers.COMMITTEE_RECUSE)
    desk.complete("shi.lan", number, "committee_unfinished", answers.VOTE_AGAIN)

    for member in COMMITTEE[:2]:
        desk.complete(member, number, "committee_vote", answers.COMMITTEE_AGREE)

    assert desk.case(number).milestone == "offer_issued"


@pytest.mark.parametrize("secret", [True, False])
def test_a_vote_is_seen_before_it_is_decided_only_where_the_table_says_so(desk: Desk, secret: bool) -> None:
    number = desk.at_committee()
    with desk.app.app_context(), unit_of_work() as session:
        for task in session.query(UserTask).filter_by(form_key="committee_vote"):
            task.variables = task.variables | {"authority": task.variables["authority"] | {"secret": secret}}
    words_of_vote = answers.COMMITTEE_OPPOSE["opinion"]

    desk.complete(COMMITTEE[0], number, "committee_vote", answers.COMMITTEE_OPPOSE)
    task = desk.task(number, "committee_vote")
    before = words(Visitor(desk, COMMITTEE[1]).get(f"/tasks/{task.id}?tab=opinions"))
    desk.complete(COMMITTEE[1], number, "committee_vote", answers.COMMITTEE_OPPOSE)
    after = words(Visitor(desk, COMMITTEE[1]).get(f"/tasks/{task.id}?tab=opinions"))

    assert (words_of_vote in before) is not secret and words_of_vote in after
