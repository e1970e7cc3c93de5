"""The sandbox bank's own book: instructions, what was debited and credited, and call-backs still to be sent."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS instruction (
    number TEXT PRIMARY KEY, content_hash TEXT NOT NULL, amount_fen INTEGER NOT NULL, payee TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT NOT NULL, reference TEXT NOT NULL, settle_at REAL, times INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS entry (
    serial TEXT PRIMARY KEY, direction TEXT NOT NULL, number TEXT NOT NULL, amount_fen INTEGER NOT NULL,
    booked_on TEXT NOT NULL, remark TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY, body BLOB NOT NULL, due_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL);
"""


class Book:
    """The book in one SQLite file; it outlives the process, so that a restarted bank knows what it did."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._lock = path, threading.Lock()
        with self.open() as page:
            page.executescript(SCHEMA)
        path.chmod(0o600)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing where it raises. One at a time."""
        with self._lock, closing(sqlite3.connect(self._path, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            with connection:
                yield connection


def next_serial(page: sqlite3.Connection, prefix: str) -> str:
    """The next number of a series, as SB000000012."""
    raised = "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last"
    (last,) = page.execute(raised, (prefix,)).fetchone()
    return f"{prefix}{last:09d}"


def one(page: sqlite3.Connection, query: str, *values: Any) -> dict[str, Any] | None:
    """The first row of a query."""
    row = page.execute(query, values).fetchone()
    return None if row is None else dict(row)
