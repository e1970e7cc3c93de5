"""Puts a page of audit entries into words: names for ids, steps for elements, and what changed from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.logs import mask_text
from app.storage.audit import AuditEntry
from app.storage.database import Base
from app.storage.documents import Document
from app.storage.history import HistoryEntry
from app.storage.organisations import Organisation, Role
from app.storage.people import Person
from app.storage.releases import ProcessDefinition, products
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.administration.audit_words import DETAILS
from app.use_cases.administration.organisation_kinds import KINDS
from app.use_cases.permissions import VERBS

YES, NO, NOBODY = Text("是", "yes"), Text("否", "no"), Text("待领取", "unclaimed")
OF_A_TASK = ("complete_task", "claim_task", "release_task", "reassign_task", "offer_task")
WITHOUT_NAME = ("alarm", "draft", "outbox", "audit", "demo")  # the act says it already
PEOPLE_KEYS = ("from", "to", "uploaded_by")
Details = tuple[tuple[Text, Text], ...]


class Names:
    """The names behind the ids of some entries, read in a few queries for all of them."""

    def __init__(self, session: Session, entries: Sequence[AuditEntry]) -> None:
        details = [entry.detail for entry in entries if isinstance(entry.detail, Mapping)]
        people = {entry.person_id for entry in entries} | _ids(entries, "person")
        people |= {value for detail in details for key in PEOPLE_KEYS if isinstance(value := detail.get(key), int)}
        nested = [one for detail in details for one in (detail, detail.get("before"), detail.get("after"))]
        places = {entry.organisation_id for entry in entries} | _ids(entries, "organisation")
        places |= {one["organisation"] for one in nested if isinstance(one, Mapping) and "organisation" in one}
        places |= {one for one in nested if isinstance(one, int)}  # act_as keeps the organisation before
        tasks = {_last_number(entry.target) for entry in entries if entry.verb in OF_A_TASK}
        documents = {_last_number(entry.target) for entry in entries if entry.verb == "open_document"}
        self.people = {row.id: row for row in _rows(session, Person, people)}
        self.organisations = {row.id: row.name for row in _rows(session, Organisation, places)}
        self.tasks = {row.id: row for row in _rows(session, UserTask, tasks)}
        self.documents = {row.id: row.filename for row in _rows(session, Document, documents)}
        self.roles = {row.key: row.name for row in session.scalars(select(Role))}
        self.products = {key: Text(row.name_zh, row.name_en) for key, row in products(session).items()}
        self.processes = {
            row.process_key: Text(row.name_zh, row.name_en) for row in session.scalars(select(ProcessDefinition))
        }
        self.decisions = _decisions(session, set(self.tasks))

    def person(self, person_id: int | None) -> Text | None:
        """A person's name."""
        found = self.people.get(person_id or 0)
        return None if found is None else Text(found.name_zh, found.name_en)

    def target(self, entry: AuditEntry) -> Text:
        """What the act was done to, in words; "" where the act says it already."""
        kind, _, key = entry.target.partition("/")
        if entry.target == f"person/{entry.person_id}":
            return Text("", "")  # what somebody does to themselves, as logging in
        known: dict[str, Text | None] = {
            "person": self.person(int(key)) if key.isdigit() else None,
            "organisation": self.organisations.get(int(key)) if key.isdigit() else None,
            "role": self.roles.get(key),
        }
        if kind in known:
            return known[kind] or Text("", "")
        if entry.verb in OF_A_TASK and (task := self.tasks.get(_last_number(entry.target) or 0)):
            return Text(f"{kind} {task.name_zh}", f"{kind} {task.name.of('en')}")
        if entry.verb == "open_document":
            name = self.documents.get(_last_number(entry.target) or 0, "")
            return Text(name, name)
        if found := self.products.get(entry.target) or self.processes.get(entry.target):
            return found
        if kind in WITHOUT_NAME or entry.target.isdigit():
            return Text("", "")
        shown = entry.target if entry.verb in ("make_backup", "restore_backup") else kind
        return Text(mask_text(shown), mask_text(shown))

    def details(self, entry: AuditEntry) -> Details:
        """Label and value of everything that a reader understands; personal numbers are masked."""
        if not isinstance(entry.detail, Mapping):
            return ()
        found: list[tuple[Text, Text]] = []
        for key, value in entry.detail.items():
            if isinstance(value, Mapping) and key in ("before", "after"):
                prefix = DETAILS[key]
                found += [
                    (Text(f"{prefix.zh}·{label.zh}", f"{prefix.en}: {label.en}"), words)
                    for label, words in self._pairs(entry, value)
                ]
            else:
                found += self._pairs(entry, {key: value})
        return tuple(found)

    def _pairs(self, entry: AuditEntry, values: Mapping[str, Any]) -> list[tuple[Text, Text]]:
        pairs = [(DETAILS.get(key), self._value(entry, key, value)) for key, value in values.items()]
        return [(label, words) for label, words in pairs if label is not None and words is not None]

    def _value(self, entry: AuditEntry, key: str, value: Any) -> Text | None:
        if key == "decision" and entry.verb in OF_A_TASK:
            return self.decisions.get(_last_number(entry.target) or 0)
        if entry.verb == "act_as" and key == "before":
            return self.organisations.get(value)
        if key in PEOPLE_KEYS and entry.verb != "move_business_date":
            return NOBODY if value is None else self.person(value)
        tables: dict[str, Mapping[Any, Text]] = {
            "organisation": self.organisations,
            "role": self.roles,
            "right": VERBS,
            "product": self.products,
        }
        if key in tables:
            return tables[key].get(value)
        if key == "kind":
            return KINDS.get(value)
        if value is None or value == "" or (key == "sessions" and not value):
            return None
        return _plain(value)


def _plain(value: Any) -> Text:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Decimal):
        return Text(f"{value:,.2f}", f"{value:,.2f}")
    if isinstance(value, Mapping) and "zh" in value:
        return Text(mask_text(str(value["zh"])), mask_text(str(value.get("en") or value["zh"])))
    if isinstance(value, list | tuple):
        parts = [_plain(one) for one in value]
        return Text("、".join(one.zh for one in parts), ", ".join(one.of("en") for one in parts))
    shown = mask_text(str(value))
    return Text(shown, shown)


def _decisions(session: Session, task_ids: set[int]) -> dict[int, Text]:
    """What was decided in tasks, as their forms called it, by task."""
    found: dict[int, Text] = {}
    for row in session.scalars(select(HistoryEntry).where(HistoryEntry.task_id.in_(task_ids))):
        if row.task_id is not None and isinstance(row.detail, Mapping) and "decision" in row.detail:
            found[row.task_id] = Text(str(row.detail.get("zh", "")), str(row.detail.get("en", "")))
    return found


def _rows(session: Session, table: type[Base], ids: Iterable[int | None]) -> Sequence[Any]:
    wanted = {id_ for id_ in ids if id_}
    return session.scalars(select(table).where(table.id.in_(wanted))).all() if wanted else []  # type: ignore[attr-defined]


def _ids(entries: Iterable[AuditEntry], kind: str) -> set[int | None]:
    return {_last_number(entry.target) for entry in entries if entry.target.startswith(f"{kind}/")}


def _last_number(target: str) -> int | None:
    last = target.rpartition("/")[2]
    return int(last) if last.isascii() and last.isdigit() and len(last) <= 18 else None
