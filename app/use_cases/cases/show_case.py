"""Shows a case to somebody whose organisation is a party of it."""

from __future__ import annotations

from app.errors import NotFound
from app.storage import cases
from app.storage.database import reading
from app.use_cases.cases.case_file import CaseFile, load_case_file
from app.use_cases.permissions import Actor, may


def show_case(actor: Actor, number: str) -> CaseFile:
    """The case file; NotFound for everybody else, so that a number tells nothing."""
    if not may("view_cases", actor) and not may("view_all_cases", actor):
        raise NotFound
    with reading() as session:
        case = cases.visible(session, number, actor.case_scope)
        if case is None:
            raise NotFound
        return load_case_file(session, case)
