"""Kills a process of the product at a named function, once: every Python with this folder on its path loads it.

FAULT is "module:function:before|after:victim". The victim `here` is the process that runs the function, with the
process that started it (rq's worker, gunicorn's master); `valkey` is the queue's server. FAULT_MARK is a file that says
that it happened. WAIT_SECONDS shortens what a test would have to wait for: leases, and a payment's way to the bank.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

WAITS = (
    ("app.use_cases.dispatch", "LEASE"),
    ("app.use_cases.closing.close_all", "LEASE"),
    ("app.use_cases.payments.ask_bank", "CLOSE_AFTER"),
)


def _die(victim: str) -> None:
    import psutil

    var_dir = os.environ["VAR_DIR"]
    if victim == "valkey":
        for process in psutil.process_iter():
            if process.name() == "valkey-server" and process.cwd().startswith(var_dir):
                process.kill()
        return
    parent = psutil.Process(os.getppid())
    if "app.supervisor" not in parent.cmdline():
        parent.kill()
    os.kill(os.getpid(), signal.SIGKILL)


def _wrapped(function: Callable[..., Any], when: str, victim: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def instead(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            result = function(*args, **kwargs)
        try:
            os.close(os.open(os.environ["FAULT_MARK"], os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return result if when == "after" else function(*args, **kwargs)
        _die(victim)
        return result if when == "after" else function(*args, **kwargs)

    return instead


class _Finder:
    """Finds one module as always, and changes it as soon as it is loaded."""

    def __init__(self, name: str, change: Callable[[ModuleType], None]) -> None:
        self.name, self.change = name, change

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        sys.meta_path.remove(self)  # type: ignore[arg-type]
        spec = importlib.util.find_spec(name)
        assert spec is not None and spec.loader is not None
        load = spec.loader.exec_module

        def loaded(module: ModuleType) -> None:
            load(module)
            self.change(module)

        spec.loader.exec_module = loaded  # type: ignore[method-assign]
        return spec


def _set(name: str, value: object, module: ModuleType) -> None:
    setattr(module, name, value)


def _plant() -> None:
    fault, wait_seconds = os.environ.get("FAULT"), os.environ.get("WAIT_SECONDS")
    if fault:
        module_name, function, when, victim = fault.split(":")

        def planted(module: ModuleType) -> None:
            setattr(module, function, _wrapped(getattr(module, function), when, victim))

        sys.meta_path.insert(0, _Finder(module_name, planted))  # type: ignore[arg-type]
    if wait_seconds:
        shorter = timedelta(seconds=float(wait_seconds))
        for name, wait in WAITS:
            shorten = functools.partial(_set, wait, shorter)
            sys.meta_path.insert(0, _Finder(name, shorten))  # type: ignore[arg-type]


_plant()
