"""Language and theme, kept in cookies."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from app.texts import LANGUAGES
from app.web.session import safe_next
from app.web.texts import THEMES

blueprint = Blueprint("settings", __name__)
ONE_YEAR = 365 * 24 * 3600


def _kept(name: str, value: str) -> Response:
    answer = redirect(safe_next(request.form.get("next"), url_for("start.index")))
    answer.set_cookie(name, value, max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


@blueprint.post("/language")
def language() -> Response:
    """Switches the language in place."""
    chosen = request.form.get("language", "")
    return _kept("language", chosen if chosen in LANGUAGES else "zh")


@blueprint.post("/theme")
def theme() -> Response:
    """Switches light and dark in place."""
    chosen = request.form.get("theme", "")
    return _kept("theme", chosen if chosen in THEMES else "")
