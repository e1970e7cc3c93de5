"""A fault that is planted into sound books is found, under its own invariant and at its own row, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from app.storage.database import db
from app.use_cases.ledger_check.check_ledger import INVARIANTS, check_in
from tests.databases import Databases, settings
from tests.desk import Desk
from tests.use_cases.ledger_check.book_faults import BOOK_FAULTS
from tests.use_cases.ledger_check.consistent import write_books
from tests.use_cases.ledger_check.control_faults import CONTROL_FAULTS
from tests.use_cases.ledger_check.planting import Fault

FAULTS = (*BOOK_FAULTS, *CONTROL_FAULTS)


@pytest.fixture(scope="module")
def sound(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The books of `consistent` on SQLite; tests change them in units that are rolled back."""
    folder: Path = tmp_path_factory.mktemp("sound")
    desk = Desk(create_app(settings(folder / "var", databases.sqlite("demo", folder / "loan.db"))))
    write_books(desk)
    yield desk
    with desk.app.app_context():
        db.engine.dispose()


def plant(session: Session, statements: tuple[str, ...]) -> None:
    """Runs the statements as somebody who takes the guards off and puts them back."""
    triggers = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    dropped = {name for name, _ in triggers if any(f"DROP TRIGGER {name}" in one for one in statements)}
    for name, _ in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    for statement in statements:
        if not statement.startswith("DROP TRIGGER"):
            session.connection().exec_driver_sql(statement)
    for name, sql in triggers:
        if name not in dropped:
            session.connection().exec_driver_sql(sql)


def place_of(session: Session, where: str) -> str:
    """A row's number; where it is given by a query, what that finds (the id of a journal as its number)."""
    if not where.startswith("("):
        return where
    found = session.scalar(text(f"SELECT {where}"))
    return f"J{found:08d}" if isinstance(found, int) else str(found)


@pytest.mark.parametrize("planted", FAULTS, ids=lambda one: f"{one.number:02d} {one.what}")
def test_a_planted_fault_is_found_where_it_is_and_nowhere_else(sound: Desk, planted: Fault) -> None:
    with sound.app.app_context(), Session(db.engine) as session:
        session.connection(execution_options={"writes": True})
        plant(session, planted.statements)
        where = place_of(session, planted.where)
        checked = check_in(session)
        session.rollback()
    found = {(one.number, violation.where) for one in checked for violation in one.violations}
    assert {number for number, _ in found} == {planted.number}, [
        (one.number, violation.where, str(violation.text)) for one in checked for violation in one.violations
    ]
    assert where in {place for _, place in found}
    assert all(violation.text.zh and violation.text.en for one in checked for violation in one.violations)


def test_every_invariant_has_a_planted_fault() -> None:
    assert {one.number for one in INVARIANTS} == {one.number for one in FAULTS}
