"""Sandboxes of the outside sources in this process: made-up answers for the demo's year, commands and tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.gateways.source_ports import ports
from app.gateways.sources import NAMES, Reply, Sources, SourceUnavailable
from app.sandbox_sources.answers import answer, made_up


@dataclass
class Availability:
    """Which sources are down; tests and demonstrations switch them off."""

    down: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Sandbox:
    """One source that answers at once."""

    source: str
    availability: Availability

    def said(self, key: str, about: dict[str, Any], at: datetime) -> Reply:
        """The made-up answer, whose source says that it is; raises SourceUnavailable while it is down."""
        name = NAMES[self.source]
        if self.source in self.availability.down:
            raise SourceUnavailable(f"{name.zh}没有应答（连接超时）。", f"{name.en} did not answer (time-out).")
        reference, data = answer(self.source, key, about, at.date())
        return Reply(made_up(name), reference, at, data)


def sandboxes(availability: Availability | None = None) -> Sources:
    """All sources as sandboxes; `availability` switches some of them off."""
    state = availability or Availability()
    return ports(lambda source: Sandbox(source, state), {})
