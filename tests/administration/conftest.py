"""A fresh installation on SQLite with two organisations and three people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.organisations import Membership, Organisation
from app.storage.people import Person
from app.use_cases.administration.passwords import hash_password

PASSWORD = "a long enough password"


@pytest.fixture
def installation(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def people(installation: Flask, password_hash: str) -> dict[str, int]:
    return settle(password_hash)


def settle(password_hash: str) -> dict[str, int]:
    """wang works for a bank; li for a bank and a firm; zhao for nobody. Values are person and organisation ids."""
    now = clock.real_now()
    with unit_of_work() as session:
        bank = Organisation(kind="funder", name_zh="之江银行", name_en="Zhijiang Bank", created_at=now)
        firm = Organisation(kind="borrower", name_zh="清溪织造", name_en="Qingxi Weaving", created_at=now)
        session.add_all([bank, firm])
        ids = {}
        for login in ("wang", "li", "zhao"):
            person = Person(login=login, name_zh=login, password_hash=password_hash, created_at=now)
            session.add(person)
            session.flush()
            ids[login] = person.id
        for login, place, role in (
            ("wang", bank, "initial_reviewer"),
            ("wang", bank, "review_lead"),
            ("li", bank, "customer_manager"),
            ("li", firm, "borrower"),
        ):
            session.add(Membership(person_id=ids[login], organisation_id=place.id, role_key=role))
        return ids | {"bank": bank.id, "firm": firm.id}
