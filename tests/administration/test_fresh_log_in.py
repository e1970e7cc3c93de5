"""A fresh log-in: the password given again, counted together with the log-in page's wrong ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.errors import NotFound
from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.people import WebSession
from app.use_cases.administration.fresh_log_in import (
    FreshLogInNeeded,
    give_password,
    password_given_at,
    require_fresh,
)
from app.use_cases.administration.log_in import MAX_FAILURES, LockedOut, LogInRefused, log_in
from app.use_cases.demo.demo_data import demo_data
from tests.desk import FIRM, Desk


def stale_session(desk: Desk) -> str:
    """The token of a session whose password was given long ago."""
    with desk.app.app_context():
        token = log_in(FIRM, demo_data()["password"], "127.0.0.1", "test").token
        with unit_of_work() as session:
            session.execute(update(WebSession).values(fresh_at=clock.real_now() - timedelta(hours=1)))
        return token


def test_a_log_in_is_no_longer_fresh_after_ten_minutes() -> None:
    require_fresh(clock.real_now() - timedelta(minutes=9))

    with pytest.raises(FreshLogInNeeded):
        require_fresh(clock.real_now() - timedelta(minutes=11))


def test_giving_the_password_makes_the_session_fresh(desk: Desk) -> None:
    token = stale_session(desk)

    with desk.app.app_context():
        given_at = give_password(token, demo_data()["password"], "127.0.0.1")
        assert password_given_at(token) == given_at
        require_fresh(password_given_at(token))


def test_a_wrong_password_leaves_the_session_as_it_was_and_too_many_lock_the_login(desk: Desk) -> None:
    token = stale_session(desk)

    with desk.app.app_context():
        for _ in range(MAX_FAILURES - 1):
            with pytest.raises(LogInRefused):
                give_password(token, "wrong", "127.0.0.1")
        with pytest.raises(LockedOut):
            give_password(token, "wrong", "127.0.0.1")
        with pytest.raises(LockedOut):
            give_password(token, demo_data()["password"], "127.0.0.1")
        with pytest.raises(FreshLogInNeeded):
            require_fresh(password_given_at(token))


def test_a_session_that_ended_takes_no_password(desk: Desk) -> None:
    with desk.app.app_context(), pytest.raises(NotFound):
        give_password("nobody", demo_data()["password"], "127.0.0.1")
