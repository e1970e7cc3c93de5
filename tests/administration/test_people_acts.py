"""What an administrator does to people and rights, and what nobody may, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, NotFound, ProductError, Refused
from app.storage.audit import AuditEntry
from app.storage.database import db, reading
from app.storage.organisations import Membership
from app.storage.people import Person
from app.use_cases.administration.activate_person import activate_person
from app.use_cases.administration.add_membership import RoleDoesNotFit, add_membership
from app.use_cases.administration.create_person import FirstPassword, NewPerson, create_person
from app.use_cases.administration.deactivate_person import deactivate_person
from app.use_cases.administration.end_membership import end_membership
from app.use_cases.administration.end_sessions import end_sessions
from app.use_cases.administration.list_people import PAGE_SIZE, list_people
from app.use_cases.administration.load_actor import load_actor
from app.use_cases.administration.log_in import LockedOut, LogInRefused, log_in
from app.use_cases.administration.logins import LoginRefused
from app.use_cases.administration.passwords import WeakPassword
from app.use_cases.administration.people_acts import LastAdministrator, OwnRights
from app.use_cases.administration.rename_person import rename_person
from app.use_cases.administration.reset_password import reset_password
from app.use_cases.administration.show_person import show_person
from app.use_cases.administration.unlock_person import unlock_person
from app.use_cases.permissions import Actor
from tests.desk import ADMINISTRATOR, OPERATOR, REVIEWER, Desk

DEMO = "demo-2026"
Act = Callable[[Actor, int], Any]


@pytest.fixture
def office(desk_on_each_database: Desk) -> Iterator[Desk]:
    with desk_on_each_database.app.app_context():
        yield desk_on_each_database


def enter(login: str, password: str = DEMO) -> str:
    return log_in(login, password, "192.0.2.7", "Firefox").token


def membership(person_id: int) -> int:
    with reading() as session:
        return session.scalars(select(Membership.id).where(Membership.person_id == person_id)).first() or 0


def last_entry(verb: str) -> AuditEntry:
    with reading() as session:
        return session.scalars(select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.id.desc())).first()


def new_person(office: Desk, **changes: Any) -> FirstPassword:
    values = {"login": "ding.yi", "name_zh": "丁一", "name_en": "Ding Yi", "role_key": "initial_reviewer"}
    values |= {"organisation_id": office.organisation("zhijiang").id} | changes
    return create_person(office.actor(ADMINISTRATOR), NewPerson(**values))


def second_administrator(office: Desk) -> Actor:
    made = new_person(
        office, login="ding.er", role_key="administrator", organisation_id=office.organisation("platform").id
    )
    actor = load_actor(enter("ding.er", made.password))
    assert actor is not None
    return actor


ACTS: dict[str, Act] = {
    "deactivate": lambda actor, id_: deactivate_person(actor, id_, "why"),
    "activate": lambda actor, id_: activate_person(actor, id_, "why"),
    "unlock": unlock_person,
    "rename": lambda actor, id_: rename_person(actor, id_, "名", ""),
    "reset": lambda actor, id_: reset_password(actor, id_),
    "add": lambda actor, id_: add_membership(actor, id_, actor.organisation_id, "operator"),
    "end": lambda actor, id_: end_membership(actor, id_, membership(id_), "why"),
}


@pytest.mark.parametrize("act", ACTS)
def test_who_may_not_administer_people_may_do_none_of_it(office: Desk, act: str) -> None:
    for login in (REVIEWER, OPERATOR, "shen.he"):
        with pytest.raises(Forbidden):
            ACTS[act](office.actor(login), office.person("xu.na").id)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_does_any_of_it_to_themselves(office: Desk, act: str) -> None:
    second_administrator(office)
    actor = office.actor(ADMINISTRATOR)
    with pytest.raises(OwnRights):
        ACTS[act](actor, actor.person_id)


@pytest.mark.parametrize("act", ACTS)
def test_a_person_that_there_is_not_is_not_found(office: Desk, act: str) -> None:
    with pytest.raises(NotFound):
        ACTS[act](office.actor(ADMINISTRATOR), 999_999)


def test_a_new_person_logs_in_with_the_first_password_and_must_change_it(office: Desk) -> None:
    made = new_person(office)
    actor = load_actor(enter("ding.yi", made.password))
    assert actor is not None and actor.must_change_password and actor.roles == {"initial_reviewer"}
    entry = last_entry("create_person")
    assert entry.target == f"person/{made.person_id}" and made.password not in str(entry.detail)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"login": "Ding Yi"}, LoginRefused),
        ({"login": REVIEWER}, Conflict),
        ({"name_zh": " "}, Refused),
        ({"name_en": "x" * 101}, Refused),
        ({"password": "short"}, WeakPassword),
        ({"role_key": "administrator"}, RoleDoesNotFit),
        ({"role_key": "nobody"}, NotFound),
        ({"organisation_id": 999_999}, NotFound),
    ],
)
def test_a_person_with_something_wrong_is_not_created(
    office: Desk, changes: dict[str, Any], error: type[Exception]
) -> None:
    before = list_people(office.actor(ADMINISTRATOR)).total
    with pytest.raises(error):
        new_person(office, **changes)
    assert list_people(office.actor(ADMINISTRATOR)).total == before


def test_a_role_of_the_platform_is_not_given_at_a_bank(office: Desk) -> None:
    with pytest.raises(RoleDoesNotFit):
        add_membership(
            office.actor(ADMINISTRATOR), office.person(REVIEWER).id, office.organisation("zhijiang").id, "administrator"
        )


def test_a_membership_counts_from_the_next_request_and_ends_with_the_next(office: Desk) -> None:
    admin, person = office.actor(ADMINISTRATOR), office.person(OPERATOR)
    token, platform = enter(OPERATOR), office.organisation("platform").id
    add_membership(admin, person.id, platform, "auditor")
    actor = load_actor(token)
    assert actor is not None and "view_audit" in actor.verbs
    held = {one.role.en: one.id for one in show_person(admin, person.id, "").held}
    end_membership(admin, person.id, held["Auditor"], "moved on")
    actor = load_actor(token)
    assert actor is not None and "view_audit" not in actor.verbs
    entry = last_entry("end_membership")
    assert entry.detail == {"before": {"organisation": platform, "role": "auditor"}, "reason": "moved on"}


def test_a_role_is_held_once(office: Desk) -> None:
    with pytest.raises(Conflict):
        add_membership(
            office.actor(ADMINISTRATOR), office.person(OPERATOR).id, office.organisation("platform").id, "operator"
        )


def test_a_membership_of_somebody_else_is_not_ended_under_this_persons_name(office: Desk) -> None:
    with pytest.raises(NotFound):
        end_membership(
            office.actor(ADMINISTRATOR), office.person(OPERATOR).id, membership(office.person(REVIEWER).id), "why"
        )


def test_an_act_that_shuts_somebody_out_needs_a_reason(office: Desk) -> None:
    for act in (deactivate_person, activate_person):
        with pytest.raises(Refused, match="reason"):
            act(office.actor(ADMINISTRATOR), office.person(REVIEWER).id, "  ")


def test_who_is_shut_out_loses_every_session_at_once_and_cannot_log_in(office: Desk) -> None:
    token, other = enter(REVIEWER), enter(REVIEWER)
    admin, person = office.actor(ADMINISTRATOR), office.person(REVIEWER)
    assert deactivate_person(admin, person.id, "left the bank") == 2
    assert load_actor(token) is None and load_actor(other) is None
    with pytest.raises(LogInRefused):
        enter(REVIEWER)
    activate_person(admin, person.id, "came back")
    assert load_actor(token) is None and load_actor(enter(REVIEWER)) is not None


def test_the_last_administrator_stays_whatever_another_tries(office: Desk) -> None:
    first, second = office.actor(ADMINISTRATOR), second_administrator(office)
    deactivate_person(second, first.person_id, "holiday")
    for act in ("deactivate", "end"):  # the first one's session, had it not ended, would still carry the right
        with pytest.raises(LastAdministrator):
            ACTS[act](first, second.person_id)
    assert load_actor(enter("ding.er", reset_password(first, second.person_id).password)) is not None


def test_two_administrators_who_take_each_other_away_leave_one(office: Desk) -> None:
    first, second = office.actor(ADMINISTRATOR), second_administrator(office)
    start, answers = threading.Barrier(2), []

    def take(actor: Actor, other: Actor) -> None:
        with office.app.app_context():
            start.wait()
            try:
                deactivate_person(actor, other.person_id, "race")
                answers.append("done")
            except ProductError as error:
                answers.append(type(error).__name__)
            db.engine.dispose(close=False)

    both = [threading.Thread(target=take, args=pair) for pair in ((first, second), (second, first))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    with reading() as session:
        left = session.scalars(
            select(Person.login).where(Person.active, Person.id.in_([first.person_id, second.person_id]))
        ).all()
    assert sorted(answers) == ["LastAdministrator", "done"] and len(left) == 1


def test_a_locked_log_in_is_opened(office: Desk) -> None:
    for _ in range(6):
        with pytest.raises(LogInRefused):
            enter(REVIEWER, "wrong")
    with pytest.raises(LockedOut):
        enter(REVIEWER)
    admin, person = office.actor(ADMINISTRATOR), office.person(REVIEWER)
    assert show_person(admin, person.id, "").state == "locked"
    unlock_person(admin, person.id)
    assert load_actor(enter(REVIEWER)) is not None and last_entry("unlock_person").person_id == admin.person_id


def test_a_reset_password_ends_the_old_one_and_every_session(office: Desk) -> None:
    token = enter(REVIEWER)
    made = reset_password(office.actor(ADMINISTRATOR), office.person(REVIEWER).id)
    assert load_actor(token) is None
    with pytest.raises(LogInRefused):
        enter(REVIEWER)
    actor = load_actor(enter(REVIEWER, made.password))
    assert actor is not None and actor.must_change_password


def test_made_up_passwords_differ_and_are_strong(office: Desk) -> None:
    made = {reset_password(office.actor(ADMINISTRATOR), office.person(REVIEWER).id).password for _ in range(3)}
    assert len(made) == 3 and all(len(one) == 19 for one in made)


def test_names_are_changed_with_before_and_after(office: Desk) -> None:
    rename_person(office.actor(ADMINISTRATOR), office.person(REVIEWER).id, " 王蕾 ", "Wang Lei")
    assert office.person(REVIEWER).name_zh == "王蕾"
    detail = last_entry("rename_person").detail
    assert (detail["before"]["name_zh"], detail["after"]["name_zh"]) == ("王磊", "王蕾")


def test_all_sessions_of_a_person_end_by_the_administrator_only(office: Desk) -> None:
    token, person = enter(REVIEWER), office.person(REVIEWER)
    with pytest.raises(Forbidden):
        end_sessions(office.actor(OPERATOR), person.id, "")
    assert end_sessions(office.actor(ADMINISTRATOR), person.id, "") == 1
    assert load_actor(token) is None


def test_people_are_found_by_name_organisation_and_state(office: Desk) -> None:
    admin = office.actor(ADMINISTRATOR)
    assert [line.login for line in list_people(admin, query="王磊").lines] == ["wang.lei"]
    assert [line.login for line in list_people(admin, query="WANG").lines] == ["wang.lei"]
    assert list_people(admin, query="%").total == 0
    assert {line.login for line in list_people(admin, organisation_id=office.organisation("platform").id).lines} == {
        "admin",
        "an.ping",
        "mu.chen",
        "qin.lan",
        "shen.he",
        "yun.ying",
    }
    deactivate_person(admin, office.person(REVIEWER).id, "why")
    assert [line.login for line in list_people(admin, state="inactive").lines] == [REVIEWER]
    everybody = list_people(admin)
    later = [list_people(admin, page=page).lines for page in range(2, everybody.total // PAGE_SIZE + 2)]
    assert len(everybody.lines) == PAGE_SIZE and everybody.total == PAGE_SIZE + sum(map(len, later))
    with pytest.raises(Forbidden):
        list_people(office.actor(OPERATOR))
