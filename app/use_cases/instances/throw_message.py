"""Throws a message from a use case into the outbox, from where it is correlated after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage.outbox import OutboxRow
from app.use_cases.instances.wake import add_outbox

MAX_ATTEMPTS = 4
# as in Camunda: a message that lives for no time is for whoever waits now, and for nobody later
NOT_KEPT = "PT0S"


def throw(
    session: Session,
    name: str,
    key: str,
    payload: Mapping[str, Any],
    case_id: int | None,
    moment: Moment,
    *,
    time_to_live: str | None = None,
) -> None:
    """Writes the outbox row; without `time_to_live` (only NOT_KEPT is known) the message waits for a receiver."""
    assert time_to_live in (None, NOT_KEPT), "a message waits as long as all do, or not at all"
    told: dict[str, Any] = {"key": key, "payload": dict(payload)}
    add_outbox(
        session,
        OutboxRow(
            kind="message",
            name=name,
            case_id=case_id,
            payload=told if time_to_live is None else told | {"time_to_live": time_to_live},
            headers={},
            max_attempts=MAX_ATTEMPTS,
            created_at=moment.now,
        ),
    )
