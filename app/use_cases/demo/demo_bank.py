"""The sandbox bank while the demo is played: the same bank on the same book, at the clock of the play."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app import signatures
from app.config import CALL_BACK_PATH, SANDBOX_CHANNEL, Settings
from app.gateways import clock, payments
from app.gateways.payments import SandboxChannel
from app.sandbox_bank.bank import Bank
from app.sandbox_bank.server import BankServer, listening
from app.use_cases.payments.receive_call_back import receive_call_back

BOOK = "sandbox_bank.db"
POLL_SECONDS = 0.02


class DemoBank:
    """The bank; while it `is_away` nobody reaches it."""

    def __init__(self, bank: Bank, server: BankServer) -> None:
        self._bank, self._server, self.is_away = bank, server, False

    def address(self) -> str | None:
        """Where it listens."""
        return None if self.is_away else f"http://127.0.0.1:{self._server.server_address[1]}"

    def work(self) -> int:
        """Settles and calls back; how many of both."""
        return 0 if self.is_away else self._bank.work()


@contextmanager
def demo_bank(settings: Settings) -> Iterator[DemoBank]:
    """Payments of this process go through the bank within the block; its book begins anew and stays afterwards.

    The product's database was empty just now, so that nothing in an older book belongs to it.
    """
    book, secret, before = settings.var_dir / BOOK, settings.payment_secret, payments.current()
    book.unlink(missing_ok=True)
    bank = Bank(book, lambda body: _call_back(secret, body), settle_seconds=0.0, now=_seconds)
    with TemporaryDirectory() as folder, listening(bank, secret, Path(folder) / "port") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_SECONDS}, daemon=True)
        thread.start()
        running = DemoBank(bank, server)
        payments.use(SandboxChannel(SANDBOX_CHANNEL, secret, running.address))
        try:
            yield running
        finally:
            payments.use(before)
            server.shutdown()
            thread.join()


def _seconds() -> float:
    return clock.moment().now.timestamp()


def _call_back(secret: str, body: bytes) -> bool:
    """A call-back as the product's address for it takes it."""
    headers = signatures.signed(SANDBOX_CHANNEL, secret, "POST", CALL_BACK_PATH, body, datetime.now(UTC))
    receive_call_back(CALL_BACK_PATH, headers, body)
    return True
