"""The supervised process of the sandboxes: a bank and the outside sources, each on its own port, calling back."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from http.server import ThreadingHTTPServer

from app import lifeline, logs
from app.config import (
    CALL_BACK_PATH,
    SANDBOX_CHANNEL,
    SOURCE_CALL_BACK_PATH,
    Settings,
    reached_host,
    sandbox_port_file,
    sources_behaviour_file,
    sources_port_file,
)
from app.sandbox_bank.bank import Bank
from app.sandbox_bank.server import listening as bank_listening
from app.sandbox_sources.behaviour import Behaviours
from app.sandbox_sources.enquiries import Enquiries
from app.sandbox_sources.loopback import deliver
from app.sandbox_sources.server import listening as sources_listening

EVERY_SECONDS = 0.2


def main() -> int:
    """Serves until SIGTERM or until the supervisor is gone."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    lifeline.hold()
    logs.configure()
    settings = Settings.from_environment()
    with ExitStack() as running:
        made = [_bank(settings)] if settings.sandbox_bank else []
        made += [_sources(settings)] if settings.sandbox_sources else []
        for server, _work in made:
            running.enter_context(server)
            running.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        while not stopping.wait(EVERY_SECONDS):
            for _server, work in made:
                work()
    return 0


def _bank(settings: Settings) -> tuple[ThreadingHTTPServer, Callable[[], int]]:
    host = reached_host(settings.host)
    call_back = partial(deliver, host, settings.port, CALL_BACK_PATH, SANDBOX_CHANNEL, settings.payment_secret)
    bank = Bank(settings.var_dir / "sandbox_bank.db", call_back)
    return bank_listening(bank, settings.payment_secret, sandbox_port_file(settings.var_dir)), bank.work


def _sources(settings: Settings) -> tuple[ThreadingHTTPServer, Callable[[], int]]:
    host, secret = reached_host(settings.host), settings.sandbox_secret

    def call_back(source: str, body: bytes) -> bool:
        return deliver(host, settings.port, SOURCE_CALL_BACK_PATH, source, secret, body)

    enquiries, behaviours = Enquiries(call_back), Behaviours(sources_behaviour_file(settings.var_dir))
    port_file = sources_port_file(settings.var_dir)
    return sources_listening(enquiries, behaviours, secret, port_file), enquiries.work


if __name__ == "__main__":
    sys.exit(main())
