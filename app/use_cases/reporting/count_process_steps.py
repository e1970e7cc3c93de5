"""Counts the instances of each process by the step at which they stand or ended; every instance is counted once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.instances import ProcessInstance
from app.storage.releases import OVERVIEW_STAGE, ProcessDefinition
from app.texts import Text
from app.use_cases.applications.milestones import milestone
from app.use_cases.definitions.load_release import load_release

UNKNOWN = Text("未知的步骤", "an unknown step")
SEPARATOR = Text("＋", " + ")


@dataclass(frozen=True)
class StepCount:
    """How many instances run at (or ended at) these steps; several names where branches run side by side."""

    name: Text
    ended: bool
    instances: int


@dataclass
class ProcessCount:
    """One process: `release_id` of new instances, and its counts by step, running ones first."""

    process_key: str
    name: Text
    release_id: str
    running: int = 0
    ended: int = 0
    steps: list[StepCount] = field(default_factory=list)


@dataclass(frozen=True)
class ProcessCounts:
    """All processes in their order, and the cases by milestone to compare with."""

    processes: list[ProcessCount]
    cases: list[tuple[Text, int]]


def count_process_steps() -> ProcessCounts:
    """The counts of one moment."""
    with reading() as session:
        definitions = session.scalars(
            select(ProcessDefinition)
            .where(ProcessDefinition.stage != OVERVIEW_STAGE)
            .order_by(ProcessDefinition.stage, ProcessDefinition.process_key)
        )
        found = {
            row.process_key: ProcessCount(row.process_key, Text(row.name_zh, row.name_en), row.release_id)
            for row in definitions
        }
        for process_key, steps in _steps(session).items():
            process = found.setdefault(process_key, ProcessCount(process_key, Text(process_key), ""))
            ordered = sorted(steps.items(), key=lambda item: (item[0][1], -item[1], item[0][0].zh))
            process.steps = [StepCount(name, ended, count) for (name, ended), count in ordered]
            process.running = sum(step.instances for step in process.steps if not step.ended)
            process.ended = sum(step.instances for step in process.steps if step.ended)
        return ProcessCounts(list(found.values()), _cases(session))


def _steps(session: Session) -> dict[str, Counter[tuple[Text, bool]]]:
    table = ProcessInstance
    keys = (table.process_key, table.release_id, table.status, table.waiting_at, table.end_element_id)
    counts: dict[str, Counter[tuple[Text, bool]]] = {}
    for process_key, release_id, status, waiting_at, end_element_id, number in session.execute(
        select(*keys, func.count()).group_by(*keys)
    ):
        ended = status != "active"
        names = load_release(session, release_id).facts.elements
        at = [end_element_id or ""] if ended else sorted(set(waiting_at.split(",")))
        name = _joined([names[id_][1] if id_ in names else UNKNOWN for id_ in at])
        counts.setdefault(process_key, Counter())[name, ended] += number
    return counts


def _joined(names: list[Text]) -> Text:
    different = list(dict.fromkeys(names))
    return Text(SEPARATOR.zh.join(one.zh for one in different), SEPARATOR.en.join(one.of("en") for one in different))


def _cases(session: Session) -> list[tuple[Text, int]]:
    rows = session.execute(select(LoanCase.milestone, func.count()).group_by(LoanCase.milestone))
    return [(milestone(key).name, number) for key, number in sorted(rows, key=lambda row: -row[1])]
