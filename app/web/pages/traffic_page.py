"""The page of a process with its traffic: a drawing with numbers, and the same numbers as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.texts import Text
from app.use_cases.reporting.count_elements import PERIODS, ElementCount, ProcessTraffic
from app.web import drawing
from app.web.drawing import Drawing, Progress
from app.web.page_models import Chip
from app.web.texts import language

HEATS = 4


@dataclass(frozen=True)
class TrafficLine:
    """An element in the table that says what the drawing shows."""

    name: str
    count: ElementCount


@dataclass(frozen=True)
class TrafficPage:
    name: Text
    version_of: datetime | None
    days: int
    running: int
    elsewhere: int
    late: int
    failed: int
    drawing: Drawing | None
    periods: tuple[Chip, ...]
    lines: tuple[TrafficLine, ...]


def traffic_page(found: ProcessTraffic) -> TrafficPage:
    """Every element that anything stands at or went through, in the drawing's order from left to right."""
    most = max((one.passed for one in found.elements.values()), default=0)
    progress = {id_: _progress(one, most) for id_, one in found.elements.items()}
    drawn = drawing.draw(found.diagram, progress, language(), others="plain")
    nodes = sorted(drawn.nodes, key=lambda node: (node.box.x, node.box.y)) if drawn else []
    lines = [
        TrafficLine(node.name, found.elements[node.element_id])
        for node in nodes
        if node.name and node.element_id in found.elements and found.elements[node.element_id] != ElementCount()
    ]
    periods = tuple(
        Chip(
            str(days),
            Text(f"近 {days} 天", f"last {days} days"),
            None,
            days == found.days,
            url_for("processes.show", process_key=found.process_key, days=days),
        )
        for days in PERIODS
    )
    return TrafficPage(
        found.name,
        found.version_of,
        found.days,
        found.running,
        found.elsewhere,
        sum(one.late for one in found.elements.values()),
        sum(one.failed for one in found.elements.values()),
        drawn,
        periods,
        tuple(lines),
    )


def _progress(one: ElementCount, most: int) -> Progress:
    return Progress(
        "plain",
        tip=_tip(one),
        badge=one.standing,
        badge_tone="red" if one.late or one.failed else "plain",
        heat=0 if not one.passed else 1 + (HEATS - 1) * one.passed // most,
    )


def _tip(one: ElementCount) -> Text:
    zh, en = [f"在办 {one.standing}"], [f"{one.standing} here"]
    if one.late:
        zh.append(f"超时 {one.late}")
        en.append(f"{one.late} late")
    if one.failed:
        zh.append(f"异常 {one.failed}")
        en.append(f"{one.failed} failed")
    zh.append(f"经过 {one.passed} 次")
    en.append(f"passed {one.passed} times")
    return Text("，".join(zh), ", ".join(en))
