"""The accounts of the demo, for its log-in page and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from app.storage.database import reading
from app.storage.organisations import roles_by_key
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


@cache
def demo_accounts() -> tuple[DemoAccount, ...]:
    """All demo accounts in the file's order; one with two organisations names both."""
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
