"""An auditor looks at the database after every test that touches money, and fails a test whose books do not hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.use_cases.ledger_check.check_ledger import check_ledger

TESTS = Path(__file__).parent
FOLDERS = (
    *(f"use_cases/{area}" for area in ("closing", "collateral", "collections", "disposals", "loans", "payments")),
    *("demo", "faults", "mission"),
)
APPS: pytest.StashKey[list[Flask]] = pytest.StashKey()


def touches(item: pytest.Item, app: Flask) -> None:
    """Notes that a test works on the app's database."""
    item.stash.setdefault(APPS, []).append(app)


def audit(item: pytest.Item) -> None:
    """Fails the test where an invariant is violated, but for those that it says it violates (marker `violates`)."""
    apps = item.stash.get(APPS, [])
    if APPS in item.stash:
        del item.stash[APPS]  # pytest keeps its items to the end of the run, and would keep every app with them
    place = Path(item.path).parent.relative_to(TESTS).as_posix()
    if place not in FOLDERS:
        return
    expected = {number for marker in item.iter_markers("violates") for number in marker.args}
    for app in apps:
        with app.app_context():
            found = [
                f"invariant {one.number:02d}: {violation.where}: {violation.text.of('en')}"
                for one in check_ledger()
                for violation in one.violations
                if one.number not in expected
            ]
        assert not found, "the books do not hold after the test:\n" + "\n".join(found)
