"""The administrator's page of everybody who is logged in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.texts import Text
from app.use_cases.administration.list_all_sessions import list_all_sessions
from app.use_cases.administration.people_acts import VERB
from app.use_cases.administration.revoke_session import revoke_session
from app.use_cases.permissions import require
from app.web import session
from app.web.pages.sessions_page import sessions_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("sessions", __name__, url_prefix="/sessions")
MOST_PAGES = 10_000


@blueprint.get("")
@logged_in
def index() -> Any:
    """Live sessions, last used first."""
    g.nav_key = "sessions"
    query, page = request.args.get("q", "")[:200], max(1, min(request.args.get("page", 1, type=int), MOST_PAGES))
    found = list_all_sessions(actor(), session.token() or "", query=query, page=page)
    return render_template("sessions/index.html", page=sessions_page(found, query, page))


@blueprint.post("/end")
@logged_in
def end() -> Any:
    """Ends one session."""
    require(VERB, actor())
    revoke_session(actor(), request.form.get("session", "")[:64])
    flash(Text("这处登录已退出。", "That session has ended.").of(language()), "done")
    back = session.here()  # the list or the person's page
    return redirect(back or url_for("sessions.index"))
