"""What every template knows: language, theme, time, who is logged in and the menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request
from flask_wtf.csrf import generate_csrf

from app.config import Settings
from app.texts import LANGUAGES, Text
from app.use_cases import clock
from app.use_cases.permissions import Actor
from app.use_cases.reporting.count_waiting import Waiting, count_waiting
from app.web.menu import is_borrower, menu
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
            "nav": menu(found, waiting),
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
