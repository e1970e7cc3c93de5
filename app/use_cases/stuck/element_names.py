"""What people call the steps of instances, from the releases that they run on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.errors import DefinitionRefused, NotFound
from app.storage.instances import ProcessInstance
from app.texts import Text
from app.use_cases.definitions.load_release import load_release

UNKNOWN = Text("一个步骤", "a step")


def element_name(session: Session, instance: ProcessInstance | None, element_id: str) -> Text:
    """The step's name, or plain words where its release has none for it."""
    if instance is None:
        return UNKNOWN
    try:
        elements = load_release(session, instance.release_id).facts.elements
    except (NotFound, DefinitionRefused):
        return UNKNOWN
    name = elements[element_id][1] if element_id in elements else UNKNOWN
    return name if name.zh else UNKNOWN


def process_name(session: Session, instance: ProcessInstance | None) -> Text:
    """What the process of an instance is called; "" where its release cannot be read."""
    if instance is None:
        return Text("")
    try:
        return load_release(session, instance.release_id).facts.name
    except (NotFound, DefinitionRefused):
        return Text("")
