"""Workers and pollers that show no sign of life, and a queue that does not answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.gateways import queue
from app.storage import heartbeats
from app.storage.heartbeats import Heartbeat
from app.texts import Text
from app.use_cases.stuck.stuck_work import Stuck, Suggestion

SILENT_AFTER = timedelta(seconds=60)
WORKER, POLLER = "worker", "poller"
KINDS = {
    WORKER: (
        Text("工作进程", "worker"),
        Text(
            "没有一个工作进程在运行：系统步骤由定时进程代做，会慢。用 make run 或 systemd 启动它。",
            "No worker runs: the poller does the system's steps itself, slowly. Start one with make run or systemd.",
        ),
    ),
    POLLER: (
        Text("定时进程", "poller"),
        Text(
            "没有定时进程在运行：到点的定时器、漏掉的步骤和日终都不会动。用 make run 或 systemd 启动它。",
            "No poller runs: due timers, lost steps and the daily close stand still. Start one: make run or systemd.",
        ),
    ),
}
SILENT = Text(
    "它突然停了，没有正常退出。它做到一半的步骤到期后由别的进程重做；不再重启的话，从名单里划掉。",
    "It stopped without a word. What it was doing is done again by another one when its lease ends; "
    "take it off the list if it will not come back.",
)
QUEUE_AWAY = Text(
    "队列服务器没有应答：不会丢工作，由定时进程直接做，会慢。请启动 Redis 或检查 REDIS_URL。",
    "The queue's server does not answer: nothing is lost, the poller works directly, slowly. Start Redis or look at "
    "REDIS_URL.",
)


def silent_processes(session: Session, real_now: datetime) -> list[Stuck]:
    """A row for each that fell silent, for a kind that was never there, and for a queue that is away."""
    known, found = heartbeats.all_of(session), []
    for kind, (name, missing) in KINDS.items():
        of_kind = [row for row in known if row.kind == kind]
        silent = [row for row in of_kind if row.seen_at < real_now - SILENT_AFTER]
        if not of_kind:
            found.append(Stuck(kind="process", since=real_now, what=name, why=missing))
        found += [_silent(row, name, missing if len(silent) == len(of_kind) else SILENT) for row in silent]
    if not queue.is_reachable():
        found.append(Stuck(kind="process", since=real_now, what=Text("队列", "queue"), why=QUEUE_AWAY))
    return found


def _silent(row: Heartbeat, name: Text, why: Text) -> Stuck:
    return Stuck(
        kind="process",
        since=row.seen_at,
        what=Text(f"{name.zh} {row.name}", f"{name.of('en')} {row.name}"),
        whose=Text(f"主机 {row.host}", f"host {row.host}"),
        why=why,
        acts=(
            Suggestion(
                Text("收回作业并划掉", "Take its work back"), act="forget", key=f"{row.kind}/{row.host}/{row.name}"
            ),
        ),
    )
