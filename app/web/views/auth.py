"""Log in, choose what to act as, log out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for

from app.errors import ProductError
from app.texts import Text
from app.use_cases.administration.act_as import act_as as choose_organisation
from app.use_cases.administration.act_as import list_memberships
from app.use_cases.administration.log_in import log_in
from app.use_cases.administration.log_out import log_out
from app.use_cases.demo.demo_accounts import DemoAccount, demo_accounts
from app.web import session
from app.web.security import LOGIN_LIMIT, limiter

blueprint = Blueprint("auth", __name__)


@dataclass(frozen=True)
class LoginPage:
    account: str
    error: Text | None
    next_url: str
    demo_accounts: tuple[DemoAccount, ...]
    wait_seconds: int | None
    expired: bool


@dataclass(frozen=True)
class Membership:
    membership_id: int
    organisation: Text
    roles: tuple[Text, ...]
    is_current: bool
    tasks: int


@dataclass(frozen=True)
class ActingAsPage:
    memberships: tuple[Membership, ...]
    next_url: str


@blueprint.get("/login")
def login() -> Any:
    """The log-in page; who is logged in goes on."""
    if session.actor_or_none() is not None:
        return redirect(session.safe_next(request.args.get("next"), url_for("start.index")))
    return _page("", None, 200)


@blueprint.post("/login")
@limiter.limit(LOGIN_LIMIT)
def log_in_now() -> Any:
    """Checks account and password."""
    account = request.form.get("account", "").strip()
    try:
        found = log_in(
            account, request.form.get("password", ""), request.remote_addr or "", request.user_agent.string[:200]
        )
    except ProductError as error:
        return _page(account, error.text, 401)
    chosen = session.begin(found.token)
    next_url = session.safe_next(request.form.get("next"), url_for("start.index"))
    answer = redirect(next_url if chosen and not found.needs_choice else url_for("auth.choose", next=next_url))
    answer.set_cookie("was_logged_in", "1", httponly=True, samesite="Lax", secure=request.is_secure, max_age=86400)
    return answer


@blueprint.post("/logout")
def logout() -> Any:
    """Ends the session, in the browser and in its row."""
    token = session.end()
    if token:
        log_out(token)
    answer = redirect(url_for("auth.login"))
    answer.delete_cookie("was_logged_in")
    return answer


@blueprint.get("/acting-as")
def choose() -> Any:
    """The choice for people with several memberships."""
    token = session.token()
    if token is None:
        return redirect(url_for("auth.login"))
    current = session.actor_or_none()
    offered = tuple(
        Membership(
            m.organisation_id,
            m.organisation,
            m.roles,
            current is not None and current.organisation_id == m.organisation_id,
            m.tasks,
        )
        for m in list_memberships(token)
    )
    next_url = session.safe_next(request.args.get("next"), url_for("start.index"))
    return render_template("acting_as.html", page=ActingAsPage(offered, next_url))


@blueprint.post("/acting-as")
def act_as() -> Any:
    """Acts for another organisation from now on."""
    token = session.token()
    if token is None:
        return redirect(url_for("auth.login"))
    choose_organisation(token, request.form.get("membership_id", 0, type=int))
    session.begin(token)
    return redirect(session.safe_next(request.form.get("next"), url_for("start.index")))


def _page(account: str, error: Text | None, status: int) -> Any:
    settings = current_app.config["SETTINGS"]
    shown = demo_accounts() if settings.mode != "production" else ()
    next_url = session.safe_next(request.values.get("next"), "")
    expired = bool(request.args.get("expired"))
    return make_response(
        render_template("login.html", page=LoginPage(account, error, next_url, shown, None, expired)), status
    )
