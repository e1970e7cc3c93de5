"""The page of a funder's panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from app.texts import Text
from app.use_cases.administration.organisation_kinds import kind_name
from app.use_cases.panels.list_panel import EXPIRED, IN_FORCE, SUSPENDED, PanelLine
from app.web.page_models import Tag
from app.web.texts import language

STATES = {
    IN_FORCE: Tag("green", Text("在库", "May work")),
    SUSPENDED: Tag("red", Text("已暂停", "Suspended")),
    EXPIRED: Tag("amber", Text("已到期", "Past its last day")),
}


@dataclass(frozen=True)
class PanelRow:
    name: str
    url: str
    kind: Text
    state: Tag
    since: date
    until: date | None
    note: str
    act_url: str
    suspended: bool


@dataclass(frozen=True)
class PanelPage:
    rows: tuple[PanelRow, ...]
    entered: Mapping[str, str]
    error: Text | None


def panel_page(found: Sequence[PanelLine], entered: Mapping[str, str], error: Text | None = None) -> PanelPage:
    """The panel, and what was typed wrongly."""
    return PanelPage(tuple(_row(line) for line in found), entered, error)


def _row(line: PanelLine) -> PanelRow:
    member, suspended = line.member, line.state == SUSPENDED
    who = line.admitted_by.of(language()) if line.admitted_by else ""
    because = member.suspended_because if suspended else member.admitted_because
    return PanelRow(
        line.name.of(language()),
        url_for("firms.show", firm_id=line.firm_id),
        kind_name(line.kind),
        STATES[line.state],
        member.since_on,
        member.valid_until,
        because if suspended else " · ".join(part for part in (who, because) if part),
        url_for("panel.resume" if suspended else "panel.suspend", member_id=member.id),
        suspended,
    )
