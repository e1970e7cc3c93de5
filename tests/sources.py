"""Sandbox sources that run beside a test over HTTP; they call back when the test lets them work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from app import signatures
from app.config import SOURCE_CALL_BACK_PATH, Settings, sources_behaviour_file, sources_port_file
from app.gateways import sources as gateway
from app.gateways.source_http import SourceHttp
from app.gateways.source_ports import ports
from app.gateways.sources import NAMES, Sources
from app.sandbox_sources.behaviour import Behaviours, choose
from app.sandbox_sources.enquiries import Enquiries, Pace
from app.sandbox_sources.server import SourcesServer, listening
from app.use_cases.parties.receive_answer import received

SECRET = "a secret of the sandbox sources, for tests"
# what a test waits for an answer that comes, also on a busy machine; one that never ends is given up sooner
ANSWER_SECONDS = 5.0
SOON = 0.3
PACE = Pace(slow=0.05, stalled=1.0, late=0.0, push=0.0, again=0.0)


@dataclass
class Running:
    """The sources of a test: what they do, and what they still have to send."""

    server: SourcesServer
    enquiries: Enquiries
    behaviour_file: Path

    def behave(self, behaviour: str, *sources: str) -> None:
        """Lets these sources, or all, behave so from now on."""
        for source in sources or NAMES:
            choose(self.behaviour_file, source, behaviour)

    def address(self, source: str) -> str:
        """Where a source answers."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/{source}"

    def ports(self, secret: str = SECRET, answer_seconds: float = ANSWER_SECONDS, **more: Any) -> Sources:
        """The ports that ask these sources."""

        def teller(source: str) -> SourceHttp:
            return SourceHttp(
                source, secret, lambda: self.address(source), NAMES[source], answer_seconds=answer_seconds, **more
            )

        return ports(teller, dict.fromkeys(NAMES, secret))


@contextmanager
def served(
    var_dir: Path,
    deliver: Any = lambda source, body: True,
    pace: Pace = PACE,
    now: Callable[[], float] = time.monotonic,
) -> Iterator[Running]:
    """The sources on a port of their own within the block; `now` is what late answers go by."""
    var_dir.mkdir(parents=True, exist_ok=True)
    file = sources_behaviour_file(var_dir)
    enquiries = Enquiries(deliver, pace, now)
    with listening(enquiries, Behaviours(file), SECRET, sources_port_file(var_dir)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield Running(server, enquiries, file)
        server.shutdown()
        thread.join()


def call_back(app: Flask, source: str, body: bytes, **changes: Any) -> tuple[int, Any]:
    """Posts an answer as a source does: (status, JSON). Changes: secret, now, sent (other bytes)."""
    secret, now = changes.get("secret", SECRET), changes.get("now", datetime.now(UTC))
    headers = signatures.signed(source, secret, "POST", SOURCE_CALL_BACK_PATH, body, now)
    headers |= {"Content-Type": "application/json"}
    answer = app.test_client().post(SOURCE_CALL_BACK_PATH, data=changes.get("sent", body), headers=headers)
    return answer.status_code, answer.get_json(silent=True)


@contextmanager
def sandbox_sources(app: Flask, pace: Pace = PACE, now: Callable[[], float] = time.monotonic) -> Iterator[Running]:
    """The app asks these sources within the block, and they call it back."""
    settings: Settings = app.config["SETTINGS"]
    before = gateway.current()
    with served(settings.var_dir, lambda source, body: call_back(app, source, body)[0] == 200, pace, now) as running:
        gateway.use(running.ports(pushed=received))
        yield running
        gateway.use(before)
