"""A firm pulls its application back, changes it and submits it again; a draft may be deleted; a decision stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from app.errors import Conflict, NotFound
from app.storage.answers import FormAnswer
from app.storage.answers import of_case as answers_of_case
from app.storage.database import reading
from app.texts import Text
from app.use_cases.applications.pull_back import delete_draft, pull_back
from app.use_cases.applications.show_progress import show_progress
from app.use_cases.cases.case_file import load_case_file
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.release_task import release_task
from app.use_cases.tasks.show_task import show_task
from app.web.pages.case_page import RoundChanges, round_changes
from tests.desk import FIRM, MANAGER, OTHER_FIRM, REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers

FORM = "working-capital-application"


def pulled_back(desk: Desk, number: str, login: str = FIRM) -> None:
    actor = desk.actor(login)
    with desk.app.app_context():
        pull_back(actor, number)
    desk.work()


def can_pull_back(desk: Desk, number: str) -> bool:
    actor = desk.actor(FIRM)
    with desk.app.app_context():
        return show_progress(actor, number).can_pull_back


def changes(desk: Desk, number: str) -> RoundChanges | None:
    with desk.app.app_context(), reading() as session:
        return round_changes(load_case_file(session, desk.case(number)))


def resubmitted(desk: Desk, number: str, **changed: str) -> None:
    desk.complete(FIRM, number, FORM, desk.application(FIRM, **changed))
    desk.upload_all(FIRM, number)
    if desk.waits_for(number, "site_visit"):
        desk.complete(MANAGER, number, "site_visit", answers.SITE_VISIT)


def test_before_acceptance_a_firm_pulls_back_into_a_new_round(desk: Desk) -> None:
    number = desk.start()
    desk.complete(FIRM, number, FORM, desk.application(FIRM))

    pulled_back(desk, number)

    case = desk.case(number)
    assert (case.round, case.milestone) == (2, "withdrawn")
    assert [task.form_key for task in desk.open_tasks(number)] == [FORM]
    assert [(one.round, one.status) for one in desk.instances(number)] == [("1", "completed"), ("2", "active")]


def test_an_accepted_application_can_be_pulled_back_until_a_reviewer_claims_it(desk: Desk) -> None:
    number = desk.submit()
    assert desk.case(number).milestone == "accepted"

    pulled_back(desk, number)

    assert desk.case(number).round == 2
    assert [task.form_key for task in desk.open_tasks(number)] == [FORM]


def test_a_claimed_application_cannot_be_pulled_back(desk: Desk) -> None:
    number = desk.at_initial_review()
    actor, task_id = desk.actor(REVIEWER), desk.task(number, "initial_review").id
    with desk.app.app_context():
        claim_task(actor, task_id)

    with pytest.raises(Conflict):
        pulled_back(desk, number)

    assert not can_pull_back(desk, number)
    assert desk.case(number).round == 1 and desk.waits_for(number, "initial_review")


def test_an_application_given_back_to_the_inbox_can_be_pulled_back_again(desk: Desk) -> None:
    number = desk.submit(requested_amount="400000.00")
    actor, task_id = desk.actor(REVIEWER), desk.task(number, "initial_review").id
    with desk.app.app_context():
        claim_task(actor, task_id)
        release_task(actor, task_id)

    pulled_back(desk, number)

    assert desk.case(number).round == 2


@pytest.mark.parametrize(
    ("form_key", "login", "given"),
    [
        ("initial_review", REVIEWER, answers.INITIAL_FAIL),
        ("initial_review", REVIEWER, answers.INITIAL_PASS),
    ],
    ids=["refused", "passed"],
)
def test_a_decided_application_cannot_be_pulled_back(
    desk: Desk, form_key: str, login: str, given: dict[str, object]
) -> None:
    number = desk.at_initial_review()
    desk.complete(login, number, form_key, given)
    milestone = desk.case(number).milestone

    with pytest.raises(Conflict):
        pulled_back(desk, number)

    assert desk.case(number).milestone == milestone and desk.case(number).round == 1


def test_an_issued_offer_cannot_be_pulled_back(desk: Desk) -> None:
    number = desk.at_second_review()
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)

    with pytest.raises(Conflict):
        pulled_back(desk, number)

    assert desk.waits_for(number, "accept_offer")


def test_pulling_back_twice_opens_one_round(desk: Desk) -> None:
    number = desk.submit()
    actor = desk.actor(FIRM)
    with desk.app.app_context():
        pull_back(actor, number)

    with pytest.raises(Conflict), desk.app.app_context():
        pull_back(actor, number)
    desk.work()

    assert desk.case(number).round == 2 and len(desk.open_tasks(number)) == 1


def test_another_firms_application_is_not_found(desk: Desk) -> None:
    number = desk.submit()

    with pytest.raises(NotFound):
        pulled_back(desk, number, OTHER_FIRM)

    assert desk.case(number).round == 1


def test_the_next_round_is_filled_with_what_was_entered_before(desk: Desk) -> None:
    number = desk.submit(requested_amount="4000000.00")
    pulled_back(desk, number)

    actor, task_id = desk.actor(FIRM), desk.task(number, FORM).id
    with desk.app.app_context():
        nodes = show_task(actor, task_id).nodes

    shown = {node.path: node.value for node in _flat(nodes)}
    assert shown["repayment_source"] == answers.WORKING_CAPITAL["repayment_source"]
    assert "4000000" in str(shown["requested_amount"]).replace(",", "")
    assert "5119" not in str(shown["representative_id_card"])


def _flat(nodes: Iterable[Any]) -> list[Any]:
    return [one for node in nodes for one in (node, *_flat(node.children))]


def test_a_personal_number_that_is_left_masked_stays_the_same(desk: Desk) -> None:
    number = desk.submit()
    pulled_back(desk, number)
    actor, task_id = desk.actor(FIRM), desk.task(number, FORM).id
    with desk.app.app_context():
        shown = {node.path: node.value for node in _flat(show_task(actor, task_id).nodes)}

    masked = {key: shown[key] for key in ("representative_phone", "representative_id_card", "account_number")}
    resubmitted(desk, number, **masked)

    before, after = (answer.data["representative_id_card"] for answer in applications(desk, number))
    assert before == after and "$party" in after and "*" in masked["representative_id_card"]


def applications(desk: Desk, number: str) -> list[FormAnswer]:
    with desk.app.app_context(), reading() as session:
        return [one for one in answers_of_case(session, desk.case(number).id) if one.form_key == FORM]


def test_the_reviewer_sees_what_the_new_round_changed(desk: Desk) -> None:
    number = desk.submit(requested_amount="4000000.00")
    pulled_back(desk, number)

    resubmitted(desk, number, requested_amount="3500000.00")

    found = changes(desk, number)
    assert found is not None and (found.from_round, found.to_round) == (1, 2)
    assert [row.after.zh for row in found.rows if isinstance(row.after, Text)] == ["3,500,000.00 元"]
    assert desk.waits_for(number, "initial_review")


def test_a_first_round_has_no_changes_to_show(desk: Desk) -> None:
    assert changes(desk, desk.submit()) is None


def test_a_resubmitted_application_reaches_the_offer(desk: Desk) -> None:
    number = desk.submit()
    pulled_back(desk, number)
    resubmitted(desk, number)
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_PASS)

    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)

    assert desk.case(number).milestone == "offer_issued"


def test_a_draft_is_deleted_for_good(desk: Desk) -> None:
    number = desk.start()
    actor = desk.actor(FIRM)

    with desk.app.app_context():
        delete_draft(actor, number)
    desk.work()

    assert desk.case(number).milestone == "deleted"
    assert desk.open_tasks(number) == [] and [one.status for one in desk.instances(number)] == ["completed"]


def test_a_submitted_application_cannot_be_deleted(desk: Desk) -> None:
    number = desk.submit()
    actor = desk.actor(FIRM)

    with pytest.raises(Conflict), desk.app.app_context():
        delete_draft(actor, number)

    assert desk.case(number).milestone == "accepted"
