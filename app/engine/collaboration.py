"""A drawing that nobody executes: participants that stand for processes, and the messages between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.extensions import Extensions
from app.engine.xml_source import BPMN, Faults, bpmn_children, is_true, read_xml
from app.texts import Text

PROCESS, MESSAGES = "process", "messages"


@dataclass(frozen=True)
class MessageFlow:
    """Which process sends to which, "" for a party that is no process, and the names of the messages."""

    source: str
    target: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class CollaborationFacts:
    """An overview: participant id -> process key, and flow id -> what is sent."""

    key: str
    name: Text
    participants: Mapping[str, str]
    flows: Mapping[str, MessageFlow]


def collaboration_facts(bpmn: bytes, file: str = "processes/*.bpmn") -> CollaborationFacts | None:
    """The overview that a file draws; None where it has an executable process or no participant names a process.

    A participant's property `process` names the process, a message flow's `messages` what is sent, by commas.
    DefinitionRefused where the file is no BPMN.
    """
    root, faults = read_xml(bpmn, file), Faults(file)
    if any(is_true(node, "isExecutable") for node in bpmn_children(root, "process")):
        return None
    for drawn in root.iter(f"{BPMN}collaboration"):
        own = {node.get("id", ""): Extensions(node, faults).properties for node in drawn if node.get("id")}
        participants = {key: properties[PROCESS] for key, properties in own.items() if properties.get(PROCESS)}
        flows = {
            node.get("id", ""): MessageFlow(
                participants.get(node.get("sourceRef", ""), ""),
                participants.get(node.get("targetRef", ""), ""),
                _names(own[node.get("id", "")]),
            )
            for node in bpmn_children(drawn, "messageFlow")
            if node.get("id")
        }
        name = Text(drawn.get("name", ""), Extensions(drawn, faults).properties.get("name_en", ""))
        faults.refuse()
        if participants:
            return CollaborationFacts(drawn.get("id", ""), name, participants, flows)
    return None


def _names(properties: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name.strip() for name in properties.get(MESSAGES, "").split(",") if name.strip())
