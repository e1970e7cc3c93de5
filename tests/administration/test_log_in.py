"""Logging in: right and wrong passwords, the lock, and what a token is worth."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event, select, update

from app.errors import Forbidden, NotFound
from app.gateways import clock
from app.storage.audit import AuditEntry
from app.storage.database import db, reading, unit_of_work
from app.storage.organisations import Membership
from app.storage.people import Person, WebSession
from app.use_cases.administration import passwords
from app.use_cases.administration.act_as import act_as, list_memberships
from app.use_cases.administration.list_sessions import list_sessions
from app.use_cases.administration.load_actor import load_actor
from app.use_cases.administration.log_in import LockedOut, LogInRefused, log_in
from app.use_cases.administration.log_out import log_out
from app.use_cases.administration.revoke_session import revoke_session

from .conftest import PASSWORD

People = dict[str, int]


def enter(login: str = "wang", password: str = PASSWORD) -> str:
    return log_in(login, password, "192.0.2.7", "Firefox").token


def fail(login: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(LogInRefused):
            log_in(login, "wrong", "192.0.2.7", "Firefox")


def test_a_right_password_gives_a_token_that_stands_hashed_in_the_table(people: People) -> None:
    token = enter()
    with reading() as session:
        rows = session.scalars(select(WebSession)).all()
    assert [row.person_id for row in rows] == [people["wang"]]
    assert token not in rows[0].token_hash and len(token) >= 43


def test_the_actor_has_the_roles_and_rights_of_the_membership(people: People) -> None:
    actor = load_actor(enter())
    assert actor is not None
    assert actor.roles == {"initial_reviewer", "review_lead"}
    known = {"work_on_tasks", "view_cases", "view_statistics", "view_records", "view_limits", "approve_limits"}
    assert actor.verbs == known
    assert (actor.organisation_id, actor.organisation_kind, actor.organisations) == (people["bank"], "funder", 1)


def test_the_actor_costs_two_queries_at_most(people: People) -> None:
    token = enter()
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    load_actor(token)
    assert len([text for text in seen if text.startswith("SELECT")]) in (1, 2)
    assert not [text for text in seen if text.startswith("UPDATE")]


def test_a_wrong_password_and_an_unknown_login_are_refused_in_the_same_words(people: People) -> None:
    with pytest.raises(LogInRefused) as wrong:
        enter("wang", "wrong")
    with pytest.raises(LogInRefused) as unknown:
        enter("nobody", "wrong")
    assert wrong.value.text == unknown.value.text


def test_an_unknown_login_costs_the_time_of_a_password_check(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())  # as strong as in an installation, unlike other tests'
    with unit_of_work() as session:
        session.execute(update(Person).values(password_hash=passwords.hash_password("another one")))
    hashed: list[str] = []
    real = PasswordHasher.hash
    monkeypatch.setattr(
        PasswordHasher, "hash", lambda self, text, **more: hashed.append(text) or real(self, text, **more)
    )
    begun = time.process_time()
    fail("nobody", 1)
    unknown = time.process_time() - begun
    begun = time.process_time()
    fail("wang", 1)
    known = time.process_time() - begun
    assert hashed == ["wrong"]
    assert unknown > known / 4


def test_no_password_is_hashed_inside_a_unit_of_work(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    real = passwords.matches

    def matches(*given: str) -> bool:
        with unit_of_work() as session:  # a second writer gets in at once: nobody holds the database
            session.execute(update(Person).values(language="zh"))
        return real(*given)

    monkeypatch.setattr(passwords, "matches", matches)
    assert load_actor(enter()) is not None


def test_six_wrong_passwords_lock_the_login_for_five_minutes(people: People) -> None:
    fail("wang", 6)
    with pytest.raises(LockedOut) as locked:
        enter()
    assert locked.value.wait_minutes == 5
    assert "5 分钟" in locked.value.text.zh and "5 minutes" in locked.value.text.en


def test_the_lock_ends_by_itself(people: People) -> None:
    fail("wang", 6)
    with unit_of_work() as session:
        session.execute(update(Person).values(locked_until=clock.real_now() - timedelta(seconds=1)))
    assert load_actor(enter()) is not None


def test_a_right_password_forgets_earlier_wrong_ones(people: People) -> None:
    fail("wang", 5)
    enter()
    fail("wang", 5)
    assert load_actor(enter()) is not None


def test_a_hash_with_older_parameters_is_renewed(people: People) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with unit_of_work() as session:
        session.execute(update(Person).where(Person.login == "wang").values(password_hash=old))
    enter()
    with reading() as session:
        kept = session.scalar(select(Person.password_hash).where(Person.login == "wang"))
    assert kept and not passwords.is_outdated(kept) and passwords.matches(kept, PASSWORD)


def test_a_person_of_no_organisation_is_told_so(people: People) -> None:
    with pytest.raises(LogInRefused) as refused:
        enter("zhao")
    assert "没有加入任何机构" in refused.value.text.zh


def test_an_inactive_person_does_not_get_in(people: People) -> None:
    with unit_of_work() as session:
        session.execute(update(Person).where(Person.login == "wang").values(active=False))
    fail("wang", 1)
    with pytest.raises(LogInRefused):
        enter()


def test_a_person_of_two_organisations_is_asked_and_may_change(people: People) -> None:
    logged_in = log_in("li", PASSWORD, "", "")
    assert logged_in.needs_choice
    act_as(logged_in.token, people["firm"])
    actor = load_actor(logged_in.token)
    assert actor is not None and actor.roles == {"borrower"} and actor.organisations == 2
    assert [(m.organisation_id, m.chosen) for m in list_memberships(logged_in.token)] == [
        (people["bank"], False),
        (people["firm"], True),
    ]


def test_the_last_choice_is_where_the_next_session_begins(people: People) -> None:
    act_as(enter("li"), people["firm"])
    actor = load_actor(enter("li"))
    assert actor is not None and actor.organisation_id == people["firm"]


def test_acting_for_a_foreign_organisation_is_not_found(people: People) -> None:
    with pytest.raises(NotFound):
        act_as(enter("wang"), people["firm"])


def test_a_membership_that_ended_gives_no_actor(people: People) -> None:
    token = enter("wang")
    with unit_of_work() as session:
        for row in session.scalars(select(Membership).where(Membership.person_id == people["wang"])):
            session.delete(row)
    assert load_actor(token) is None


def test_a_token_is_worth_nothing_after_logging_out(people: People) -> None:
    token = enter()
    log_out(token)
    assert load_actor(token) is None and list_memberships(token) == []


def test_a_revoked_session_gives_no_actor(people: People) -> None:
    token, other = enter(), enter()
    actor = load_actor(token)
    assert actor is not None
    [away] = [row.id for row in list_sessions(actor, token) if not row.current]
    revoke_session(actor, away)
    assert load_actor(other) is None and load_actor(token) is not None


def test_another_persons_session_cannot_be_seen_or_ended(people: People) -> None:
    mine, theirs = enter("wang"), enter("li")
    actor, other = load_actor(mine), load_actor(theirs)
    assert actor is not None and other is not None
    [away] = list_sessions(other, theirs)
    with pytest.raises(NotFound):
        revoke_session(actor, away.id)
    with pytest.raises(Forbidden):
        list_sessions(actor, mine, people["li"])


def test_eight_idle_hours_end_a_session(people: People) -> None:
    token, now = enter(), clock.real_now()
    assert load_actor(token, now + timedelta(hours=2)) is not None
    # that request was a sign of life, so the eight hours begin anew
    assert load_actor(token, now + timedelta(hours=9, minutes=59)) is not None
    idle = enter()
    assert load_actor(idle, now + timedelta(hours=8, minutes=1)) is None


def test_a_session_ends_after_twelve_hours_however_busy(people: People) -> None:
    token, now = enter(), clock.real_now()
    assert all(load_actor(token, now + timedelta(hours=hours)) is not None for hours in (4, 8, 11))
    assert load_actor(token, now + timedelta(hours=12, minutes=1)) is None


def test_a_session_is_touched_at_most_once_a_minute(people: People) -> None:
    token, now = enter(), clock.real_now()

    def seen() -> object:
        with reading() as session:
            return session.scalar(select(WebSession.seen_at))

    first = seen()
    load_actor(token, now + timedelta(seconds=50))
    assert seen() == first
    load_actor(token, now + timedelta(seconds=70))
    assert seen() == now + timedelta(seconds=70)


def test_every_act_stands_in_the_audit_log(people: People) -> None:
    fail("li", 1)
    token = enter("li")
    act_as(token, people["firm"])
    log_out(token)
    with reading() as session:
        verbs = list(session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))
    assert verbs == ["log_in_failed", "log_in", "act_as", "log_out"]


def test_what_was_typed_as_password_stands_nowhere(people: People, installation: Flask) -> None:
    fail("wang", 1)
    with pytest.raises(LogInRefused):
        enter("wang", "my-secret-guess")
    with db.engine.connect() as connection:
        dump = "\n".join(connection.connection.dbapi_connection.iterdump())
    assert "my-secret-guess" not in dump and PASSWORD not in dump
