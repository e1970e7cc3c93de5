"""Messages to one's organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for

from app.texts import Text
from app.use_cases.parties.read_notifications import Message, mark_all_read, read_notifications
from app.use_cases.permissions import Actor, may
from app.web.menu import is_borrower
from app.web.page_models import Empty, Pager
from app.web.pages.shared import pager
from app.web.session import actor, logged_in

blueprint = Blueprint("notifications", __name__)


@dataclass(frozen=True)
class Notice:
    notice_id: int
    at: datetime
    title: Text
    text: Text
    url: str | None
    is_read: bool
    tone: str = ""


@dataclass(frozen=True)
class NoticesPage:
    items: tuple[Notice, ...]
    pager: Pager
    empty: Empty | None

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


@blueprint.get("/messages")
@logged_in
def index() -> Any:
    """The newest messages."""
    g.nav_key = "unread"
    who = actor()
    items = tuple(_notice(who, one) for one in read_notifications(who))
    empty = Empty(
        Text("还没有消息", "No messages yet"),
        Text("申请有进展时会在这里告诉您。", "Progress of applications is reported here."),
    )
    page = NoticesPage(items, pager(1, len(items) or 1, len(items), lambda _: None), None if items else empty)
    return render_template("notifications/index.html", page=page)


def _notice(who: Actor, one: Message) -> Notice:
    url = None
    if one.case_number and is_borrower(who):
        url = url_for("applications.progress", case_number=one.case_number)
    elif one.case_number and (may("view_cases", who) or may("view_all_cases", who)):
        url = url_for("cases.show", case_number=one.case_number)
    title = Text(
        f"{one.case_number or ''} {one.company}".strip() or "通知",
        f"{one.case_number or ''} {one.company}".strip() or "Notice",
    )
    return Notice(one.id, one.at, title, one.text, url, one.is_read)


@blueprint.post("/messages/read")
@logged_in
def read_all() -> Any:
    """Marks all as read."""
    mark_all_read(actor())
    return redirect(url_for("notifications.index"))
