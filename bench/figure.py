"""What a measurement gives: a named number with its unit, and how CPU time and statements are counted."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import event

from app.storage.database import db


@dataclass(frozen=True)
class Figure:
    """One line of the report; `key` is its name in the JSON object at the end."""

    key: str
    value: float
    unit: str
    words: str

    def line(self) -> str:
        """Unit first, so that no number is read as something else."""
        return f"{self.unit:>14} {self.value:>12.7g}  {self.words}"


def cpu_ms(act: Callable[[], object]) -> float:
    """CPU milliseconds of this process for one call; a busy machine raises them too, but less than the clock's time."""
    begun = time.process_time()
    act()
    return (time.process_time() - begun) * 1000


def median(values: Sequence[float], digits: int = 3) -> float:
    """The middle value, rounded."""
    return round(statistics.median(values), digits)


@dataclass
class Statements:
    """What a database was asked: statements without BEGIN and the like, and commits."""

    queries: int = 0
    commits: int = 0


@contextmanager
def counted(app: Flask) -> Iterator[Statements]:
    """Counts what the app's database is asked within the block."""
    seen = Statements()
    with app.app_context():
        engine = db.engine

    def asked(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.queries += not statement.startswith("BEGIN")

    def committed(_connection: object) -> None:
        seen.commits += 1

    event.listen(engine, "before_cursor_execute", asked)
    event.listen(engine, "commit", committed)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", asked)
        event.remove(engine, "commit", committed)
