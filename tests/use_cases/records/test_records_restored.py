"""Issue 6, show 5: the decision records of 200 cases are the same bytes after a dump and a restore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.use_cases.administration.make_backup import make_backup
from app.use_cases.administration.restore_backup import restore_backup
from tests.databases import SECRETS
from tests.desk import Desk
from tests.soak import LENGTH
from tests.use_cases.records.recorded import PLAYS, digests, play

CASES = 200 if LENGTH > 1 else len(PLAYS)
KEY = SECRETS["PARTY_KEY"]


@pytest.mark.soak
def test_records_are_the_same_bytes_after_a_dump_and_a_restore(
    desk: Desk, make_app: Callable[[str], Flask], tmp_path: Path
) -> None:
    play(desk, CASES)
    before = digests(desk)
    with desk.app.app_context():
        make_backup(tmp_path / "all.tar.zst", KEY)
    again = make_app(f"sqlite:///{tmp_path / 'again.db'}")
    with again.app_context():
        restore_backup(tmp_path / "all.tar.zst", KEY, None)
    assert len(before) == CASES and len(set(before)) == CASES
    assert digests(Desk(again)) == before
    print(f"\n{CASES} records of {CASES} byte-identical after a dump and a restore")


@pytest.mark.postgresql
def test_records_are_the_same_bytes_on_postgresql(
    desk: Desk, make_app: Callable[[str], Flask], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    play(desk, 3)
    before = digests(desk)
    with desk.app.app_context():
        make_backup(tmp_path / "all.tar.zst", KEY)
    moved = make_app(request.getfixturevalue("postgresql_url"))
    with moved.app_context():
        restore_backup(tmp_path / "all.tar.zst", KEY, None)
    assert digests(Desk(moved)) == before
