"""What thousands of apps in one process share or need not do: statements, templates, addresses, keys, fsync."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, MutableMapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from pyhanko.sign.timestamps import dummy_client
from sqlalchemy import Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.storage.database import db
from app.use_cases.administration import passwords

TEMPLATES = Path(tempfile.mkdtemp(prefix="loan-templates-"))
STATEMENTS = 1500


class Compiled(MutableMapping[Any, Any]):
    """Compiled statements of every engine of one kind: SQLAlchemy keys them by the engine's own dialect object."""

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(STATEMENTS)

    def __getitem__(self, key: Any) -> Any:
        return self._kept[key[1:]]

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._kept[key[1:]] = compiled

    def __delitem__(self, key: Any) -> None:
        del self._kept[key[1:]]

    def __iter__(self) -> Any:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Any, default: Any = None) -> Any:
        return self._kept.get(key[1:], default)


COMPILED = {"sqlite": Compiled(), "postgresql": Compiled()}


def spare(app: Flask) -> None:
    """Lets a test's app share what it can; nothing that a test could see but the time it takes."""
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(TEMPLATES))
    with app.app_context():
        engine: Engine = db.engine
    engine.update_execution_options(compiled_cache=COMPILED[engine.dialect.name])
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _no_power_is_cut_here(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")


def hash_quickly() -> None:
    """Passwords of tests are made and checked in a thousandth of the time that guessing one is meant to take."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def share_addresses() -> None:
    """What builds an address from a route is compiled once, not once an app: it depends on the route's text alone."""
    compiled: dict[Any, Callable[..., Any]] = {}
    real = Rule._compile_builder

    def compile_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = real(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = compile_builder  # type: ignore[method-assign]


def keep_keys() -> None:
    """The sandbox's time stamper reads and checks its RSA key for each stamp; here once a key."""
    load = cache(dummy_client.serialization.load_der_private_key)
    dummy_client.serialization = SimpleNamespace(  # type: ignore[attr-defined]
        load_der_private_key=lambda der, password: load(bytes(der), password)
    )
