"""My account, and sessions as every page shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.texts import Text
from app.use_cases.administration.act_as import ActsAs
from app.use_cases.administration.list_sessions import OpenSession

BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", Text("iPhone", "iPhone")),
    ("iPad", Text("iPad", "iPad")),
    ("Android", Text("安卓", "Android")),
    ("HarmonyOS", Text("鸿蒙", "HarmonyOS")),
    ("Windows", Text("Windows", "Windows")),
    ("Mac OS", Text("Mac", "Mac")),
    ("Linux", Text("Linux", "Linux")),
)
WECHAT = re.compile(r"MicroMessenger/")


@dataclass(frozen=True)
class SessionRow:
    """A log-in in words; `id` names it for ending."""

    id: str
    device: Text
    address: str
    created_at: datetime
    seen_at: datetime
    is_current: bool


@dataclass(frozen=True)
class AccountPage:
    sessions: tuple[SessionRow, ...]
    others: int
    memberships: tuple[ActsAs, ...]
    error: Text | None


def account_page(sessions: Iterable[OpenSession], memberships: Iterable[ActsAs], error: Text | None) -> AccountPage:
    """`error` is why the password was not changed."""
    rows = session_rows(sessions)
    return AccountPage(rows, len([row for row in rows if not row.is_current]), tuple(memberships), error)


def session_rows(sessions: Iterable[OpenSession]) -> tuple[SessionRow, ...]:
    """The sessions of one person."""
    return tuple(
        SessionRow(one.id, device_words(one.device), one.address, one.created_at, one.seen_at, one.current)
        for one in sessions
    )


def device_words(agent: str) -> Text:
    """What a browser says of itself, as people call it: "Chrome · Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    inside = Text("微信", "WeChat") if WECHAT.search(agent) else Text(browser, browser)
    system = next((name for mark, name in SYSTEMS if mark in agent), Text(""))
    zh, en = (" · ".join(part for part in parts if part) for parts in ((inside.zh, system.zh), (inside.en, system.en)))
    return Text(zh, en) if zh else Text("未知设备", "Unknown device")
