"""A fresh log-in: acts that bind an organisation need the password to have been given a short while ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.errors import Forbidden, NotFound
from app.gateways import clock
from app.storage import audit
from app.storage.database import reading, unit_of_work
from app.use_cases.administration import passwords
from app.use_cases.administration.log_in import LockedOut, count_failure
from app.use_cases.administration.sessions import live_session

FRESH_MINUTES = 10
FRESH = timedelta(minutes=FRESH_MINUTES)


class FreshLogInNeeded(Forbidden):
    """The password was given too long ago for an act that binds the organisation."""

    def __init__(self) -> None:
        super().__init__(
            f"这项操作需要在 {FRESH_MINUTES} 分钟内输入过密码，请再次输入。",
            f"This act needs your password given within the last {FRESH_MINUTES} minutes; please give it again.",
        )


def password_given_at(token: str) -> datetime:
    """When the person behind the session last gave the password (real time); NotFound for a session that ended."""
    with reading() as session:
        found = live_session(session, token, clock.real_now())
    if found is None:
        raise NotFound
    return found[0].fresh_at


def is_fresh(given_at: datetime) -> bool:
    """Whether the password was given recently enough."""
    return clock.real_now() - given_at <= FRESH


def require_fresh(given_at: datetime) -> None:
    """Raises FreshLogInNeeded."""
    if not is_fresh(given_at):
        raise FreshLogInNeeded


def give_password(token: str, password: str, address: str) -> datetime:
    """Checks the password of the session's person and makes the log-in fresh; gives the time.

    Raises LogInRefused, or LockedOut after as many wrong ones as at the log-in page: they count together.
    """
    now = clock.real_now()
    with reading() as session:
        found = live_session(session, token, now)
    if found is None:
        raise NotFound
    person = found[1]
    right = passwords.matches(person.password_hash, password)  # 0.1 s, so between the units
    if person.locked_until is not None and person.locked_until > now:
        raise LockedOut(1)
    if not right:
        count_failure(person.id, address)
    with unit_of_work() as session:
        row = live_session(session, token, now)
        if row is None:
            raise NotFound
        row[0].fresh_at, row[1].failed_logins = now, 0
        audit.record(
            session,
            organisation_id=row[0].organisation_id,
            person_id=person.id,
            verb="give_password",
            target=f"person/{person.id}",
            detail={"address": address},
            at=now,
        )
    return now
