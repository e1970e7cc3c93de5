"""Runs, within the unit of a person's act, the operations that the diagram wants done with it or not at all."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from app.engine import Outcome
from app.storage.outbox import OutboxRow
from app.use_cases.instances.advance import advance
from app.use_cases.instances.run import Run
from app.use_cases.instances.run_operation import outcome_of
from app.use_cases.operation import Call
from app.use_cases.operations import find

WITH_THE_ACT = "with_the_act"  # header of a service task: "true"
AT_THE_FORM = "refused_at_form"  # property of a user task: error codes that come back to the person, with commas
MOST_AT_ONCE = 10


def run_at_once(run: Run, outcome: Outcome) -> None:
    """Runs what the person's step has led to and the diagram marks, so that both stand or neither does.

    Raises OperationRefused where the task says that this error comes back to the person at the form; the caller's unit
    is undone then. Any other refusal goes the way that the diagram draws for it.
    """
    for _ in range(MOST_AT_ONCE):
        marked = [call for call in outcome.operations_created if call.headers.get(WITH_THE_ACT) == "true"]
        if not marked:
            return
        outcome = _run(run, marked[0].task_id)


def _run(run: Run, engine_task_id: str) -> Outcome:
    session = run.session
    row = session.scalars(
        select(OutboxRow).where(
            OutboxRow.instance_id == run.instance.id,
            OutboxRow.engine_task_id == engine_task_id,
            OutboxRow.state == "waiting",
        )
    ).one()
    session.refresh(run.instance)  # the step before wrote its state past the session
    operation = find(row.name)
    assert operation.ask is None, f"{row.name} asks the outside and cannot run within a person's act"
    call = Call(row.id, run.case, row.payload, row.headers, run.moment)
    here = replace(run, actor=None, task=None, note=None)
    found = outcome_of(here, operation, call, engine_task_id, None, let_through=_at_the_form(run))
    row.state, row.attempts, row.done_at = "done", 1, run.moment.now
    advance(here, found)
    return found


def _at_the_form(run: Run) -> frozenset[str]:
    named = str(((run.task.properties if run.task else None) or {}).get(AT_THE_FORM, ""))
    return frozenset(code.strip() for code in named.split(",") if code.strip())
