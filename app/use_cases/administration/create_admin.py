"""Creates an administrator: the first person of a new installation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, Refused
from app.gateways import clock
from app.storage import audit, people
from app.storage.database import unit_of_work
from app.storage.organisations import Membership, Organisation, Role, RoleGrant
from app.storage.people import Person
from app.use_cases.administration import passwords
from app.use_cases.administration.logins import require_login

PLATFORM = "platform"


def create_admin(login: str, password: str, name_zh: str = "系统管理员", name_en: str = "Administrator") -> int:
    """The new person's id; the password is a first one that the first log-in asks to change.

    Raises LoginRefused, WeakPassword, or Conflict when the login is taken.
    """
    require_login(login)
    passwords.require_strong(password, login)
    password_hash = passwords.hash_password(password)
    now = clock.real_now()
    with unit_of_work() as session:
        if people.by_login(session, login) is not None:
            raise Conflict(f"账号“{login}”已经存在。", f'The login "{login}" exists already.')
        person = Person(
            login=login,
            name_zh=name_zh,
            name_en=name_en,
            password_hash=password_hash,
            created_at=now,
            must_change_password=True,
        )
        session.add(person)
        platform = _platform(session)
        session.flush()
        for role_key in _administrator_roles(session):
            session.add(Membership(person_id=person.id, organisation_id=platform.id, role_key=role_key))
        audit.record(
            session,
            organisation_id=platform.id,
            person_id=person.id,
            verb="create_admin",
            target=f"person/{person.id}",
            detail={"login": login},
            at=now,
        )
        return person.id


def _platform(session: Session) -> Organisation:
    query = select(Organisation).where(Organisation.kind == PLATFORM).order_by(Organisation.id).limit(1)
    found = session.scalar(query)
    if found is None:
        found = Organisation(
            kind=PLATFORM, name_zh="平台运营方", name_en="Platform operator", created_at=clock.real_now()
        )
        session.add(found)
    return found


def _administrator_roles(session: Session) -> list[str]:
    """The platform's roles that may administer people: rights are rows, so no role is named here."""
    query = (
        select(Role.key)
        .join(RoleGrant, RoleGrant.role_key == Role.key)
        .where(Role.capacity == PLATFORM, RoleGrant.verb == "administer_people")
    )
    keys = list(session.scalars(query.order_by(Role.key)))
    if not keys:
        raise Refused("数据库里还没有角色，请先启动一次产品。", "There are no roles yet; start the product once first.")
    return keys
