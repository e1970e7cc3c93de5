"""What every template knows: language, theme, time, who is logged in and the menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_wtf.csrf import generate_csrf

from app.config import Settings
from app.texts import LANGUAGES, Text
from app.use_cases import clock
from app.use_cases.permissions import Actor, may
from app.use_cases.reporting.count_waiting import Waiting, count_waiting
from app.web.session import actor_or_none, here

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Viewer:
    """The logged-in person as pages show them."""

    name: str
    role: Text
    organisation: str
    memberships: int
    is_borrower: bool


@dataclass(frozen=True)
class NavItem:
    """A line of the menu; `count` None has no number, `group` is a head that is printed once."""

    key: str
    label: Text
    icon: str
    url: str
    count: int | None = None
    group: Text | None = None


def language() -> str:
    """The page's language: the cookie's choice, else the browser's, else Chinese."""
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(["zh", "zh-CN", "zh-TW", "en"], "zh")[:2]


def theme() -> str:
    """light, dark, or "" to follow the system."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


def is_borrower(actor: Actor) -> bool:
    """Firms see their own frame."""
    return may("apply", actor)


def register(app: Flask, settings: Settings) -> None:
    """Adds the values to every template."""

    @app.context_processor
    def _globals() -> dict[str, Any]:
        found = actor_or_none()
        waiting = _waiting(found)
        return {
            "language": language(),
            "theme": theme(),
            "now": clock.real_now() if found is None else clock.moment().now,  # no query for those who are not known
            "here": here(),
            "moved_to": clock.moment().business_on if found is not None and clock.offset_days() else None,
            "demo": settings.mode != "production",
            "csp_nonce": g.get("nonce", ""),
            "csrf_token": generate_csrf,
            "me": _viewer(found),
            "nav": _menu(found, waiting),
            "nav_key": g.get("nav_key", ""),
            "unread": waiting.unread,
            "frame": "frame_plain.html"
            if found is None
            else "frame_borrower.html"
            if is_borrower(found)
            else "frame.html",
        }


def _waiting(found: Actor | None) -> Waiting:
    if found is None:
        return Waiting(0, 0, 0)
    if "waiting" not in g:
        g.waiting = count_waiting(found)
    return g.waiting  # type: ignore[no-any-return]


def _viewer(found: Actor | None) -> Viewer | None:
    if found is None:
        return None
    here = language()
    role = found.role_names[0] if found.role_names else Text("")
    return Viewer(found.name.of(here), role, found.organisation_name.of(here), found.organisations, is_borrower(found))


def _menu(found: Actor | None, waiting: Waiting) -> tuple[NavItem, ...]:
    if found is None:
        return ()
    if is_borrower(found):
        return (
            NavItem(
                "mine",
                Text("我的申请", "My applications"),
                "home",
                url_for("applications.mine"),
                waiting.mine + waiting.unclaimed,
            ),
            NavItem("catalogue", Text("申请融资", "Apply"), "file", url_for("applications.catalogue")),
            NavItem("my_loans", Text("我的贷款", "My loans"), "table", url_for("loans.mine")),
            NavItem("unread", Text("消息", "Messages"), "bell", url_for("notifications.index"), waiting.unread),
        )
    items = []
    if may("work_on_tasks", found):
        items.append(
            NavItem("mine", Text("我的待办", "My tasks"), "inbox", url_for("tasks.inbox", scope="mine"), waiting.mine)
        )
        items.append(
            NavItem(
                "unclaimed",
                Text("待领取", "Unclaimed"),
                "users",
                url_for("tasks.inbox", scope="unclaimed"),
                waiting.unclaimed,
            )
        )
    if may("view_cases", found) or may("view_all_cases", found):
        items.append(NavItem("cases", Text("全部申请", "Applications"), "file", url_for("cases.index")))
    if may("view_ledger", found):
        items.append(NavItem("loans", Text("贷款", "Loans"), "table", url_for("loans.index")))
        items.append(NavItem("finance", Text("财务", "Finance"), "scale", url_for("finance.index")))
    if may("simulate_credits", found) and current_app.config["SETTINGS"].sandbox_bank:
        items.append(NavItem("sandbox_bank", Text("沙箱银行", "Sandbox bank"), "return", url_for("sandbox_bank.show")))
    if may("move_business_date", found) and not clock.is_sealed():
        items.append(
            NavItem("business_date", Text("营业日期", "Business date"), "clock", url_for("operations.business_date"))
        )
    items.append(
        NavItem("unread", Text("通知", "Notifications"), "bell", url_for("notifications.index"), waiting.unread)
    )
    return tuple(items)
