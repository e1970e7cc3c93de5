"""The supervised process of the sandbox bank: serves its port, settles what is due and calls the product back."""

from __future__ import annotations

import signal
import sys
import threading
from functools import partial

from app import lifeline, logs
from app.config import CALL_BACK_PATH, SANDBOX_CHANNEL, Settings, reached_host, sandbox_port_file
from app.sandbox_bank.bank import Bank
from app.sandbox_bank.server import deliver, listening

EVERY_SECONDS = 0.2


def main() -> int:
    """Serves until SIGTERM or until the supervisor is gone."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    lifeline.hold()
    logs.configure()
    settings = Settings.from_environment()
    call_back = partial(
        deliver,
        reached_host(settings.host),
        settings.port,
        CALL_BACK_PATH,
        SANDBOX_CHANNEL,
        settings.payment_secret,
    )
    bank = Bank(settings.var_dir / "sandbox_bank.db", call_back)
    with listening(bank, settings.payment_secret, sandbox_port_file(settings.var_dir)) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        while not stopping.wait(EVERY_SECONDS):
            bank.work()
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
