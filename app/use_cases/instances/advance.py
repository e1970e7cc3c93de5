"""Writes what the engine did as rows: state, tasks, timers, subscriptions, outbox, history, traces and milestones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from app.engine import Outcome, ThrownMessage
from app.storage import collateral, incidents, instances, waiting
from app.storage.decision_traces import DecisionTrace
from app.storage.history import HistoryEntry
from app.storage.incidents import Incident
from app.storage.outbox import OutboxRow
from app.storage.user_tasks import TaskCandidate, UserTask
from app.use_cases.applications.milestones import FREEING
from app.use_cases.instances.offer_tasks import offer_tasks
from app.use_cases.instances.run import Run
from app.use_cases.instances.wake import add_outbox
from app.use_cases.offers.release_limit import free_unlent_limits

MESSAGE_TIME_TO_LIVE = timedelta(days=30)
MAX_ATTEMPTS = 4
# rows with and without a value go into the table together
ONE_STATEMENT = {"render_nulls": True}


def advance(run: Run, outcome: Outcome) -> None:
    """Applies an outcome to the database; raises Conflict when another writer was first."""
    _save_instance(run, outcome)
    _withdraw(run, outcome)
    offer_tasks(run, outcome.tasks_created)
    for call in outcome.operations_created:
        add_outbox(
            run.session,
            OutboxRow(
                kind="operation",
                name=call.type,
                case_id=run.case.id,
                instance_id=run.instance.id,
                engine_task_id=call.task_id,
                element_id=call.element_id,
                name_zh=call.name.zh,
                name_en=call.name.en,
                payload=call.variables,
                headers=call.headers,
                max_attempts=_attempts(call.headers, call.retries),
                created_at=run.moment.now,
            ),
        )
    for message in outcome.messages:
        throw_message(run, message)
    _set_waiting(run, outcome)
    _record(run, outcome)
    _mirror_case(run, outcome)


def throw_message(run: Run, message: ThrownMessage) -> None:
    """Puts a message into the outbox, from where it is correlated."""
    add_outbox(
        run.session,
        OutboxRow(
            kind="message",
            name=message.name,
            case_id=run.case.id,
            instance_id=run.instance.id,
            payload={"key": message.key, "payload": message.payload},
            headers={},
            max_attempts=MAX_ATTEMPTS,
            created_at=run.moment.now,
        ),
    )


def _attempts(headers: Mapping[str, str], retries: int | None) -> int:
    backoff = [part for part in str(headers.get("retry_backoff", "")).split(",") if part.strip()]
    return len(backoff) + 1 if backoff else max(1, retries or MAX_ATTEMPTS)


def _save_instance(run: Run, outcome: Outcome) -> None:
    ended = outcome.status == "completed"
    instances.save(
        run.session,
        run.instance,
        expected_version=run.instance.version,
        state=outcome.state,
        status=outcome.status,
        waiting_at=",".join(outcome.waiting_at)[:1000],
        ended_at=run.moment.now if ended else None,
        end_element_id=outcome.end_event if ended else None,
    )


def _withdraw(run: Run, outcome: Outcome) -> None:
    session, instance_id = run.session, run.instance.id
    if outcome.tasks_withdrawn:
        ids = select(UserTask.id).where(
            UserTask.instance_id == instance_id, UserTask.engine_task_id.in_(outcome.tasks_withdrawn)
        )
        session.execute(
            update(TaskCandidate)
            .where(TaskCandidate.task_id.in_(ids))
            .values(open=False)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(UserTask)
            .where(
                UserTask.instance_id == instance_id,
                UserTask.engine_task_id.in_(outcome.tasks_withdrawn),
                UserTask.state == "open",
            )
            .values(state="withdrawn", done_at=run.moment.now)
            .execution_options(synchronize_session=False)
        )
    if outcome.operations_withdrawn:
        rows = (
            OutboxRow.instance_id == instance_id,
            OutboxRow.engine_task_id.in_(outcome.operations_withdrawn),
            OutboxRow.state.in_(("waiting", "running", "failed")),
        )
        incidents.settle(session, run.moment.now, Incident.outbox_id.in_(select(OutboxRow.id).where(*rows)))
        session.execute(
            update(OutboxRow)
            .where(*rows)
            .values(state="withdrawn", done_at=run.moment.now)
            .execution_options(synchronize_session=False)
        )
    if outcome.status == "completed":
        incidents.settle(session, run.moment.now, Incident.instance_id == instance_id)


def _set_waiting(run: Run, outcome: Outcome) -> None:
    session, instance_id = run.session, run.instance.id
    if outcome.timers_removed:
        session.execute(
            delete(waiting.Timer).where(
                waiting.Timer.instance_id == instance_id, waiting.Timer.engine_task_id.in_(outcome.timers_removed)
            )
        )
    if outcome.subscriptions_removed:
        table = waiting.MessageSubscription
        session.execute(
            delete(table).where(
                table.instance_id == instance_id, table.engine_task_id.in_(outcome.subscriptions_removed)
            )
        )
    if outcome.timers_created:
        rows = [
            {"instance_id": instance_id, "engine_task_id": t.task_id, "element_id": t.element_id, "due_at": t.due_at}
            for t in outcome.timers_created
        ]
        session.execute(insert(waiting.Timer), rows)
    if outcome.subscriptions_created:
        _subscribe(run, outcome)


def _subscribe(run: Run, outcome: Outcome) -> None:
    wanted = outcome.subscriptions_created
    run.session.execute(
        insert(waiting.MessageSubscription),
        [
            {
                "instance_id": run.instance.id,
                "process_key": run.instance.process_key,
                "engine_task_id": s.task_id,
                "element_id": s.element_id,
                "name": s.name,
                "correlation_key": s.key,
            }
            for s in wanted
        ],
    )
    for name, key in sorted({(s.name, s.key) for s in wanted}):
        waiting.hold_key(run.session, name, key)
    table = waiting.BufferedMessage
    early = run.session.scalars(
        select(table).where(
            table.name.in_({s.name for s in wanted}),
            table.correlation_key.in_({s.key for s in wanted}),
            table.expires_at > run.moment.now,
        )
    )
    for message in early:
        throw_message(run, ThrownMessage(message.name, message.correlation_key, message.payload))
        run.session.delete(message)


def _record(run: Run, outcome: Outcome) -> None:
    rows = []
    unsigned = run.task
    for step in outcome.steps:
        mine = unsigned is not None and step.task_id == unsigned.engine_task_id
        rows.append(
            {
                "case_id": run.case.id,
                "instance_id": run.instance.id,
                "task_id": unsigned.id if mine and unsigned else None,
                "kind": step.kind,
                "element_id": step.element_id,
                "name_zh": step.name.zh,
                "name_en": step.name.en,
                "round": run.case.round,
                "at": run.moment.now,
                "person_id": run.actor.person_id if mine and run.actor else None,
                "organisation_id": run.actor.organisation_id if mine and run.actor else None,
                "detail": run.note if mine else None,
            }
        )
        unsigned = None if mine else unsigned
    if rows:
        run.session.execute(insert(HistoryEntry), rows, execution_options=ONE_STATEMENT)
    traces = [
        {
            "case_id": run.case.id,
            "instance_id": run.instance.id,
            "element_id": one.element_id,
            "decision_key": trace.decision_id,
            # a table inside a knowledge model stands in the file of the decision that called it
            "content_hash": run.release.decision_hashes.get(one.decision_id, ""),
            "release_id": run.release.id,
            "business_on": run.moment.business_on,
            "at": run.moment.now,
            "trace": trace.to_plain(),
            "variables": one.variables if trace.decision_id in run.release.decision_hashes else None,
        }
        for one in outcome.decided
        for trace in one.traces
    ]
    if traces:
        run.session.execute(insert(DecisionTrace), traces, execution_options=ONE_STATEMENT)


MIRRORED = ("score", "rating")


def _mirror_case(run: Run, outcome: Outcome) -> None:
    """Milestones say how far the case is; the process property `case_columns` names variables that lists show."""
    if outcome.milestones:
        run.case.milestone, run.case.milestone_at = outcome.milestones[-1], run.moment.now
    if any(key in FREEING for key in outcome.milestones):
        collateral.free_unlent(run.session, run.case.id, run.moment.now)
        free_unlent_limits(run.session, run.case.id, run.moment.now)
    named = run.release.facts.properties.get("case_columns", "")
    for column in (part.strip() for part in named.split(",") if part.strip()):
        if column in MIRRORED and outcome.variables.get(column) is not None:
            setattr(run.case, column, outcome.variables[column])
