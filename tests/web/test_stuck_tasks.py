"""Tasks that nobody can do: each is produced, found on the page, explained in words and mended by its button."""

from __future__ import annotations

import re

import pytest

from app.storage.cases import LoanCase, set_party
from app.storage.database import reading, unit_of_work
from app.storage.people import Person
from app.storage.user_tasks import TaskCandidate
from app.use_cases.tasks.claim_task import claim_task
from tests import desk as people
from tests.desk import Desk
from tests.engine.diagrams import element
from tests.use_cases.small_processes import publish_drawings, start, straight
from tests.use_cases.tasks.test_claiming import PASS, SMALL, does
from tests.use_cases.tasks.test_four_eyes import also
from tests.web.stuck import entries, link, press, rows, without
from tests.web.visitor import Visitor, words

APPRAISERS, APPRAISER = "hengheng", "heng.jun"


@pytest.fixture
def desk(desk_on_each_database: Desk) -> Desk:
    return desk_on_each_database


@pytest.fixture
def admin(desk: Desk) -> Visitor:
    return Visitor(desk, people.ADMINISTRATOR)


def test_a_task_whose_role_nobody_has_any_more_is_offered_to_another_role(desk: Desk, admin: Visitor) -> None:
    number = desk.at_second_review(**SMALL)
    assert rows(admin, "nobody") == []
    without(desk, "second_reviewer")

    (said,) = rows(admin, "nobody")
    assert number in said and "没有在岗的人有角色“复审员”" in said
    assert "has no active person with the role" in rows(admin, "nobody", "en")[0]

    address = link(admin, "nobody", "改由其他角色办理…")
    page = admin.get(address)
    assert "评审主管" in words(page) and "财务经办" in words(page) and "融资方经办人" not in words(page)
    chosen = f"review_lead:{desk.organisation('zhijiang').id}"
    refused = admin.post(address, {"role": chosen, "reason": " "})
    assert refused.status_code == 422 and "请写明原因" in words(refused)
    admin.post(address, {"role": chosen, "reason": "复审员空缺"})

    assert rows(admin, "nobody") == []
    does(desk, people.LEAD, claim_task, desk.task(number, "second_review").id)
    assert len(entries(desk, "offer_task")) == 1


def test_a_task_comes_back_by_itself_once_somebody_has_the_role(desk: Desk, admin: Visitor) -> None:
    number = desk.at_second_review(**SMALL)
    without(desk, "second_reviewer")
    assert len(rows(admin, "nobody")) == 1
    also(desk, people.LEAD, "second_reviewer")
    assert rows(admin, "nobody") == []
    does(desk, people.LEAD, claim_task, desk.task(number, "second_review").id)


def test_a_task_that_four_eyes_keep_from_everybody_says_who_is_barred_by_what(desk: Desk, admin: Visitor) -> None:
    desk.at_second_review(**SMALL)
    without(desk, "second_reviewer")
    also(desk, people.REVIEWER, "second_reviewer")

    (said,) = rows(admin, "nobody")
    assert "都须回避：王磊办理过“初审" in said
    also(desk, people.LEAD, "second_reviewer")
    assert rows(admin, "nobody") == []


def test_who_may_be_offered_a_barred_task_is_not_the_one_who_is_barred(desk: Desk, admin: Visitor) -> None:
    number = desk.at_second_review(**SMALL)
    without(desk, "second_reviewer")
    without(desk, "review_lead")
    also(desk, people.REVIEWER, "review_lead")
    page = admin.get(f"/work/tasks/{desk.task(number, 'second_review').id}/offer")
    assert "评审主管" not in words(page)
    chosen = f"review_lead:{desk.organisation('zhijiang').id}"
    address = f"/work/tasks/{desk.task(number, 'second_review').id}/offer"
    assert admin.post(address, {"role": chosen, "reason": "试"}).status_code == 422


def test_a_task_whose_holder_lost_the_account_is_set_free(desk: Desk, admin: Visitor) -> None:
    number = desk.at_initial_review(**SMALL)
    task_id = desk.task(number, "initial_review").id
    does(desk, people.REVIEWER, claim_task, task_id)
    with desk.app.app_context(), unit_of_work() as session:
        session.get_one(Person, desk.person(people.REVIEWER).id).active = False

    (said,) = rows(admin, "nobody")
    assert "王磊领取了它，但已没有这个角色或账号已停用" in said
    press(admin, "nobody", "放回待领取")

    assert rows(admin, "nobody") == []
    assert desk.complete_task(people.OTHER_REVIEWER, task_id, PASS).case_number == number


def for_an_appraiser(desk: Desk) -> str:
    """A case with a task for an appraiser, though no appraiser is a party of it."""
    appraiser = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="appraiser"/>'
    drawn = element("userTask", "p1", appraiser, name="现场评估")
    publish_drawings(desk, straight("appraises", drawn))
    number = desk.start()
    start(desk, "appraises", number)
    return number


def joins(desk: Desk, number: str, place: str) -> None:
    """Makes an organisation the appraiser of the case, as a later step of a process may."""
    organisation_id = desk.organisation(place).id
    with desk.app.app_context(), unit_of_work() as session:
        set_party(session, session.query(LoanCase).filter_by(number=number).one().id, "appraiser", organisation_id)


def test_a_task_without_an_organisation_is_offered_again_once_there_is_one(desk: Desk, admin: Visitor) -> None:
    number = for_an_appraiser(desk)
    (said,) = rows(admin, "nobody")
    assert "现场评估" in said and number in said and "申请里没有角色“评估师”所属的机构" in said
    assert rows(admin, "incident") == []  # told once
    assert "还是没有人能办理“现场评估”" in words(press(admin, "nobody", "重新派发"))
    joins(desk, number, APPRAISERS)

    assert "现在有 1 人可以办理" in words(press(admin, "nobody", "重新派发"))

    assert rows(admin, "nobody") == [] and desk.incidents(number) == []
    (mine,) = [one for one in desk.open_tasks(number) if one.name_zh == "现场评估"]
    does(desk, APPRAISER, claim_task, mine.id)


def test_an_administrator_may_name_the_organisation_that_was_missing(desk: Desk, admin: Visitor) -> None:
    number = for_an_appraiser(desk)
    address = link(admin, "nobody", "改由其他角色办理…")
    page = admin.get(address)
    assert "该机构将成为本申请的一方" in words(page)
    value = re.findall(r'name="role" value="(appraiser:\d+)"', page.text)[0]
    admin.post(address, {"role": value, "reason": "指定评估机构"})
    (mine,) = [one for one in desk.open_tasks(number) if one.name_zh == "现场评估"]
    does(desk, APPRAISER, claim_task, mine.id)
    assert desk.incidents(number) == []


def test_retrying_a_nobody_incident_offers_its_task_too(desk: Desk, admin: Visitor) -> None:
    number = for_an_appraiser(desk)
    (incident,) = desk.incidents(number)
    address = f"/cases/{number}/incidents/{incident.id}/retry"
    assert admin.post(address).status_code == 422 and len(desk.incidents(number)) == 1
    joins(desk, number, APPRAISERS)
    assert admin.post(address).status_code == 302
    with desk.app.app_context(), reading() as session:
        assert session.query(TaskCandidate).filter_by(role_key="appraiser").count() == 1
    assert desk.incidents(number) == []
