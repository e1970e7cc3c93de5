"""The supervised process that runs the embedded Valkey server and stops it."""

from __future__ import annotations

import signal
import sys
import threading

from app import lifeline, logs
from app.config import Settings, valkey_socket_path
from app.gateways import embedded_valkey


def main() -> int:
    """Serves until SIGTERM; 1 when the server ended by itself."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    lifeline.hold()
    logs.configure()
    var_dir = Settings.from_environment().var_dir
    return embedded_valkey.serve(var_dir / "valkey", valkey_socket_path(var_dir), stopping.is_set)


if __name__ == "__main__":
    sys.exit(main())
