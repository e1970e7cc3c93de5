"""Runs the operation of an outbox row and resumes its instance with the result or with an error the diagram catches."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from app import engine
from app.gateways import clock
from app.moment import Moment
from app.storage import instances, outbox
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.outbox import OutboxRow
from app.texts import Text
from app.use_cases.definitions.load_release import load_release
from app.use_cases.instances.advance import advance
from app.use_cases.instances.run import Run
from app.use_cases.operation import Call, Operation, OperationRefused
from app.use_cases.operations import find


def run_operation(row: OutboxRow) -> None:
    """Asks the outside without a transaction, then records the answer and resumes the instance in one unit.

    Raises SourceUnavailable (to be tried again), EngineFailure or another ProductError.
    """
    operation = find(row.name)
    moment = clock.moment()
    reply = None
    if operation.ask is not None:
        with reading() as session:
            case = session.get_one(LoanCase, row.case_id)
            request = operation.prepare(session, Call(row.id, case, row.payload, row.headers, moment))
        reply = operation.ask(request)
    with unit_of_work() as session:
        held = outbox.held(session, row.id, row.attempts)
        if held is None:
            return  # withdrawn meanwhile, or another worker took over after the lease ran out
        assert held.instance_id is not None and held.engine_task_id is not None
        instance = instances.locked(session, held.instance_id)
        if instance is None or instance.state is None:
            held.state, held.done_at = "withdrawn", moment.now
            return
        case = session.get_one(LoanCase, instance.case_id)
        release = load_release(session, instance.release_id)
        call = Call(held.id, case, held.payload, held.headers, moment)
        run = Run(session, instance, case, release, moment)
        outcome = outcome_of(run, operation, call, held.engine_task_id, reply)
        held.state, held.done_at = "done", moment.now
        advance(run, outcome)


def outcome_of(
    run: Run, operation: Operation, call: Call, task_id: str, reply: Any, *, let_through: Collection[str] = ()
) -> engine.Outcome:
    """Records the operation and resumes the instance with its result, or with its refusal as an error of the diagram.

    What a refused operation wrote is undone. A refusal whose code is one of `let_through` is raised instead.
    """
    assert run.instance.state is not None, "an instance with an operation is running"
    runtime, state = run.release.runtime, run.instance.state
    try:
        with run.session.begin_nested():
            result = operation.record(run.session, call, reply)
            run.session.flush()
    except OperationRefused as refusal:
        if refusal.code in let_through:
            raise
        run.session.add_all(refusal.evidence)
        return _throw(runtime, state, task_id, refusal, run.moment)
    return engine.complete_operation(runtime, state, task_id, result, run.moment)


def _throw(
    runtime: engine.Release, state: bytes, task_id: str, refusal: OperationRefused, moment: Moment
) -> engine.Outcome:
    """The instance goes on with the refusal as a BPMN error; one that nothing catches says why in both languages."""
    try:
        return engine.fail_operation(runtime, state, task_id, refusal.code, refusal.text.zh, moment)
    except engine.UncaughtError as uncaught:
        text = Text(
            f"错误 {refusal.code} 没有任何边界事件处理：{refusal.text.zh}",
            f"no boundary event catches the error {refusal.code}: {refusal.text.of('en')}",
        )
        raise engine.EngineFailure(uncaught.element_id, uncaught.name, text) from uncaught
