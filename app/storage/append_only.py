"""Tables that only grow: the database itself refuses to change or delete their rows, by triggers of the migrations."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

TABLES = (
    "journal",
    "journal_line",
    "settlement",
    "loan_schedule",
    "loan_schedule_row",
    "payment_event",
    "disposal_line",
)
# a trigger that is there but switched off guards nothing
POSTGRESQL = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = c.relname || '_append_only' AND t.tgenabled <> 'D'
"""
SQLITE = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || :ending"


def unguarded(session: Session) -> list[str]:
    """The tables that have lost what refuses a change or a deletion."""
    if session.get_bind().dialect.name == "postgresql":
        guarded = set(session.scalars(text(POSTGRESQL)))
    else:
        guarded = set(TABLES).intersection(
            *(session.scalars(text(SQLITE), {"ending": ending}) for ending in ("_no_update", "_no_delete"))
        )
    return [table for table in TABLES if table not in guarded]
