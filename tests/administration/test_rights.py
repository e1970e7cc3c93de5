"""The rights of roles: given and taken by administrators, within what a role may ever have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.errors import Forbidden, NotFound
from app.storage.audit import AuditEntry
from app.storage.database import reading
from app.storage.organisations import RoleGrant
from app.use_cases.administration.load_actor import load_actor
from app.use_cases.administration.log_in import log_in
from app.use_cases.administration.people_acts import LastAdministrator, OwnRights
from app.use_cases.administration.set_grant import RightDoesNotFit, set_grant
from app.use_cases.administration.show_rights import show_rights
from app.use_cases.permissions import VERBS
from tests.desk import ADMINISTRATOR, REVIEWER, Desk


@pytest.fixture
def office(desk_on_each_database: Desk) -> Iterator[Desk]:
    with desk_on_each_database.app.app_context():
        yield desk_on_each_database


def enter(login: str) -> str:
    return log_in(login, "demo-2026", "192.0.2.7", "Firefox").token


def last_entry(verb: str) -> AuditEntry:
    with reading() as session:
        return session.scalars(select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.id.desc())).first()


def test_a_right_is_given_and_taken_with_its_giver_in_the_log(office: Desk) -> None:
    admin, token = office.actor(ADMINISTRATOR), enter(REVIEWER)
    assert set_grant(admin, "initial_reviewer", "view_ledger", True)
    actor = load_actor(token)
    assert actor is not None and "view_ledger" in actor.verbs
    assert not set_grant(admin, "initial_reviewer", "view_ledger", True)
    assert set_grant(admin, "initial_reviewer", "view_ledger", False)
    actor = load_actor(token)
    assert actor is not None and "view_ledger" not in actor.verbs
    assert last_entry("take_right").detail == {"role": "initial_reviewer", "right": "view_ledger"}


def test_a_right_that_reaches_beyond_an_organisation_is_not_given_to_a_banks_role(office: Desk) -> None:
    admin = office.actor(ADMINISTRATOR)
    for verb in ("administer_people", "view_all_cases", "publish_definitions", "view_audit"):
        with pytest.raises(RightDoesNotFit):
            set_grant(admin, "customer_manager", verb, True)
    with pytest.raises(RightDoesNotFit):
        set_grant(admin, "operator", "confirm_payments", True)


def test_nobody_changes_the_rights_of_a_role_that_they_have(office: Desk) -> None:
    for verb, granted in (("move_business_date", True), ("administer_people", False)):
        with pytest.raises(OwnRights):
            set_grant(office.actor(ADMINISTRATOR), "administrator", verb, granted)


def test_the_last_role_that_administers_people_keeps_the_right(office: Desk) -> None:
    admin = office.actor(ADMINISTRATOR)
    set_grant(admin, "auditor", "administer_people", True)
    auditor = office.actor("shen.he")
    set_grant(auditor, "administrator", "administer_people", False)
    with pytest.raises(LastAdministrator):
        set_grant(admin, "auditor", "administer_people", False)


@pytest.mark.parametrize(("role", "verb"), [("nobody", "view_cases"), ("operator", "fly")])
def test_a_role_or_right_that_there_is_not_is_not_found(office: Desk, role: str, verb: str) -> None:
    with pytest.raises(NotFound):
        set_grant(office.actor(ADMINISTRATOR), role, verb, True)


def test_the_matrix_says_who_has_what_and_what_was_changed_here(office: Desk) -> None:
    admin = office.actor(ADMINISTRATOR)
    set_grant(admin, "operator", "view_statistics", False)
    rows = {row.key: row for row in show_rights(admin)}
    assert rows["operator"].changed == {"view_statistics"} and rows["operator"].people == 1
    assert rows["administrator"].own and not rows["operator"].own
    with reading() as session:
        granted = {(row.role_key, row.verb) for row in session.scalars(select(RoleGrant))}
    assert {(key, verb) for key, row in rows.items() for verb in row.verbs} == granted
    assert {verb for _key, verb in granted} <= set(VERBS)
    with pytest.raises(Forbidden):
        show_rights(office.actor("shen.he"))
