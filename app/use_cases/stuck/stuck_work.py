"""What stuck work is: its kinds, and one row with the act that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.texts import Text

MOST_OF_A_KIND = 200


@dataclass(frozen=True)
class Kind:
    """A cause: what it is called, and in a few words what it means."""

    name: Text
    meaning: Text


KINDS: dict[str, Kind] = {
    "nobody": Kind(
        Text("没人能办", "Nobody can do it"),
        Text("没有在岗的人有这个角色，或都须回避", "nobody has the role, or four eyes bar everybody"),
    ),
    "timer": Kind(Text("定时器迟到", "Late timers"), Text("到点没有触发", "due, but not fired")),
    "message": Kind(
        Text("消息无人应答", "Unanswered messages"), Text("等的消息不会来", "what is awaited does not come")
    ),
    "outbox": Kind(Text("系统步骤搁置", "System steps left behind"), Text("没有进程在做", "no process works on them")),
    "incident": Kind(Text("操作失败", "Failed steps"), Text("自动重试已用完", "all retries are used up")),
    "close": Kind(Text("日终停住", "Daily close stopped"), Text("有借据没有做成", "a loan could not be closed")),
    "process": Kind(Text("后台停止", "Stopped processes"), Text("没有心跳", "no sign of life")),
}


@dataclass(frozen=True)
class Suggestion:
    """An act of `mend` about `key`, or a page to open: case, offer, reassign or people. `asks`: it cannot be undone."""

    label: Text
    act: str = ""
    page: str = ""
    key: str = ""
    asks: bool = False


@dataclass(frozen=True)
class Stuck:
    """One thing that is stuck: `what` and `whose` it is, `why` it does not go on and what follows; `since` when."""

    kind: str
    since: datetime
    what: Text
    why: Text
    whose: Text = Text("")
    case_number: str = ""
    company: str = ""
    acts: tuple[Suggestion, ...] = ()
    task_id: int | None = None
    holder_id: int | None = None


def joined(texts: list[Text]) -> Text:
    """Several texts as one, each once."""
    different = list(dict.fromkeys(texts))
    return Text("、".join(one.zh for one in different), ", ".join(one.of("en") for one in different))
