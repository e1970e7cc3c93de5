"""Logs somebody in: checks the password, slows down guessing, and opens a session."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ProductError
from app.gateways import clock
from app.storage import audit, organisations, people
from app.storage.database import reading, unit_of_work
from app.storage.people import Person, WebSession
from app.use_cases.administration import passwords
from app.use_cases.administration.sessions import new_token, token_hash

MAX_FAILURES = 6
LOCKED_MINUTES = 5
LOCKED = timedelta(minutes=LOCKED_MINUTES)
log = structlog.get_logger(__name__)


class LogInRefused(ProductError):
    """Login and password do not belong together, or nobody may log in with them now; never says which.

    The same words stand for a wrong, an unknown and a locked login, so that nobody learns which logins exist.
    """

    def __init__(
        self,
        zh: str = f"账号或密码不正确，请核对后再试。同一账号连续输错 {MAX_FAILURES} 次会锁定 {LOCKED_MINUTES} 分钟。",
        en: str = (
            "Login or password is not right; please check both. "
            f"A login is locked for {LOCKED_MINUTES} minutes after {MAX_FAILURES} wrong passwords in a row."
        ),
    ) -> None:
        super().__init__(zh, en)


class LockedOut(LogInRefused):
    """Too many wrong passwords; `wait_minutes` says how long the login stays shut; no page does."""

    def __init__(self, wait_minutes: int) -> None:
        super().__init__()
        self.wait_minutes = wait_minutes


@dataclass(frozen=True)
class LoggedIn:
    """`token` goes into the cookie and nowhere else; `needs_choice` where the person has several organisations."""

    token: str
    person_id: int
    needs_choice: bool


def log_in(login: str, password: str, address: str, device: str) -> LoggedIn:
    """Opens a session; raises LogInRefused, or LockedOut after 6 wrong passwords in a row.

    Somebody with several organisations starts in the one of the last session; the page then asks which it should be.
    """
    now = clock.real_now()
    with reading() as session:
        person = people.by_login(session, login.strip())
    # hashing takes 0.1 s and happens between the units; an unknown and a locked login cost the same
    right = passwords.matches(person.password_hash if person else None, password)
    if person is not None and person.locked_until is not None and person.locked_until > now:
        raise LockedOut(_minutes(person.locked_until - now))
    if person is None:
        log.warning("log-in failed", known=False, address=address)
        raise LogInRefused
    if not right or not person.active:
        count_failure(person.id, address)
    fresh_hash = passwords.hash_password(password) if passwords.is_outdated(person.password_hash) else None
    return _open_session(person.id, fresh_hash, address, device)


def count_failure(person_id: int, address: str) -> NoReturn:
    """Notes a wrong password; raises LogInRefused, or LockedOut where it was the last of too many."""
    now = clock.real_now()
    with unit_of_work() as session:
        person = _locked(session, person_id)
        person.failed_logins += 1
        locks = person.failed_logins >= MAX_FAILURES
        if locks:
            person.failed_logins, person.locked_until = 0, now + LOCKED
        _record(session, person_id, None, "log_in_failed", {"address": address, "locked": locks}, now)
    log.warning("log-in failed", known=True, address=address, locked=locks)
    raise LockedOut(LOCKED_MINUTES) if locks else LogInRefused()


def _open_session(person_id: int, fresh_hash: str | None, address: str, device: str) -> LoggedIn:
    now, token = clock.real_now(), new_token()
    with unit_of_work() as session:
        person = _locked(session, person_id)
        places = dict.fromkeys(place.id for _m, place, _r in organisations.memberships(session, person_id))
        if not places:
            raise LogInRefused(
                "您的账号还没有加入任何机构，请联系管理员。",
                "Your login belongs to no organisation yet; please ask your administrator.",
            )
        person.failed_logins, person.locked_until = 0, None
        if fresh_hash is not None:
            person.password_hash = fresh_hash
        last = _last_place(session, person_id)
        place = last if last in places else next(iter(places))
        session.add(
            WebSession(
                token_hash=token_hash(token),
                person_id=person_id,
                organisation_id=place,
                created_at=now,
                seen_at=now,
                fresh_at=now,
                address=address[:60],
                device=device[:200],
            )
        )
        _record(session, person_id, place, "log_in", {"address": address, "device": device[:200]}, now)
    return LoggedIn(token, person_id, needs_choice=len(places) > 1)


def _locked(session: Session, person_id: int) -> Person:
    return session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()


def _last_place(session: Session, person_id: int) -> int | None:
    query = select(WebSession.organisation_id).where(WebSession.person_id == person_id)
    return session.scalar(query.order_by(WebSession.created_at.desc()).limit(1))


def _record(
    session: Session, person_id: int, organisation_id: int | None, verb: str, detail: dict[str, object], at: datetime
) -> None:
    audit.record(
        session,
        organisation_id=organisation_id,
        person_id=person_id,
        verb=verb,
        target=f"person/{person_id}",
        detail=detail,
        at=at,
    )


def _minutes(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds() / 60))
