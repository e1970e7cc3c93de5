"""Stages that tests begin at are played once by each worker and then put into place: the same rows, files and keys."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flask import Flask

from app.gateways import clock, sources
from app.storage.database import db

Stage = TypeVar("Stage", bound=Callable[..., str])
FOLDERS = ("files", "keys")
CHANGES = slice(24, 28)  # the counter of changes in the head of an SQLite file


class Played(Protocol):
    """What has stages: a desk."""

    app: Flask
    kept: KeptStages | None


@dataclass
class KeptStages:
    """What was reached so far on one desk whose database began as a copy of the demo's, while nobody did anything else.

    A stage that some test of this process reached by the same way is copied instead of played. Whoever wrote a row,
    stopped the clock or changed a source before plays it.
    """

    app: Flask
    way: tuple[str, ...] = ()
    stamp: bytes = b""
    sources: str = field(default_factory=lambda: repr(sources.current()))

    def __post_init__(self) -> None:
        self.stamp = self._stamp()

    def reach(self, stage: str, play: Callable[[], str]) -> str:
        """The case number that `play` gives, with everything that it does."""
        if self._is_touched():
            return play()
        way = (*self.way, stage)
        if way not in KEPT:
            number = play()
            if self._is_plain():
                KEPT[way] = (number, self._keep())
                self.way, self.stamp = way, self._stamp()
            return number
        number, place = KEPT[way]
        with self.app.app_context():
            db.engine.dispose()
        for name in FOLDERS:
            if (place / name).exists():
                shutil.copytree(place / name, self._var / name, dirs_exist_ok=True)
        for left in self._file.parent.glob(f"{self._file.name}-*"):
            left.unlink()
        shutil.copyfile(place / "loan.db", self._file)
        self.way, self.stamp = way, self._stamp()
        return number

    @property
    def _var(self) -> Path:
        return Path(self.app.config["SETTINGS"].var_dir)

    @property
    def _file(self) -> Path:
        return Path(self.app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))

    def _is_touched(self) -> bool:
        return self._stamp() != self.stamp or not self._is_plain()

    def _is_plain(self) -> bool:
        is_now = abs(clock.unmoved_now() - datetime.now(UTC)) < timedelta(seconds=5)
        return is_now and repr(sources.current()) == self.sources

    def _stamp(self) -> bytes:
        log = self._file.with_name(f"{self._file.name}-wal")
        waiting = log.stat().st_size if log.exists() else 0
        with self._file.open("rb") as file:
            return file.read(100)[CHANGES] + waiting.to_bytes(8)

    def _keep(self) -> Path:
        with self.app.app_context():
            db.engine.dispose()
        with sqlite3.connect(self._file) as connection:  # so that the file alone is the whole database
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        place = Path(tempfile.mkdtemp(dir=PLACE))
        shutil.copyfile(self._file, place / "loan.db")
        for name in FOLDERS:
            if (self._var / name).exists():
                shutil.copytree(self._var / name, place / name)
        return place


PLACE = Path(tempfile.mkdtemp(prefix="loan-stages-"))
KEPT: dict[tuple[str, ...], tuple[str, Path]] = {}


def kept(stage: Stage) -> Stage:
    """A method that plays a case to a stage and gives its number, and need not be played twice."""

    @wraps(stage)
    def reach(self: Played, *args: Any, **changes: Any) -> str:
        if self.kept is None:
            return stage(self, *args, **changes)
        name = f"{stage.__name__}{args!r}{sorted(changes.items())!r}"
        return self.kept.reach(name, lambda: stage(self, *args, **changes))

    return reach  # type: ignore[return-value]
