"""The first administrator of an installation."""

from __future__ import annotations

import pytest
from flask import Flask

from app.errors import Conflict
from app.use_cases.administration.create_admin import create_admin
from app.use_cases.administration.load_actor import load_actor
from app.use_cases.administration.log_in import log_in
from app.use_cases.administration.logins import LoginRefused
from app.use_cases.administration.passwords import WeakPassword

GOOD = "seven grey herons"


def test_an_administrator_may_administer_people_of_the_platform(installation: Flask) -> None:
    create_admin("root.admin", GOOD)
    actor = load_actor(log_in("root.admin", GOOD, "", "").token)
    assert actor is not None
    assert actor.organisation_kind == "platform" and "administer_people" in actor.verbs


def test_a_second_administrator_joins_the_same_platform(installation: Flask) -> None:
    create_admin("one", GOOD)
    create_admin("two", GOOD)
    first, second = (load_actor(log_in(login, GOOD, "", "").token) for login in ("one", "two"))
    assert first is not None and second is not None and first.organisation_id == second.organisation_id


def test_a_login_can_be_taken_once(installation: Flask) -> None:
    create_admin("one", GOOD)
    with pytest.raises(Conflict):
        create_admin("one", GOOD)


@pytest.mark.parametrize(
    "weak",
    ["short", "aaaaaaaaaaaaaaaa", "password1234", "demo-2026", "root.admin99", "123456123456"],
)
def test_a_weak_password_is_refused(installation: Flask, weak: str) -> None:
    with pytest.raises(WeakPassword):
        create_admin("root.admin", weak)


@pytest.mark.parametrize("login", ["", "a", "Root", "root admin", "根", "-root", "root\n"])
def test_an_odd_login_is_refused(installation: Flask, login: str) -> None:
    with pytest.raises(LoginRefused):
        create_admin(login, GOOD)
