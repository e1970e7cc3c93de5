"""Changing one's own password, and the first one that somebody else knows."""

from __future__ import annotations

import pytest
from flask import Flask

from app.errors import NotFound
from app.storage.audit import AuditEntry
from app.storage.database import reading
from app.use_cases.administration.change_password import NotRepeated, SamePassword, change_password
from app.use_cases.administration.create_admin import create_admin
from app.use_cases.administration.load_actor import load_actor
from app.use_cases.administration.log_in import LockedOut, LogInRefused, log_in
from app.use_cases.administration.log_out import log_out
from app.use_cases.administration.passwords import WeakPassword

from .conftest import PASSWORD

NEW = "nine brown herons"


def enter(login: str = "wang", password: str = PASSWORD) -> str:
    return log_in(login, password, "192.0.2.7", "Firefox").token


def change(token: str, present: str = PASSWORD, new: str = NEW, repeated: str | None = None) -> int:
    return change_password(token, present, new, new if repeated is None else repeated, "192.0.2.7")


def must_change(token: str) -> bool:
    actor = load_actor(token)
    assert actor is not None
    return actor.must_change_password


def test_a_new_administrator_must_change_the_first_password_and_then_is_free(installation: Flask) -> None:
    create_admin("root", PASSWORD)
    token = enter("root")
    assert must_change(token)
    change(token)
    assert not must_change(token) and not must_change(enter("root", NEW))


def test_people_of_the_demo_keep_the_password_that_everybody_knows(demo_app: Flask) -> None:
    with demo_app.app_context():
        assert not must_change(enter("admin", "demo-2026"))


def test_the_old_password_is_worth_nothing_afterwards(people: dict[str, int]) -> None:
    change(enter())
    with pytest.raises(LogInRefused):
        enter()


def test_all_other_sessions_end_and_this_one_goes_on(people: dict[str, int]) -> None:
    away, here, other_person = enter(), enter(), enter("li")
    assert change(here) == 1
    assert load_actor(away) is None and load_actor(here) is not None and load_actor(other_person) is not None


@pytest.mark.parametrize(
    ("new", "repeated", "error"),
    [
        (PASSWORD, PASSWORD, SamePassword),
        (NEW, NEW + "x", NotRepeated),
        ("short", "short", WeakPassword),
        ("", "", WeakPassword),
        ("wangwangwang1", "wangwangwang1", WeakPassword),
    ],
)
def test_a_bad_new_password_changes_nothing(
    people: dict[str, int], new: str, repeated: str, error: type[Exception]
) -> None:
    token = enter()
    with pytest.raises(error):
        change(token, new=new, repeated=repeated)
    assert load_actor(enter()) is not None


def test_wrong_present_passwords_count_and_lock_as_at_the_log_in_page(people: dict[str, int]) -> None:
    token = enter()
    for _ in range(5):
        with pytest.raises(LogInRefused):
            change(token, present="wrong")
    with pytest.raises(LockedOut):
        change(token, present="wrong")
    with pytest.raises(LockedOut):
        change(token)


def test_a_session_that_is_over_changes_nothing(people: dict[str, int]) -> None:
    token = enter()
    log_out(token)
    with pytest.raises(NotFound):
        change(token)


def test_the_change_stands_in_the_audit_log_without_a_password(people: dict[str, int]) -> None:
    change(enter())
    with reading() as session:
        row = session.query(AuditEntry).filter_by(verb="change_password").one()
    assert row.person_id == people["wang"] and set(row.detail) == {"address", "sessions"}
