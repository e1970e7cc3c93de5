"""What can be done with an instance: start it, and bring it what it waits for; a state goes in, an Outcome comes out.

Every call works on a fresh copy of the state: where it raises, nothing happened and the old state stays valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.engine.activities import Job, UserTaskSpec
from app.engine.events import throw_error
from app.engine.expressions import failure
from app.engine.failures import EngineFailure, NotWaiting
from app.engine.outcome import Outcome
from app.engine.release import Release
from app.engine.store import restore, save
from app.engine.timers import wait_from_json
from app.engine.tokens import Instance, Token
from app.engine.waiting import Waiting
from app.moment import Moment
from app.plain import Plain, dumps, loads, plain
from app.texts import Text


def start(
    release: Release, variables: Mapping[str, Plain], moment: Moment, start_message: str | None = None
) -> Outcome:
    """A new instance; with `start_message` it begins at the start event of that message, its payload in `variables`."""
    process = release.process
    first = process.starts.get(start_message or "")
    if first is None:
        definition, asked = process.definition, start_message or "—"
        zh, en = f"没有消息为 {asked} 的开始事件。", f"It has no start event for the message {asked}."
        raise EngineFailure(definition.key, definition.name, Text(zh, en))
    instance = Instance(release, moment)
    root = instance.plant(process.scope)
    root.data.update(_plain(variables, root))
    process.scope.arm(root)
    instance.enter(root, first)
    return outcome_of(instance)


def complete_task(
    release: Release, state: bytes, task_id: str, variables: Mapping[str, Plain], moment: Moment
) -> Outcome:
    """A person completed a user task; its output mappings write what is submitted. NotWaiting where it is not open."""
    instance = restore(release, state, moment)
    token = instance.waiting(task_id, UserTaskSpec)
    instance.finish(token, _plain(variables, token))
    return outcome_of(instance)


def complete_operation(
    release: Release, state: bytes, task_id: str, result: Mapping[str, Plain], moment: Moment
) -> Outcome:
    """An operation gave its result; without output mappings all of it becomes variables. NotWaiting: it is not open."""
    instance = restore(release, state, moment)
    token = instance.waiting(task_id, Job)
    instance.finish(token, _plain(result, token))
    return outcome_of(instance)


def fail_operation(
    release: Release, state: bytes, task_id: str, code: str, text: Text | str, moment: Moment
) -> Outcome:
    """An operation ended in a BPMN error; UncaughtError where the diagram catches it nowhere."""
    instance = restore(release, state, moment)
    token = instance.waiting(task_id, Job)
    throw_error(token, code, text.zh if isinstance(text, Text) else text)
    return outcome_of(instance)


def deliver_message(
    release: Release, state: bytes, task_id: str, payload: Mapping[str, Plain], moment: Moment
) -> Outcome:
    """The message of the subscription `task_id` came; NotWaiting where that subscription is not open."""
    instance = restore(release, state, moment)
    token = instance.waiting(task_id, Waiting)
    if not token.is_waiting or token.task_spec.element.event != "message":
        raise NotWaiting(task_id)
    token.task_spec.fire(token, _plain(payload, token))
    return outcome_of(instance)


def fire_timers(release: Release, state: bytes, moment: Moment) -> Outcome:
    """Fire every timer that is due at `moment`, the earliest first; one that a firing withdraws does not fire."""
    instance = restore(release, state, moment)
    fire_due(instance)
    return outcome_of(instance)


def fire_due(instance: Instance) -> None:
    """Fire what is due at the instance's moment; a timer that begins in this run and is due at once fires too."""
    while not instance.completed:
        due = [(due_at, token) for token in instance.in_order() if (due_at := _due_at(token)) is not None]
        if not due:
            return
        token = min(due, key=lambda each: each[0])[1]
        instance.spend(token)
        token.task_spec.fire(token, {})
        instance.run()


def _due_at(token: Token) -> datetime | None:
    wait = token.internal_data.get("wait") if token.is_waiting else None
    due_at = wait_from_json(wait).due_at if wait else None
    return due_at if due_at is not None and due_at <= token.workflow.moment.now else None


def _plain(values: Mapping[str, Plain], token: Token) -> dict[str, Plain]:
    try:
        kept: dict[str, Plain] = plain(values)
        if loads(dumps(kept)) != kept:
            raise ValueError("they hold a reserved key")
        return kept
    except (ValueError, TypeError, ArithmeticError) as fault:
        raise failure(token, Text(f"数据无法保存：{fault}", f"The values cannot be kept: {fault}")) from fault


def outcome_of(instance: Instance) -> Outcome:
    """Let the instance run as far as it can by itself, and say what all of this run gave."""
    instance.run()
    record, ended = instance.record, bool(instance.completed)
    return Outcome(
        state=None if ended else save(instance),
        status="completed" if ended else "active",
        tasks_created=record.tasks.opened,
        tasks_withdrawn=record.tasks.closed,
        operations_created=record.operations.opened,
        operations_withdrawn=record.operations.closed,
        timers_created=record.timers.opened,
        timers_removed=record.timers.closed,
        subscriptions_created=record.subscriptions.opened,
        subscriptions_removed=record.subscriptions.closed,
        messages=tuple(record.messages),
        steps=tuple(record.steps),
        milestones=record.milestones,
        decided=tuple(record.decided),
        variables=dict(instance.task_tree.data),
        waiting_at=_waiting_at(instance),
    )


def _waiting_at(instance: Instance) -> tuple[str, ...]:
    standing = [token.task_spec for token in instance.in_order() if token.task_spec.stands_at(token)]
    return tuple(dict.fromkeys(spec.element.id for spec in standing))
