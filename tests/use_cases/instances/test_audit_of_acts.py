"""The audit log of a whole case: every act of a person, in order, chained, in real time even under a moved clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.errors import InvalidForm
from app.gateways import clock
from app.storage.audit import AuditEntry
from app.storage.database import unit_of_work
from app.use_cases.administration.verify_audit import verify_audit
from app.use_cases.applications.pull_back import delete_draft, pull_back
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.release_task import release_task
from tests.desk import FIRM, REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers
from tests.use_cases.lookups import audited

LONG_AGO = datetime(2020, 5, 6, 2, 0, tzinfo=UTC)


def acts(desk: Desk, since: int) -> list[tuple[str, str, object]]:
    """(login, verb, decision) of each entry after the first `since`."""
    logins = {desk.person(login).id: login for login in (FIRM, REVIEWER, SECOND_REVIEWER)}
    return [
        (logins.get(entry.person_id or 0, ""), entry.verb, (entry.detail or {}).get("decision"))
        for entry in audited(desk)[since:]
    ]


def test_every_act_of_a_case_is_audited_with_who_did_it(desk: Desk) -> None:
    since = len(audited(desk))
    number = desk.submit(requested_amount="400000.00")
    actor, task_id = desk.actor(REVIEWER), desk.task(number, "initial_review").id
    with desk.app.app_context():
        claim_task(actor, task_id)
        release_task(actor, task_id)
    small = answers.INITIAL_PASS["proposal"] | {"amount": "400000.00"}
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_PASS | {"proposal": small})
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE | {"approved": small})
    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)

    assert acts(desk, since) == [
        (FIRM, "apply", None),
        (FIRM, "complete_task", None),
        (FIRM, "upload_document", None),
        (FIRM, "complete_task", None),
        (REVIEWER, "claim_task", None),
        (REVIEWER, "release_task", None),
        (REVIEWER, "complete_task", "pass"),
        (SECOND_REVIEWER, "complete_task", "approve"),
        (FIRM, "complete_task", "accept"),
    ]


def test_pulling_back_and_deleting_are_audited(desk: Desk) -> None:
    since, actor = len(audited(desk)), desk.actor(FIRM)
    number = desk.submit()
    with desk.app.app_context():
        pull_back(actor, number)
        desk.work()
        delete_draft(actor, number)

    assert [verb for _, verb, _ in acts(desk, since)][-2:] == ["pulled_back", "deleted"]


def test_an_act_that_is_refused_leaves_no_entry(desk: Desk) -> None:
    number = desk.start()
    before = len(audited(desk))

    with pytest.raises(InvalidForm):
        desk.complete(FIRM, number, "working-capital-application", desk.application(FIRM, requested_amount="viel"))

    assert len(audited(desk)) == before


def test_the_chains_of_all_organisations_hold(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    desk.at_second_review()

    with desk.app.app_context():
        assert verify_audit() == []


def test_a_changed_entry_breaks_its_organisations_chain_there(desk: Desk) -> None:
    desk.at_second_review()
    firm = desk.organisation("qingxi").id
    entry = [one for one in audited(desk) if one.organisation_id == firm][1]
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == entry.id).values(target="LN000000000000"))

    with desk.app.app_context():
        assert [(one.organisation_id, one.sequence) for one in verify_audit()] == [(firm, entry.sequence)]


def test_the_log_carries_real_time_while_the_business_clock_is_moved(desk: Desk) -> None:
    before, since = clock.real_now(), len(audited(desk))
    with clock.fixed_at(LONG_AGO):
        number = desk.start()

    entries = audited(desk)[since:]
    assert entries and all(before - timedelta(seconds=1) <= one.at <= clock.real_now() for one in entries)
    assert desk.case(number).created_at == LONG_AGO and number.startswith("LN20200506")
