"""Who is asking: the log-in cookie becomes an actor once a request, and pages that need one say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.use_cases import clock
from app.use_cases.administration.load_actor import load_actor
from app.use_cases.permissions import Actor

View = TypeVar("View", bound=Callable[..., Any])
login_manager = LoginManager()
LONG_TEXT = 20  # characters that nobody wants to type again
NOT_TYPED = ("csrf_token", "next", "password", "present", "new", "repeated")
# what somebody may use whose password is still the one that an administrator knows
OPEN_WITH_FIRST_PASSWORD = (
    *("static", "start.health", "auth.login", "auth.log_in_now", "auth.logout", "auth.choose", "auth.act_as"),
    *("account.first_password", "account.change", "settings.language", "settings.theme"),
)


class LoggedIn(UserMixin):
    """What Flask-Login holds: the token of the session row, and the actor that it stands for."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.id = token
        self.actor = actor


def register(app: Flask) -> None:
    """Ties Flask-Login to session rows."""
    login_manager.init_app(app)
    login_manager.session_protection = None  # sessions are rows that can be revoked; addresses change on telephones

    @login_manager.user_loader
    def _load(token: str) -> LoggedIn | None:
        actor = load_actor(token, clock.real_now())
        return None if actor is None else LoggedIn(token, actor)

    @app.before_request
    def _first_password() -> Any:
        if request.endpoint in OPEN_WITH_FIRST_PASSWORD:
            return None
        found = actor_or_none()
        if found is None or not found.must_change_password:
            return None
        if request.accept_mimetypes.best == "application/json":
            return {"login": url_for("account.first_password")}, 403
        return redirect(url_for("account.first_password", next=here() or None))


def begin(token: str) -> bool:
    """Starts the browser's session for a token; False when the token has no actor (nothing chosen yet)."""
    session.clear()
    session.permanent = True
    session["pending_token"] = token
    actor = load_actor(token, clock.real_now())
    if actor is None:
        return False
    session.pop("pending_token")
    login_user(LoggedIn(token, actor))
    return True


def end() -> str | None:
    """Ends the browser's session; gives the token that it had."""
    token = current_user.id if current_user.is_authenticated else session.get("pending_token")
    logout_user()
    session.clear()
    return token


def token() -> str | None:
    """The token of this browser's session, chosen or not."""
    return current_user.id if current_user.is_authenticated else session.get("pending_token")


def actor_or_none() -> Actor | None:
    """Who is logged in, or None."""
    return current_user.actor if current_user.is_authenticated else None


def actor() -> Actor:
    """Who is logged in, on a page that needs a log-in."""
    found = actor_or_none()
    assert found is not None, "the view is decorated with logged_in"
    return found


def whose_act() -> str:
    """Whom a limit on costly acts counts: a bank's people share one address. Below logged_in only."""
    return f"person-{actor().person_id}"


def logged_in(view: View) -> View:
    """Sends people without a session to the log-in page and back afterwards."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if actor_or_none() is None:
            return ask_to_log_in()
        return view(*args, **kwargs)

    return cast(View, guarded)


@dataclass(frozen=True)
class Expired:
    """What a page says to somebody whose session ended before the form was sent."""

    kept: tuple[str, ...]
    back_url: str | None


def ask_to_log_in() -> Any:
    """The log-in page, which comes back here; a script gets an answer that it can read, a typed text is shown again."""
    if request.accept_mimetypes.best == "application/json":
        return {"login": url_for("auth.login")}, 401
    back = here() or None
    kept = tuple(value for name, value in request.form.items() if len(value) >= LONG_TEXT and name not in NOT_TYPED)
    if kept:
        return render_template("errors/expired.html", page=Expired(kept, back)), 401
    expired = "1" if request.cookies.get("was_logged_in") else None
    return redirect(url_for("auth.login", next=back, expired=expired))


def here() -> str:
    """The page's own address: of a submission, the page that it was sent from; "" where that is not known."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host:
        return ""
    return safe_next(before.path + (f"?{before.query}" if before.query else ""), "")


def safe_next(target: str | None, otherwise: str) -> str:
    """Where to go next: a path of this site, never another one."""
    # browsers drop control characters and read a backslash as a slash
    if target and target.isprintable() and target.startswith("/") and not target.startswith(("//", "/\\")):
        return target
    return otherwise
