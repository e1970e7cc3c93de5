"""The administrator's list of live sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.administration.list_all_sessions import PAGE_SIZE, SessionsFound
from app.web.page_models import Pager
from app.web.pages.account_page import SessionRow, session_rows
from app.web.pages.shared import pager


@dataclass(frozen=True)
class LiveRow:
    name: Text
    login: str
    url: str
    organisation: Text | None
    session: SessionRow


@dataclass(frozen=True)
class SessionsPage:
    query: str
    total: int
    people: int
    rows: tuple[LiveRow, ...]
    pager: Pager


def sessions_page(found: SessionsFound, query: str, page: int) -> SessionsPage:
    """Who is logged in where."""
    rows = tuple(
        LiveRow(
            line.name,
            line.login,
            url_for("people.show", person_id=line.person_id),
            line.organisation,
            session_rows([line.session])[0],
        )
        for line in found.lines
    )
    asked: dict[str, Any] = {"q": query} if query else {}
    pages = pager(page, PAGE_SIZE, found.total, lambda number: url_for("sessions.index", page=number, **asked))
    return SessionsPage(query, found.total, found.people, rows, pages)
