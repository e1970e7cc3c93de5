"""Which source is asked where: the addresses of the settings, else the sandboxes, and in production nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.config import SOURCES, Settings, sources_port_file
from app.gateways.sandboxes import Availability, Sandbox
from app.gateways.source_http import SourceHttp
from app.gateways.source_ports import Teller, ports
from app.gateways.sources import NAMES, Reply, Sources, SourceUnavailable
from app.sandbox_sources.answers import made_up

# an answer that a source sent by itself: (source, key) -> its bytes
Pushed = Callable[[str, str], bytes | None]


@dataclass(frozen=True)
class NotConnected:
    """A source for which no address is set: it never answers, so that nobody is judged by made-up data."""

    source: str

    def said(self, key: str, about: dict[str, Any], at: datetime) -> Reply:
        """Raises SourceUnavailable, which says what is missing."""
        name = NAMES[self.source]
        raise SourceUnavailable(f"{name.zh}还没有接通。", f"{name.of('en')} is not connected yet.")


@dataclass(frozen=True)
class RunningOrInside:
    """The sandbox process where one was ever started on this data directory, else the same answers in this process."""

    port_file: Path
    process: SourceHttp
    inside: Sandbox

    def said(self, key: str, about: dict[str, Any], at: datetime) -> Reply:
        """As the one that is asked says it."""
        teller = self.process if self.port_file.exists() else self.inside
        return teller.said(key, about, at)


def connect_sources(settings: Settings, pushed: Pushed) -> Sources:
    """The ports of an installation."""
    port_file, up = sources_port_file(settings.var_dir), Availability()

    def teller_of(source: str) -> Teller:
        given = settings.sources.get(source)
        if given is not None:
            return SourceHttp(source, given.secret, lambda: given.url, NAMES[source], pushed)
        if settings.mode == "production":
            return NotConnected(source)
        process = SourceHttp(
            source,
            settings.sandbox_secret,
            lambda: sandbox_address(port_file, source),
            made_up(NAMES[source]),
            pushed,
        )
        return RunningOrInside(port_file, process, Sandbox(source, up))

    sandboxes = {} if settings.mode == "production" else dict.fromkeys(SOURCES, settings.sandbox_secret)
    return ports(teller_of, sandboxes | {name: given.secret for name, given in settings.sources.items()})


def sandbox_address(port_file: Path, source: str) -> str | None:
    """Where the sandbox process answers for a source, None while nobody knows."""
    if not port_file.exists():
        return None
    return f"http://127.0.0.1:{port_file.read_text('ascii').strip()}/{source}"
