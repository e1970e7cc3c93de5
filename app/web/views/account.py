"""My account: one's own password, sessions and memberships; the page that a first password leads to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import ProductError
from app.texts import Text
from app.use_cases.administration.act_as import list_memberships
from app.use_cases.administration.change_password import change_password
from app.use_cases.administration.end_sessions import end_sessions
from app.use_cases.administration.list_sessions import list_sessions
from app.use_cases.administration.revoke_session import revoke_own_session
from app.web import session
from app.web.pages.account_page import account_page
from app.web.security import LOGIN_LIMIT, limiter
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@logged_in
def show() -> Any:
    """Everything that a person may change about their own account."""
    return _page()


@blueprint.get("/password")
@logged_in
def first_password() -> Any:
    """The page behind which all others wait while somebody else knows the password."""
    if not actor().must_change_password:
        return redirect(url_for("account.show"))
    return _first_page()


@blueprint.post("/password")
@logged_in
@limiter.limit(LOGIN_LIMIT)
def change() -> Any:
    """Changes the password; every other session of the person ends."""
    first = actor().must_change_password
    given = request.form
    try:
        change_password(
            session.token() or "",
            given.get("present", ""),
            given.get("new", ""),
            given.get("repeated", ""),
            request.remote_addr or "",
        )
    except ProductError as error:
        return (_first_page(error.text) if first else _page(error.text)), 422
    _say(Text("密码已更改，其他地方的登录都已退出。", "Your password is changed; all other sessions have ended."))
    start = url_for("start.index")
    return redirect(session.safe_next(given.get("next"), start) if first else url_for("account.show"))


@blueprint.post("/sessions/end")
@logged_in
def end_session() -> Any:
    """Ends one of one's own sessions."""
    revoke_own_session(actor(), request.form.get("session", "")[:64])
    _say(Text("这处登录已退出。", "That session has ended."))
    return redirect(url_for("account.show"))


@blueprint.post("/sessions/end-others")
@logged_in
def end_others() -> Any:
    """Ends all of one's own sessions but this one."""
    ended = end_sessions(actor(), actor().person_id, session.token() or "")
    _say(
        Text(
            f"已退出其他 {ended} 处登录。",
            "One other session has ended." if ended == 1 else f"{ended} other sessions have ended.",
        )
    )
    return redirect(url_for("account.show"))


def _page(error: Text | None = None) -> str:
    g.nav_key = "account"
    token = session.token() or ""
    page = account_page(list_sessions(actor(), token), list_memberships(token), error)
    return render_template("account/index.html", page=page)


def _first_page(error: Text | None = None) -> str:
    next_url = session.safe_next(request.values.get("next"), "")
    return render_template("account/first_password.html", error=error, next_url=next_url)


def _say(text: Text) -> None:
    flash(text.of(language()), "done")
