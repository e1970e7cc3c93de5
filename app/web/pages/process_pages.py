"""The drawings of a case: the overview of all processes, and one process by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.texts import Text
from app.use_cases.cases.case_file import CaseFile
from app.use_cases.cases.case_overview import CaseOverview, Standing
from app.use_cases.cases.process_drawing import CaseProcess, ProcessProgress, Reached
from app.use_cases.permissions import may
from app.web import drawing
from app.web.drawing import Drawing, Progress
from app.web.page_models import CaseHead, Chip
from app.web.pages.shared import case_head
from app.web.session import actor
from app.web.texts import language


@dataclass(frozen=True)
class Place:
    """A process in the list that telephones show in the drawing's place."""

    name: str
    state: str
    note: Text | None
    url: str


@dataclass(frozen=True)
class OverviewPart:
    drawing: Drawing | None
    places: tuple[Place, ...]


@dataclass(frozen=True)
class StepLine:
    """A step that was reached, in the table that says what the drawing shows."""

    name: str
    state: str
    note: Text | None
    times: int


@dataclass(frozen=True)
class ProcessPage:
    """`state` is done, current or ahead; `runs` are empty where the process has not begun.

    `code` is the process and its release as analysts and administrators name them, empty for everybody else.
    """

    case: CaseHead
    name: Text
    code: str
    version: int | None
    drawing: Drawing | None
    runs: tuple[Chip, ...]
    state: str
    started_at: datetime | None
    steps: tuple[StepLine, ...]


def overview_part(case_number: str, overview: CaseOverview | None) -> OverviewPart | None:
    """The overview with links to each process's own drawing."""
    if overview is None:
        return None
    progress = {
        id_: Progress(one.state, one.note, _address(case_number, one)) for id_, one in overview.standings.items()
    }
    progress |= {flow: Progress("done") for flow in overview.sent}
    drawn = drawing.draw(overview.diagram, progress, language(), others="outside")
    names = (
        {node.element_id: ("" if language() == "zh" else " ").join(node.lines) for node in drawn.nodes} if drawn else {}
    )
    places = tuple(
        Place(names.get(id_, one.process_key), one.state, one.note, _address(case_number, one))
        for id_, one in overview.standings.items()
    )
    return OverviewPart(drawn, places)


def _address(case_number: str, standing: Standing) -> str:
    if not standing.shown:
        return ""
    return url_for("cases.process", case_number=case_number, process_key=standing.process_key)


def process_page(file: CaseFile, found: CaseProcess) -> ProcessPage:
    """One process of a case."""
    shown = found.progress
    states = {key: Progress(one.state, one.note, tip=_tip(one)) for key, one in shown.elements.items()}
    chosen = next((run for run in found.runs if run.instance_id == found.chosen), None)
    state = "ahead" if chosen is None else "current" if chosen.active else "done"
    number = file.case.number
    runs = tuple(
        Chip(
            str(run.instance_id),
            Text(f"第 {position} 次 {run.business_key}", f"Run {position}, {run.business_key}"),
            None,
            run.instance_id == found.chosen,
            url_for("cases.process", case_number=number, process_key=shown.process_key, run=run.instance_id),
        )
        for position, run in enumerate(found.runs, 1)
    )
    drawn = drawing.draw(shown.diagram, states, language(), others="skipped" if state == "done" else "ahead")
    names = {node.element_id: node.name for node in drawn.nodes} if drawn else {}
    steps = tuple(
        StepLine(names[id_], one.state, one.note, one.times) for id_, one in shown.elements.items() if names.get(id_)
    )
    return ProcessPage(
        case_head(file),
        shown.name,
        process_code(shown),
        shown.version,
        drawn,
        runs,
        state,
        shown.started_at,
        steps,
    )


def process_code(shown: ProcessProgress) -> str:
    """The key and the start of the release's hash, for whom diagrams or incidents are the work; else empty."""
    who = actor()
    named = may("edit_definitions", who) or may("publish_definitions", who) or may("retry_incidents", who)
    return f"{shown.process_key} {shown.release_id[:8]}" if named else ""


STATES = {
    "done": Text("已完成", "done"),
    "current": Text("进行中", "now"),
    "late": Text("已超时", "late"),
    "failed": Text("出现异常", "failed"),
}


def _tip(one: Reached) -> Text:
    """Who, when and how often, for whoever points at the element."""
    zh, en = [STATES[one.state].zh], [STATES[one.state].en]
    if one.note:
        zh.append(one.note.zh)
        en.append(one.note.en)
    if one.times > 1:
        zh.append(f"经过 {one.times} 次")
        en.append(f"passed {one.times} times")
    return Text("，".join(zh), ", ".join(en))
