"""What people, organisations and roles were called before: the database itself keeps a name that is replaced."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model
from app.storage.organisations import Organisation, Role
from app.storage.people import Person
from app.texts import Text

PERSON, ORGANISATION, ROLE = "person", "organisation", "role"


class PastName(Model):
    """A name and until when it held, in the product's time. Triggers of the migration write it, whoever renames."""

    __tablename__ = "past_name"
    __table_args__ = (Index("ix_past_name_subject", "kind", "subject"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(60))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Names:
    """Names by (kind, subject): those that ended, oldest first, and the present ones."""

    past: Mapping[tuple[str, str], tuple[tuple[datetime, Text], ...]]
    present: Mapping[tuple[str, str], Text]

    def then(self, kind: str, subject: int | str, at: datetime) -> Text | None:
        """What somebody was called at a moment; None for whom nobody knows."""
        key = (kind, str(subject))
        ended = next((name for until, name in self.past.get(key, ()) if at <= until), None)
        return ended or self.present.get(key)


def names_of(
    session: Session, people: Collection[int], organisations: Collection[int], roles: Collection[str]
) -> Names:
    """The present and earlier names of people, organisations (ids) and roles (keys)."""
    subjects = (
        *((PERSON, str(one)) for one in people),
        *((ORGANISATION, str(one)) for one in organisations),
        *((ROLE, one) for one in roles),
    )
    past: dict[tuple[str, str], tuple[tuple[datetime, Text], ...]] = {}
    wanted = {subject for _kind, subject in subjects}
    for row in session.scalars(select(PastName).where(PastName.subject.in_(wanted)).order_by(PastName.id)):
        key = (row.kind, row.subject)
        past[key] = (*past.get(key, ()), (row.until, Text(row.name_zh, row.name_en)))
    return Names(past, _present(session, people, organisations, roles))


def _present(
    session: Session, people: Collection[int], organisations: Collection[int], roles: Collection[str]
) -> dict[tuple[str, str], Text]:
    found: dict[tuple[str, str], Text] = {}
    for person in session.scalars(select(Person).where(Person.id.in_(people))):
        found[PERSON, str(person.id)] = Text(person.name_zh, person.name_en)
    for organisation in session.scalars(select(Organisation).where(Organisation.id.in_(organisations))):
        found[ORGANISATION, str(organisation.id)] = organisation.name
    for role in session.scalars(select(Role).where(Role.key.in_(roles))):
        found[ROLE, role.key] = Text(role.name_zh, role.name_en)
    return found
