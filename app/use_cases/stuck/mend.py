"""Mends one thing that is stuck, by the act that its row suggests; every act is in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.gateways import clock, queue
from app.storage import audit, closes, heartbeats, outbox
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work, wake_after_commit
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.outbox import OutboxRow
from app.storage.waiting import BufferedMessage
from app.texts import Text
from app.use_cases import dispatch
from app.use_cases.closing.move_business_date import CLOSE_JOB, CLOSE_JOB_ID
from app.use_cases.instances.retry_incident import retry_incident
from app.use_cases.instances.throw_message import throw
from app.use_cases.permissions import Actor, require
from app.use_cases.stuck.end_instance import end_instance
from app.use_cases.tasks.offer_again import offer_again
from app.use_cases.tasks.reassign_tasks import Chosen, reassign_tasks

MOST_DIGITS = 18
GONE = Text("它在此期间已经好了，不用再做。", "It has gone on meanwhile; nothing is left to do.")
LEFT = Text("处理人不能再办理", "its holder can do it no more")


def mend(actor: Actor, act: str, key: str) -> Text:
    """Does the act of a Suggestion and gives what came of it, in words.

    Raises Forbidden, NotFound for no such act or thing, Conflict where it went on meanwhile, or Refused.
    """
    require("retry_incidents", actor)
    if act not in ACTS:
        raise NotFound
    return ACTS[act](actor, key)


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) <= MOST_DIGITS):
        raise NotFound
    return int(key)


def _offer_again(actor: Actor, key: str) -> Text:
    return offer_again(actor, _number(key))


def _free(actor: Actor, key: str) -> Text:
    """`key` is the task and its holder, as "12:3"."""
    task_id, _, holder = key.partition(":")
    (done,) = reassign_tasks(actor, [Chosen(_number(task_id), _number(holder), None)], LEFT)
    if done.refused is not None:
        raise Conflict(done.refused.zh, done.refused.of("en"))
    return Text("已放回待领取。", "It can be claimed again.")


def _fire(actor: Actor, key: str) -> Text:
    instance_id = _number(key)
    with reading() as session:
        instance = session.get(ProcessInstance, instance_id)
        case = session.get(LoanCase, instance.case_id) if instance else None
    if instance is None or case is None:
        raise NotFound
    fired = dispatch.run_timers(instance_id)
    with unit_of_work() as session:
        _note(session, actor, "fire_timers", case.number, {"instance": instance_id, "fired": fired})
        failed = session.query(Incident).filter_by(instance_id=instance_id, resolved_at=None).first()
    if fired:
        return Text("已触发，流程继续。", "Fired; the process goes on.")
    if failed is not None:
        return Text(
            "触发了，但后面的步骤失败，见“操作失败”。", "Fired, but the step behind failed; see the failed steps."
        )
    return GONE


def _release(actor: Actor, key: str) -> Text:
    """A row over its lease waits again; a failed one gets its attempts back; a worker is woken."""
    with unit_of_work() as session:
        row = session.get(OutboxRow, _number(key), with_for_update=True)
        if row is None:
            raise NotFound
        if not outbox.is_idle(row, clock.unmoved_now()):
            raise Conflict(GONE.zh, GONE.of("en"))
        detail = {"state": row.state, "attempts": row.attempts}
        if row.state == "failed":
            row.attempts = 0
        row.state, row.lease_until, row.next_at = "waiting", None, clock.moment().now
        wake_after_commit(session, row.id)
        _note(session, actor, "release_step", f"outbox/{row.id}", detail)
    return Text("已收回，工作进程会重做。", "Released; a worker does it again.")


def _deliver(actor: Actor, key: str) -> Text:
    moment = clock.moment()
    with unit_of_work() as session:
        message = _buffered(session, key)
        throw(session, message.name, message.correlation_key, message.payload, message.case_id, moment)
        _note(session, actor, "deliver_message", message.correlation_key, {"message": message.name})
        session.delete(message)
    return Text("已重新投递。", "It is being delivered.")


def _put_away(actor: Actor, key: str) -> Text:
    with unit_of_work() as session:
        message = _buffered(session, key)
        detail = {"message": message.name, "payload": message.payload}
        _note(session, actor, "put_message_away", message.correlation_key, detail)
        session.delete(message)
    return Text("已标为处理，内容留在审计日志里。", "It is settled; the audit log keeps its content.")


def _buffered(session: Session, key: str) -> BufferedMessage:
    message = session.get(BufferedMessage, _number(key), with_for_update=True)
    if message is None:
        raise Conflict(GONE.zh, GONE.of("en"))
    return message


def _end(actor: Actor, key: str) -> Text:
    return end_instance(actor, _number(key))


def _retry(actor: Actor, key: str) -> Text:
    retry_incident(actor, _number(key))
    return Text("已重新安排，再失败会重新列出。", "It is tried again; if it fails it is listed once more.")


def _close(actor: Actor, key: str) -> Text:
    with unit_of_work() as session:
        last = next(iter(closes.newest(session)), None)
        if last is None or last.state == closes.DONE:
            raise Conflict(GONE.zh, GONE.of("en"))
        last.retry_at = None
        _note(session, actor, "retry_close", last.business_on.isoformat(), None)
    if queue.enqueue(CLOSE_JOB, job_id=CLOSE_JOB_ID):
        return Text("日终已重新开始。", "The close runs again.")
    return Text("日终由定时进程马上接着做。", "The poller takes the close up again at once.")


def _forget(actor: Actor, key: str) -> Text:
    """Takes a silent process off the list; the rows it held are waiting again."""
    kind, _, place = key.partition("/")
    host, _, name = place.rpartition("/")
    now = clock.unmoved_now()
    with unit_of_work() as session:
        if not heartbeats.forget(session, kind, host, name):
            raise Conflict(GONE.zh, GONE.of("en"))
        back = outbox.release_all_over(session, now, clock.moment().now)
        for row_id in back:
            wake_after_commit(session, row_id)
        _note(session, actor, "forget_process", key[:100], {"released": len(back)})
    return Text(f"已划掉，收回 {len(back)} 项作业。", f"It is off the list; {len(back)} steps were taken back.")


def _note(session: Session, actor: Actor, verb: str, target: str, detail: Any) -> None:
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb=verb,
        target=target,
        detail=detail,
        at=clock.real_now(),
    )


ACTS: Mapping[str, Callable[[Actor, str], Text]] = {
    "offer_again": _offer_again,
    "free": _free,
    "fire": _fire,
    "release": _release,
    "deliver": _deliver,
    "put_away": _put_away,
    "end": _end,
    "retry": _retry,
    "close": _close,
    "forget": _forget,
}
