"""The page of what runs: processes, the steps at which their instances stand, and incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.texts import Text
from app.use_cases.reporting.count_process_steps import StepCount
from app.use_cases.reporting.count_running import RunningProcess
from app.web.page_models import Empty


@dataclass(frozen=True)
class StepRow:
    """`percent` of the process's instances that run, or of those that ended."""

    name: Text
    instances: int
    percent: int


@dataclass(frozen=True)
class RunningRow:
    name: Text
    running: int
    ended: int
    incidents: int
    steps: tuple[StepRow, ...]
    ends: tuple[StepRow, ...]
    drawing_url: str
    work_url: str
    stuck_url: str


@dataclass(frozen=True)
class RunningPage:
    rows: tuple[RunningRow, ...]
    running: int
    incidents: int
    empty: Empty | None


def running_page(found: Sequence[RunningProcess]) -> RunningPage:
    """Every process; one in which nothing ever ran is left to the end of the page as a line."""
    rows = tuple(_row(one) for one in found)
    empty = Empty(
        Text("还没有发布流程", "No process is published yet"),
        Text("分析师发布后列在这里。", "What analysts publish is listed here."),
    )
    return RunningPage(
        rows, sum(one.running for one in rows), sum(one.incidents for one in rows), None if rows else empty
    )


def _row(one: RunningProcess) -> RunningRow:
    count = one.count
    return RunningRow(
        name=count.name,
        running=count.running,
        ended=count.ended,
        incidents=one.incidents,
        steps=tuple(_step(step, count.running) for step in count.steps if not step.ended),
        ends=tuple(_step(step, count.ended) for step in count.steps if step.ended),
        drawing_url=url_for("processes.show", process_key=count.process_key),
        work_url=url_for("work.index", process=count.process_key),
        stuck_url=url_for("work.stuck"),
    )


def _step(step: StepCount, whole: int) -> StepRow:
    return StepRow(step.name, step.instances, 100 * step.instances // max(whole, 1))
