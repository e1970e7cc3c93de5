"""Screens the names of a case's parties against the lists of sanctions, exposed persons and money laundering."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.forms import mask
from app.gateways import sources
from app.gateways.sources import Reply
from app.storage import cases, party_store
from app.storage.organisations import Organisation
from app.texts import Text
from app.use_cases.applications.application_data import application_data
from app.use_cases.operation import Call, Operation
from app.use_cases.parties import party_key
from app.use_cases.parties.ask_sources import report_of

# who is screened: field of an application -> who that is; a list has rows with a name
NAMED_IN_APPLICATION = {
    "company_name": "borrower",
    "representative_name": "legal_representative",
    "guarantor_name": "guarantor",
    "beneficial_owners": "owner",
    "owners": "owner",
    "shareholders": "owner",
    "guarantors": "guarantor",
}
SCREENED_CAPACITIES = ("borrower", "guarantor", "core_enterprise")


@dataclass(frozen=True)
class Named:
    """A name to screen, whose it is, and how it may be kept: a person's name stays masked outside the party store."""

    party: str
    name: str
    shown: str


@dataclass(frozen=True)
class ScreeningQuestion:
    """All names of one enquiry, each once."""

    key: str
    named: tuple[Named, ...]
    at: datetime


def question(session: Session, call: Call) -> ScreeningQuestion:
    """Borrower, legal representative, owners, guarantors and core enterprise, and the drawn input `names`."""
    found = [
        *_of_application(session, application_data(session, call.case)),
        *_of_case(session, call.case.id),
        *_rows(session, "named", call.inputs.get("names")),
    ]
    once = {named.name: named for named in reversed(found) if named.name}
    return ScreeningQuestion(call.key, tuple(reversed(once.values())), call.moment.now)


def _of_application(session: Session, data: Mapping[str, Any]) -> Iterator[Named]:
    for field, party in NAMED_IN_APPLICATION.items():
        yield from _rows(session, party, data.get(field))


def _of_case(session: Session, case_id: int) -> Iterator[Named]:
    who = cases.parties(session, case_id)
    for capacity in SCREENED_CAPACITIES:
        if capacity in who:
            name = session.get_one(Organisation, who[capacity]).name_zh
            yield Named(capacity, name, name)


def _rows(session: Session, party: str, value: Any) -> Iterator[Named]:
    """The names in a value: a text, a reference into the party store, a row with a name, or a list of those."""
    if isinstance(value, str):
        yield Named(party, value.strip(), value.strip())
    elif isinstance(value, list):
        for row in value:
            yield from _rows(session, party, row)
    elif isinstance(value, dict) and "$party" in value:
        name = (party_store.reveal(session, party_key.current(), str(value["$party"])) or "").strip()
        yield Named(party, name, str(value.get("masked") or mask("name", name)))
    elif isinstance(value, dict):
        yield from _rows(session, str(value.get("party") or party), value.get("name"))


def _ask(asked: ScreeningQuestion) -> Reply:
    return sources.current().screening_lists.ask(asked.key, [named.name for named in asked.named], asked.at)


def screen_parties(session: Session, call: Call, reply: Reply) -> dict[str, Any]:
    """{"screening": {hits: [...], list_version, screened: [{party, name}], checked_at}}; kept as a report of the case.

    A hit has party, name, list (sanctions, pep, aml), entry, entry_name, similarity (percent), reason and reason_en.
    A hit is a question to compliance, no verdict: it raises no error.
    """
    named = {one.name: one for one in question(session, call).named}
    hits = [
        hit | {"name": named[hit["name"]].shown, "party": named[hit["name"]].party}
        for hit in reply.data["hits"]
        if hit["name"] in named
    ]
    kept = {
        "list_version": reply.data["list_version"],
        "hits": hits,
        "screened": [{"party": one.party, "name": one.shown} for one in named.values()],
    }
    session.add(report_of(call, "screening", Reply(reply.source, reply.reference, reply.at, kept)))
    return {"screening": kept | {"checked_at": reply.at.isoformat()}}


SCREEN_PARTIES = Operation(
    "screen_parties", Text("筛查名单", "screen the parties against lists"), screen_parties, question, _ask
)
