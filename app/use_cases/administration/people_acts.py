"""What every act of an administrator on a person has in common: who may, on whom, and its audit entry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound, Refused
from app.gateways import clock
from app.storage import audit
from app.storage.organisations import Membership, Organisation, RoleGrant
from app.storage.people import Person
from app.use_cases.permissions import Actor, require

VERB = "administer_people"
MOST_REASON = 500


class OwnRights(Refused):
    """An administrator asked for a change of their own account or rights: somebody else has to make it."""

    def __init__(self) -> None:
        super().__init__(
            "不能更改自己的账号状态、角色或权限，请另一位管理员办理；自己的密码在“我的账号”里改。",
            "Nobody changes their own account, roles or rights; another administrator does it. "
            "Your own password is changed under My account.",
        )


class LastAdministrator(Refused):
    """After the change nobody could administer people any more, so nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "这样就没有人能管理用户了：请先让另一位在用的用户担任管理员。没有做任何改动。",
            "Nobody could administer people after this: make somebody else an administrator first. "
            "Nothing was changed.",
        )


def person_to_change(session: Session, actor: Actor, person_id: int) -> Person:
    """The person's row, locked; raises Forbidden, NotFound, or OwnRights for the actor."""
    require(VERB, actor)
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one_or_none()
    if person is None:
        raise NotFound
    if person.id == actor.person_id:
        raise OwnRights
    return person


def hold_administrators(session: Session) -> None:
    """Of two units that may take an administrator away the second waits here and then sees what the first did."""
    session.execute(select(RoleGrant.role_key).where(RoleGrant.verb == VERB).with_for_update()).all()


def keep_an_administrator(session: Session) -> None:
    """Raises LastAdministrator where the unit's changes leave nobody; the unit called hold_administrators first."""
    session.flush()
    left = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(RoleGrant, RoleGrant.role_key == Membership.role_key)
        .where(RoleGrant.verb == VERB, Person.active, Organisation.active)
    )
    if session.scalar(left.limit(1)) is None:
        raise LastAdministrator


def reason_of(text: str) -> str:
    """The reason as it is kept; raises Refused without one."""
    said = text.strip()
    if not said:
        raise Refused("请填写原因，它会留在审计日志里。", "Please give a reason; it stays in the audit log.")
    return said[:MOST_REASON]


def note(session: Session, actor: Actor, verb: str, target: str, **detail: Any) -> None:
    """The audit entry of the act: what stood before, what stands after, and why."""
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb=verb,
        target=target,
        detail={key: value for key, value in detail.items() if value is not None} or None,
        at=clock.real_now(),
    )
