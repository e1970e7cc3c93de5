"""Changes how a person is called."""

from __future__ import annotations

from app.storage.database import unit_of_work
from app.use_cases.administration.create_person import names_of
from app.use_cases.administration.people_acts import note, person_to_change
from app.use_cases.permissions import Actor


def rename_person(actor: Actor, person_id: int, name_zh: str, name_en: str) -> None:
    """Raises Forbidden, NotFound, OwnRights, or Refused for a name that is none."""
    with unit_of_work() as session:
        person = person_to_change(session, actor, person_id)
        zh, en = names_of(name_zh, name_en)
        before = {"name_zh": person.name_zh, "name_en": person.name_en}
        after = {"name_zh": zh, "name_en": en}
        if before == after:
            return
        person.name_zh, person.name_en = zh, en
        note(session, actor, "rename_person", f"person/{person.id}", before=before, after=after)
