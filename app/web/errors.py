"""The one table from named errors to status and page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app import errors
from app.texts import Text
from app.use_cases.documents.upload_document import MAX_BYTES, BadFile
from app.web.session import actor_or_none, ask_to_log_in, safe_next

log = structlog.get_logger(__name__)

STATUS: tuple[tuple[type[errors.ProductError], int], ...] = (
    (errors.NotFound, 404),
    (errors.Forbidden, 403),
    (errors.Conflict, 409),
    (errors.InvalidForm, 422),
    (BadFile, 422),
    (errors.Refused, 422),
    (errors.DefinitionRefused, 422),
    (errors.ProductError, 422),
)
OWN_PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500)


@dataclass(frozen=True)
class ErrorPage:
    """What an error page says; no text leaves the template's own words. `at` is when somebody else was first."""

    text: Text | None = None
    reference: str | None = None
    at: datetime | None = None
    wait_seconds: int | None = None
    limit_bytes: int | None = None


def status_of(error: errors.ProductError) -> int:
    """The status number of a named error."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def wants_json() -> bool:
    """Whether a script asks."""
    return request.accept_mimetypes.best == "application/json"


def page(status: int, content: ErrorPage) -> Response:
    """The error's page, or the same words as JSON."""
    if wants_json():
        text = content.text or Text("出错了", "Something went wrong")
        return make_response({"error": {"zh": text.zh, "en": text.of("en")}, "reference": content.reference}, status)
    template = f"errors/{status if status in OWN_PAGES else 400}.html"
    return make_response(render_template(template, page=content), status)


def register(app: Flask) -> None:
    """Handles every error that a view lets through."""

    @app.errorhandler(errors.ProductError)
    def _product_error(error: errors.ProductError) -> Response:
        at = error.at if isinstance(error, errors.Conflict) else None
        return page(status_of(error), ErrorPage(text=error.text, at=at))

    @app.errorhandler(CSRFError)
    def _csrf_error(error: CSRFError) -> Any:
        if request.endpoint == "auth.log_in_now":
            return redirect(url_for("auth.login", next=safe_next(request.form.get("next"), "") or None, expired="1"))
        return ask_to_log_in() if actor_or_none() is None else page(400, ErrorPage())

    @app.errorhandler(HTTPException)
    def _http_error(error: HTTPException) -> Any:
        status = error.code or 500
        if error.response is not None or 300 <= status < 400:
            return error
        wait = 60 if status == 429 else None
        return page(status, ErrorPage(wait_seconds=wait, limit_bytes=MAX_BYTES if status == 413 else None))

    @app.errorhandler(Exception)
    def _crash(error: Exception) -> Response:
        reference = f"E-{secrets.token_hex(3).upper()}"
        log.exception("a request failed", reference=reference, path=request.path)
        return page(500, ErrorPage(reference=reference))
