"""What guards every page: CSRF tokens, strict headers with a nonce, request size, rate limits and secure cookies."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Flask, Response, abort, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings

MAX_REQUEST_BYTES = 64 * 1024 * 1024
MAX_FORM_MEMORY_BYTES = 2 * 1024 * 1024
LOGIN_LIMIT = "20 per minute"
CALL_BACK_LIMIT = "1200 per minute"

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=False)


def protect(app: Flask, settings: Settings) -> None:
    """Sets cookies, CSRF, limits and headers."""
    production = settings.mode == "production"
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_NAME="loan_session",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_MEMORY_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI=app.config.get("RATELIMIT_STORAGE_URI", "memory://"),
    )
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    limiter.init_app(app)

    @app.before_request
    def _nonce() -> None:
        g.nonce = secrets.token_urlsafe(16)

    @app.before_request
    def _texts() -> None:
        pairs = [*request.args.items(multi=True), *request.form.items(multi=True)]
        if any(
            "\0" in text for text in (request.path, *(part for pair in pairs for part in pair))
        ):  # PostgreSQL has no such character, and no keyboard either
            abort(400)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _policy(g.get("nonce", "")))
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        if production:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response


def _policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )
