"""The page of stuck work: by cause, with the act that mends each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, url_for

from app.errors import NotFound
from app.texts import Text
from app.use_cases import clock
from app.use_cases.stuck.stuck_work import KINDS, MOST_OF_A_KIND, Stuck, Suggestion
from app.web import present
from app.web.page_models import Chip, Empty
from app.web.pages.borrower_pages import ConfirmPage
from app.web.texts import language

ICONS = {
    "nobody": "users",
    "timer": "clock",
    "message": "mail",
    "outbox": "bolt",
    "incident": "warning",
    "close": "scale",
    "process": "gear",
}
RED_AFTER_SECONDS = 4 * 3600
NOW = Text("现在", "now")


@dataclass(frozen=True)
class ActButton:
    """A button that posts `act` and `key`, or a link (`url`)."""

    label: Text
    url: str | None
    act: str
    key: str
    is_first: bool


@dataclass(frozen=True)
class StuckRow:
    what: Text
    why: Text
    whose: Text
    case_number: str
    case_url: str | None
    company: str
    since: datetime
    age: str
    tone: str
    acts: tuple[ActButton, ...]
    value: str | None


@dataclass(frozen=True)
class StuckGroup:
    key: str
    name: Text
    meaning: Text
    icon: str
    rows: tuple[StuckRow, ...]
    is_cut: bool


@dataclass(frozen=True)
class StuckPage:
    chips: tuple[Chip, ...]
    kind: str
    groups: tuple[StuckGroup, ...]
    empty: Empty | None
    at: datetime


def stuck_page(found: Sequence[Stuck], kind: str) -> StuckPage:
    """All kinds, or one of them."""
    kind = kind if kind in KINDS else ""
    counts = {key: sum(one.kind == key for one in found) for key in KINDS}
    everything = Chip("", Text("全部", "All"), len(found), not kind, url_for("work.stuck"))
    chips = tuple(
        Chip(key, KINDS[key].name, number, key == kind, url_for("work.stuck", kind=key))
        for key, number in counts.items()
        if number or key == kind
    )
    groups = tuple(_group(key, found) for key in KINDS if counts[key] and kind in ("", key))
    return StuckPage((everything, *chips), kind, groups, None if groups else _empty(kind), clock.moment().now)


def _group(kind: str, found: Sequence[Stuck]) -> StuckGroup:
    rows = tuple(_row(one) for one in found if one.kind == kind)
    return StuckGroup(kind, KINDS[kind].name, KINDS[kind].meaning, ICONS[kind], rows, len(rows) >= MOST_OF_A_KIND)


def _row(one: Stuck) -> StuckRow:
    now = clock.real_now() if one.kind in ("process", "close") else clock.moment().now
    span = now - one.since
    return StuckRow(
        what=one.what,
        why=one.why,
        whose=one.whose,
        case_number=one.case_number,
        case_url=url_for("cases.show", case_number=one.case_number) if one.case_number else None,
        company=one.company,
        since=one.since,
        age=_age(span),
        tone="red" if span.total_seconds() >= RED_AFTER_SECONDS else "amber",
        acts=tuple(_button(one, act, number == 0) for number, act in enumerate(one.acts)),
        value=f"{one.task_id}:{one.holder_id or ''}" if one.task_id else None,
    )


def _age(span: timedelta) -> str:
    here = language()
    return present.duration(span, here) if span >= timedelta(minutes=1) else NOW.of(here)


def _button(one: Stuck, act: Suggestion, is_first: bool) -> ActButton:
    return ActButton(act.label, _url(one, act), act.act, act.key, is_first)


def _url(one: Stuck, act: Suggestion) -> str | None:
    """Where a link goes; None where the button acts at once."""
    if act.act == "put_away":
        return url_for("work.put_away", message_id=int(act.key))
    if act.act == "end":
        return url_for("work.end", instance_id=int(act.key))
    if act.page == "case":
        return url_for("cases.show", case_number=act.key)
    if act.page == "offer":
        return url_for("work.offer", task_id=int(act.key))
    if act.page == "reassign":
        return url_for("work.reassign", task=act.key)
    if act.page == "people":
        return url_for("people.index") if "people.index" in current_app.view_functions else url_for("work.index")
    return None


def _empty(kind: str) -> Empty:
    if kind:
        name = KINDS[kind].name
        return Empty(
            Text(f"没有“{name.zh}”", f"None: {name.of('en').lower()}"),
            Text("其他原因见上方。", "Other causes are above."),
        )
    return Empty(
        Text("没有卡住的工作", "Nothing is stuck"),
        Text(
            "每件事都有人能办，定时器、消息、系统步骤和后台都正常。",
            "Somebody can do every task; timers, messages, system steps and processes are well.",
        ),
    )


def put_away_question(found: Sequence[Stuck], key: str) -> ConfirmPage:
    """Asked before a message is settled; raises NotFound where it is not stuck."""
    kept = Text("之后不再投递，不能撤回；内容留在审计日志里。", "It is never delivered then; the audit log keeps it.")
    return _question(
        _suggested(found, "put_away", key),
        Text("这条消息标为已处理？", "Mark this message as settled?"),
        kept,
        url_for("work.put_away_now", message_id=int(key)),
        Text("标为已处理", "Mark as settled"),
    )


def end_question(found: Sequence[Stuck], key: str) -> ConfirmPage:
    """Asked before an instance is ended; raises NotFound where none is to be ended."""
    kept = Text(
        "不能撤回；案卷的经过和审计日志里都会记下。",
        "It cannot be undone; the case's history and the audit log keep it.",
    )
    return _question(
        _suggested(found, "end", key),
        Text("结束这个流程？", "End this process?"),
        kept,
        url_for("work.end_now", instance_id=int(key)),
        Text("结束", "End it"),
    )


def _suggested(found: Sequence[Stuck], act: str, key: str) -> Stuck:
    for one in found:
        if any(suggestion.act == act and suggestion.key == key for suggestion in one.acts):
            return one
    raise NotFound


def _question(one: Stuck, title: Text, kept: Text, url: str, label: Text) -> ConfirmPage:
    return ConfirmPage(title, one.what, (one.why, kept), url, label, True, url_for("work.stuck"))
