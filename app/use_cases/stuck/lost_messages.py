"""Messages that do not meet: expired before their receiver came; and instances that nothing can move any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage import open_work, releases
from app.storage.cases import LoanCase
from app.storage.history import HistoryEntry
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.outbox import OutboxRow
from app.storage.user_tasks import UserTask
from app.storage.waiting import BufferedMessage, MessageSubscription, Timer
from app.texts import Text
from app.use_cases.applications.milestones import CLOSED
from app.use_cases.definitions.load_release import load_current
from app.use_cases.instances.advance import MESSAGE_TIME_TO_LIVE
from app.use_cases.stuck.element_names import element_name, process_name
from app.use_cases.stuck.stuck_work import MOST_OF_A_KIND, Stuck, Suggestion, joined

DELIVER = Text("现在投递", "Deliver now")
PUT_AWAY = Text("标为已处理…", "Mark as settled…")
END = Text("结束这个流程…", "End the process…")
EXPIRED = Text(
    "消息来得比接收的步骤早，保留期过了，没有交到；流程一直等着。",
    "The message came before the step that waits for it and was kept too short; the process waits for it still.",
)
UNREAD = Text(
    "消息保留期过了，没有流程来接收；申请还在办，请核对是否漏了一步。",
    "Nothing received the message while it was kept; the case goes on, please see whether a step is missing.",
)
OVER = Text(
    "申请已经结束，它等的消息不会再来；看过案卷后可以结束这个流程。",
    "The case is over and what it waits for will not come any more; look at the case, then end the process.",
)
NO_SENDER = Text(
    "只有别的流程能发它等的消息，而本申请已没有别的流程在运行。",
    "Only another process sends what it waits for, and no other process of this case runs.",
)
NOTHING = Text(
    "它不等人、不等时间、也不等消息：没有什么会让它继续。",
    "It waits for no person, time or message: nothing will move it on.",
)


def lost_messages(session: Session, moment: Moment) -> list[Stuck]:
    """Expired messages that something waits for or might have, then instances that only a message could move.

    What is sent from outside the processes (a bank, a close, a person's act) may always come while the case lives, so
    an instance counts as stuck only where its case is over, or all it waits for is sent by processes that do not run.
    """
    return _expired(session, moment) + _unmoved(session)


def _expired(session: Session, moment: Moment) -> list[Stuck]:
    same = and_(
        MessageSubscription.name == BufferedMessage.name,
        MessageSubscription.correlation_key == BufferedMessage.correlation_key,
    )
    query = (
        select(BufferedMessage, MessageSubscription, ProcessInstance, LoanCase)
        .outerjoin(MessageSubscription, same)
        .outerjoin(ProcessInstance, ProcessInstance.id == MessageSubscription.instance_id)
        .outerjoin(LoanCase, LoanCase.id == func.coalesce(ProcessInstance.case_id, BufferedMessage.case_id))
        .where(BufferedMessage.expires_at <= moment.now)
        .order_by(BufferedMessage.expires_at, BufferedMessage.id)
        .limit(MOST_OF_A_KIND)
    )
    found: dict[int, Stuck] = {}
    received = _received(session)
    for message, subscription, instance, case in session.execute(query):
        if subscription is None and not _is_missed(session, message, case, received):
            continue
        found.setdefault(message.id, _message(session, message, subscription, instance, case))
    return list(found.values())


def _is_missed(session: Session, message: BufferedMessage, case: LoanCase | None, received: set[str]) -> bool:
    """Whether some process knows the message and the case still runs; otherwise nobody misses it."""
    if message.name not in received or case is None or case.milestone in CLOSED:
        return False
    running = select(ProcessInstance.id).where(ProcessInstance.case_id == case.id, ProcessInstance.status == "active")
    return session.scalar(running.limit(1)) is not None


def _message(
    session: Session,
    message: BufferedMessage,
    subscription: MessageSubscription | None,
    instance: ProcessInstance | None,
    case: LoanCase | None,
) -> Stuck:
    key = str(message.id)
    awaited = subscription is not None
    what = (
        element_name(session, instance, subscription.element_id)
        if subscription is not None
        else Text(
            f"消息 {message.name}（{message.correlation_key}）", f"message {message.name} ({message.correlation_key})"
        )
    )
    put_away = Suggestion(PUT_AWAY, act="put_away", key=key, asks=True)
    return Stuck(
        kind="message",
        since=message.expires_at - MESSAGE_TIME_TO_LIVE,
        what=what,
        whose=process_name(session, instance),
        why=EXPIRED if awaited else UNREAD,
        case_number=case.number if case else "",
        company=case.applicant_name if case else "",
        acts=(Suggestion(DELIVER, act="deliver", key=key), put_away) if awaited else (put_away,),
    )


def _unmoved(session: Session) -> list[Stuck]:
    senders = _senders(session)
    found = []
    for instance, case in session.execute(_idle()):
        waits = list(session.scalars(select(MessageSubscription).where(MessageSubscription.instance_id == instance.id)))
        why = _why(session, instance, case, waits, senders)
        if why is not None:
            names = joined([element_name(session, instance, one.element_id) for one in waits])
            found.append(
                Stuck(
                    kind="message",
                    since=_last_step(session, instance),
                    what=names if waits else process_name(session, instance),
                    whose=process_name(session, instance),
                    why=why,
                    case_number=case.number,
                    company=case.applicant_name,
                    acts=_acts(instance, case),
                )
            )
    return found


def _acts(instance: ProcessInstance, case: LoanCase) -> tuple[Suggestion, ...]:
    look = Suggestion(Text("打开案卷", "Open the case"), page="case", key=case.number)
    if case.milestone not in CLOSED:
        return (look,)
    return look, Suggestion(END, act="end", key=str(instance.id), asks=True)


def over(session: Session, instance_id: int) -> tuple[ProcessInstance, LoanCase] | None:
    """A running instance whose case is over and that waits for nothing that will come; None otherwise."""
    query = _idle().where(ProcessInstance.id == instance_id, LoanCase.milestone.in_(CLOSED))
    found = session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


def _why(
    session: Session,
    instance: ProcessInstance,
    case: LoanCase,
    waits: list[MessageSubscription],
    senders: dict[str, set[str]],
) -> Text | None:
    if not waits:
        return NOTHING
    if case.milestone in CLOSED:
        return OVER
    if any(not senders.get(one.name) for one in waits):
        return None  # sent by people, a bank or the close
    others = exists().where(
        ProcessInstance.case_id == case.id, ProcessInstance.status == "active", ProcessInstance.id != instance.id
    )
    coming = exists().where(OutboxRow.case_id == case.id, OutboxRow.state.in_(("waiting", "running", "failed")))
    return None if session.scalar(select(others | coming)) else NO_SENDER


def _idle() -> Select[ProcessInstance, LoanCase]:
    """Running instances with no open task, timer, system step or incident."""
    mine = ProcessInstance.id
    pending = OutboxRow.state.in_(("waiting", "running", "failed"))
    return (
        select(ProcessInstance, LoanCase)
        .join(LoanCase, LoanCase.id == ProcessInstance.case_id)
        .where(
            ProcessInstance.status == "active",
            ~exists().where(UserTask.instance_id == mine, open_work.IS_OPEN),
            ~exists().where(Timer.instance_id == mine),
            ~exists().where(OutboxRow.instance_id == mine, pending),
            ~exists().where(Incident.instance_id == mine, Incident.resolved_at.is_(None)),
        )
        .order_by(mine)
        .limit(MOST_OF_A_KIND)
    )


def _last_step(session: Session, instance: ProcessInstance) -> datetime:
    query = select(func.max(HistoryEntry.id)).where(HistoryEntry.instance_id == instance.id)
    last = session.scalar(select(HistoryEntry.at).where(HistoryEntry.id == query.scalar_subquery()))
    return last or instance.started_at


def _senders(session: Session) -> dict[str, set[str]]:
    """Message -> the processes in force that throw it."""
    found: dict[str, set[str]] = {}
    for key in releases.process_keys(session):
        for name in load_current(session, key).facts.thrown_messages:
            found.setdefault(name, set()).add(key)
    return found


def _received(session: Session) -> set[str]:
    """The messages that some process in force waits for or starts with."""
    facts = [load_current(session, key).facts for key in releases.process_keys(session)]
    return set(_flat(one.caught_messages for one in facts)) | set(_flat(one.start_messages for one in facts))


def _flat(groups: Iterable[tuple[str, ...]]) -> Iterable[str]:
    return (name for group in groups for name in group)
