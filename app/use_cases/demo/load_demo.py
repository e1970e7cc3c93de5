"""Loads the demo: organisations, people, limits, and applications in different stages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refused
from app.gateways import clock
from app.storage import audit
from app.storage.database import reading, unit_of_work
from app.storage.limits import CreditLimit, FunderStanding
from app.storage.organisations import FunderProduct, Membership, Organisation
from app.storage.panels import PanelMember
from app.storage.people import Person
from app.use_cases.administration.passwords import hash_password
from app.use_cases.definitions.date_rules import ALWAYS
from app.use_cases.demo.demo_data import demo_data

VERB = "load_demo"
PANELS_SINCE = date(2020, 1, 1)  # before the first day that the demo plays


class DemoRefused(Refused):
    """The demo does not belong into this database or this installation."""


def load_demo(*, if_empty: bool = False, production: bool = False) -> bool:
    """Whether the demo was loaded; raises DemoRefused in production, or where people exist (unless `if_empty`)."""
    if production:
        raise DemoRefused(
            "生产环境不能装入演示数据：演示账号的密码是公开的。",
            "Production takes no demo data: everybody knows the passwords of its accounts.",
        )
    with reading() as session:
        empty = session.scalar(select(Person.id).limit(1)) is None
    if not empty:
        if if_empty:
            return False
        raise DemoRefused(
            "数据库里已经有用户，演示数据只能装入空的数据库。",
            "There are people in this database already; the demo is for an empty one.",
        )
    password_hash = hash_password(demo_data()["password"])  # 0.1 s, once for all accounts, outside the unit
    with unit_of_work() as session:
        places = _organisations(session)
        _people(session, places, password_hash)
        _limits(session, places)
        _panels(session, places)
        audit.record(
            session,
            organisation_id=None,
            person_id=None,
            verb=VERB,
            target="demo",
            detail={"people": len(demo_data()["people"])},
            at=clock.real_now(),
        )
    return True


def _organisations(session: Session) -> dict[str, int]:
    now = clock.real_now()
    rows = {
        entry["key"]: Organisation(
            kind=entry["kind"],
            name_zh=entry["name"]["zh"],
            name_en=entry["name"]["en"],
            unified_social_credit_code=entry["unified_social_credit_code"],
            created_at=now,
        )
        for entry in demo_data()["organisations"]
    }
    session.add_all(rows.values())
    session.flush()
    return {key: row.id for key, row in rows.items()}


def _panels(session: Session, places: dict[str, int]) -> None:
    session.add_all(
        PanelMember(
            funder_id=places[funder],
            organisation_id=places[key],
            since_on=PANELS_SINCE,
            admitted_because="演示数据",
            admitted_at=clock.real_now(),
        )
        for funder, keys in demo_data()["panels"].items()
        for key in keys
    )


def _people(session: Session, places: dict[str, int], password_hash: str) -> None:
    now = clock.real_now()
    for entry in demo_data()["people"]:
        person = Person(
            login=entry["login"],
            name_zh=entry["name"]["zh"],
            name_en=entry["name"]["en"],
            password_hash=password_hash,
            created_at=now,
        )
        session.add(person)
        session.flush()
        session.add_all(
            Membership(person_id=person.id, organisation_id=places[work["organisation"]], role_key=role)
            for work in entry["works"]
            for role in work["roles"]
        )


def _limits(session: Session, places: dict[str, int]) -> None:
    data: dict[str, Any] = demo_data()
    for entry in data["limits"]:
        subject = entry["subject"]
        session.add(
            CreditLimit(
                funder_id=places[entry["funder"]],
                kind=entry["kind"],
                subject=str(places[subject]) if subject in places else subject,
                total=Decimal(entry["total"]),
                used=Decimal(0),
            )
        )
    for one in data["standings"]:
        session.add(
            FunderStanding(
                funder_id=places[one["funder"]],
                valid_from=ALWAYS,
                funder_type=one["funder_type"],
                net_capital=Decimal(one["net_capital"]),
                recorded_at=clock.real_now(),
            )
        )
    for funder, products in data["funder_products"].items():
        session.add_all(FunderProduct(organisation_id=places[funder], product_key=key) for key in products)
