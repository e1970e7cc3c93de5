"""Books that were worked out by hand violate nothing."""

from __future__ import annotations

from app.use_cases.ledger_check.check_ledger import check_ledger
from tests.desk import Desk
from tests.use_cases.ledger_check.consistent import write_books


def test_books_worked_out_by_hand_violate_no_invariant(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    write_books(desk)
    with desk.app.app_context():
        checked = check_ledger()
    assert [(one.number, str(found.text)) for one in checked for found in one.violations] == []
    assert [one.number for one in checked if not one.rows] == []
