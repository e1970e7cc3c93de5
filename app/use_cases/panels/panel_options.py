"""The firms of a panel as options of a form, by kind, and whether a chosen one is among them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.storage import panels
from app.use_cases.administration.organisation_kinds import ON_A_PANEL


def panel_options(session: Session, funder_id: int, on: date) -> dict[str, list[dict[str, str]]]:
    """{kind: [{value: credit code, label, label_en}]} of the firms that the funder may give work to on that day."""
    return {kind: options_of(session, funder_id, kind, on) for kind in ON_A_PANEL}


def options_of(session: Session, funder_id: int, kind: str, on: date) -> list[dict[str, str]]:
    """The options of one kind."""
    found: list[dict[str, str]] = [
        {"value": firm.unified_social_credit_code, "label": firm.name.zh, "label_en": firm.name.of("en")}
        for firm in panels.choices(session, funder_id, kind, on)
        if firm.unified_social_credit_code
    ]
    return found


def may_work(session: Session, funder_id: int, firm: Any, on: date) -> bool:
    """Whether the funder may give the organisation work; kinds that need no admission always may."""
    if firm.kind not in ON_A_PANEL:
        return True
    return any(one.id == firm.id for one in panels.choices(session, funder_id, firm.kind, on))
