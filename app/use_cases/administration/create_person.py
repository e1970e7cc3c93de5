"""Creates a person with a first password and one membership."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Refused
from app.gateways import clock
from app.storage import people
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Membership
from app.storage.people import Person
from app.use_cases.administration import passwords
from app.use_cases.administration.add_membership import fitting_role
from app.use_cases.administration.logins import require_login
from app.use_cases.administration.people_acts import VERB, note
from app.use_cases.permissions import Actor, require

MOST_NAME = 100


@dataclass(frozen=True)
class FirstPassword:
    """A password that stands nowhere but here: it is shown once and has to be changed at the first log-in."""

    person_id: int
    login: str
    password: str


@dataclass(frozen=True)
class NewPerson:
    """What an administrator enters; without a password one is made up."""

    login: str
    name_zh: str
    name_en: str
    organisation_id: int
    role_key: str
    password: str = ""


def create_person(actor: Actor, new: NewPerson) -> FirstPassword:
    """Raises Forbidden, Refused with what is wrong, NotFound for a place that there is not, Conflict for a login."""
    require(VERB, actor)
    login = new.login.strip().lower()
    require_login(login)
    name_zh, name_en = names_of(new.name_zh, new.name_en)
    password = new.password or passwords.made_up(login)
    passwords.require_strong(password, login)
    with reading() as session:
        _require_free(people.by_login(session, login), login)
        fitting_role(session, new.organisation_id, new.role_key)
    password_hash = passwords.hash_password(password)  # 0.1 s, so between the units
    try:
        with unit_of_work() as session:
            person = Person(
                login=login,
                name_zh=name_zh,
                name_en=name_en,
                password_hash=password_hash,
                must_change_password=True,
                created_at=clock.real_now(),
            )
            session.add(person)
            session.flush()
            place, role = fitting_role(session, new.organisation_id, new.role_key)
            session.add(Membership(person_id=person.id, organisation_id=place.id, role_key=role.key))
            after = {"login": login, "name_zh": name_zh, "name_en": name_en}
            after |= {"organisation": place.id, "role": role.key}  # type: ignore[dict-item]
            note(session, actor, "create_person", f"person/{person.id}", after=after)
            return FirstPassword(person.id, login, password)
    except IntegrityError as error:  # somebody took the login meanwhile
        raise _taken(login) from error


def names_of(name_zh: str, name_en: str) -> tuple[str, str]:
    """Both names without spaces around them; raises Refused without the Chinese one or for one that is too long."""
    zh, en = name_zh.strip(), name_en.strip()
    if not zh or max(len(zh), len(en)) > MOST_NAME:
        raise Refused(
            f"请填写中文姓名；姓名最长 {MOST_NAME} 个字符。",
            f"Please give the name in Chinese; a name has {MOST_NAME} characters at most.",
        )
    return zh, en


def _require_free(found: Person | None, login: str) -> None:
    if found is not None:
        raise _taken(login)


def _taken(login: str) -> Conflict:
    return Conflict(f"账号“{login}”已经存在。", f'The login "{login}" exists already.')
