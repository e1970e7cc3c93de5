"""Whose limits are, by name: organisations, products and types of funder in one look-up for a whole list."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.storage import organisations, releases
from app.texts import Text
from app.use_cases.credit_limits.limit_input import FUNDER_TYPES, NET_CAPITAL

OF_ORGANISATIONS = ("funder", "core_enterprise", "group", "borrower")


def names_of(session: Session, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Text]:
    """(kind, subject) -> the name of whose it is."""
    wanted = set(pairs)
    ids = {int(subject) for kind, subject in wanted if kind in OF_ORGANISATIONS}
    known, products = organisations.names(session, ids), releases.products(session)
    found = {}
    for kind, subject in wanted:
        if kind in OF_ORGANISATIONS:
            found[kind, subject] = known[int(subject)]
        elif kind == NET_CAPITAL:
            found[kind, subject] = FUNDER_TYPES[subject]
        else:
            row = products.get(subject)
            found[kind, subject] = Text(row.name_zh, row.name_en) if row else Text(subject, subject)
    return found
