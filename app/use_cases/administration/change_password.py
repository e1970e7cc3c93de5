"""Changes one's own password; the first log-in with a password that somebody else knows asks for it."""

from __future__ import annotations

from app.errors import NotFound
from app.gateways import clock
from app.storage import audit
from app.storage.database import reading, unit_of_work
from app.use_cases.administration import passwords
from app.use_cases.administration.log_in import LockedOut, count_failure
from app.use_cases.administration.passwords import WeakPassword
from app.use_cases.administration.sessions import live_session, revoke_all


class SamePassword(WeakPassword):
    """The new password is the old one."""

    def __init__(self) -> None:
        super().__init__("新密码不能与现在的密码相同。", "The new password has to differ from the present one.")


class NotRepeated(WeakPassword):
    """The two entries of the new password differ, so one of them has a slip."""

    def __init__(self) -> None:
        super().__init__("两次输入的新密码不一致，请重新输入。", "The two entries of the new password differ.")


def change_password(token: str, present: str, new: str, repeated: str, address: str) -> int:
    """How many other sessions of the person ended with it; this one goes on and counts as a fresh log-in.

    Raises LogInRefused for a wrong present password (LockedOut after too many, counted as at the log-in page),
    WeakPassword, NotRepeated or SamePassword.
    """
    now = clock.real_now()
    with reading() as session:
        found = live_session(session, token, now)
    if found is None:
        raise NotFound
    person = found[1]
    if person.locked_until is not None and person.locked_until > now:
        raise LockedOut(1)
    if not passwords.matches(person.password_hash, present):  # 0.1 s, so outside of a unit
        count_failure(person.id, address)
    if new != repeated:
        raise NotRepeated
    if new == present:
        raise SamePassword
    passwords.require_strong(new, person.login)
    password_hash = passwords.hash_password(new)
    with unit_of_work() as session:
        row = live_session(session, token, now)
        if row is None:
            raise NotFound
        row[0].fresh_at, row[1].failed_logins = now, 0
        row[1].password_hash, row[1].must_change_password = password_hash, False
        ended = revoke_all(session, person.id, now, but=token)
        audit.record(
            session,
            organisation_id=row[0].organisation_id,
            person_id=person.id,
            verb="change_password",
            target=f"person/{person.id}",
            detail={"address": address, "sessions": ended},
            at=now,
        )
    return ended
