"""The numbers in somebody's menu: own tasks, tasks to claim, unread messages."""

from __future__ import annotations

from dataclasses import dataclass

from app.storage import compliance, definitions, notifications
from app.storage.database import reading
from app.use_cases.parties.read_notifications import reader
from app.use_cases.permissions import Actor, may
from app.use_cases.tasks.count_inbox import count_scopes


@dataclass(frozen=True)
class Waiting:
    """How many of each; `drafts` wait for a second person to publish them, `holds` for a compliance officer."""

    mine: int
    unclaimed: int
    unread: int
    drafts: int = 0
    holds: int = 0


def count_waiting(actor: Actor) -> Waiting:
    """Counted afresh; a page asks once."""
    with reading() as session:
        tasks = count_scopes(session, actor) if may("work_on_tasks", actor) else {}
        unread = notifications.unread(session, reader(actor))
        drafts = definitions.count_open(session) if may("publish_definitions", actor) else 0
        officer = may("manage_holds", actor)
        held = compliance.count_by_state(session, actor.organisation_id).get(compliance.OPEN, 0) if officer else 0
    return Waiting(tasks.get("mine", 0), tasks.get("unclaimed", 0), unread, drafts, held)
