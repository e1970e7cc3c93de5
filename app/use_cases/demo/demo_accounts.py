"""The accounts of the demo, for its log-in page and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import exists, select

from app.storage.database import reading
from app.storage.organisations import Organisation, roles_by_key
from app.texts import Text
from app.use_cases.demo.demo_data import demo_data, text


@dataclass(frozen=True)
class DemoAccount:
    """One account with its password, which everybody may know: production refuses demo accounts."""

    account: str
    password: str
    name: Text
    role: Text
    organisation: Text


def holds_demo() -> bool:
    """Whether this database holds the demo, by the made-up credit codes of its organisations."""
    codes = [entry["unified_social_credit_code"] for entry in demo_data()["organisations"]]
    found = exists().where(Organisation.unified_social_credit_code.in_([code for code in codes if code]))
    with reading() as session:
        return bool(session.scalar(select(found)))


def demo_accounts() -> tuple[DemoAccount, ...]:
    """All demo accounts in the file's order, one with two organisations naming both; none without the demo."""
    return _accounts() if holds_demo() else ()


@cache
def _accounts() -> tuple[DemoAccount, ...]:
    data = demo_data()
    with reading() as session:
        roles = {key: role.name for key, role in roles_by_key(session).items()}
    places = {entry["key"]: text(entry["name"]) for entry in data["organisations"]}
    return tuple(
        DemoAccount(
            person["login"],
            data["password"],
            text(person["name"]),
            _joined([roles[key] for work in person["works"] for key in work["roles"]]),
            _joined([places[work["organisation"]] for work in person["works"]]),
        )
        for person in data["people"]
    )


def _joined(texts: list[Text]) -> Text:
    different = list(dict.fromkeys(texts))
    return Text("、".join(one.zh for one in different), ", ".join(one.of("en") for one in different))
