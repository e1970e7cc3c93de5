"""Whether the product can serve people now."""

from __future__ import annotations

from dataclasses import dataclass

from app.gateways import queue
from app.storage import schema


@dataclass(frozen=True)
class Readiness:
    """`database` is "up", "away" or "not upgraded"; without the queue work is slower, but nothing is lost."""

    database: str
    queue: bool

    @property
    def is_ready(self) -> bool:
        return self.database == "up"


def readiness() -> Readiness:
    """Asks both once; needs an app context."""
    return Readiness(schema.state(), queue.is_reachable())
