"""The pages: what a request says is parsed here, one use case is called, a template is rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.config import Settings

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask, settings: Settings) -> None:
    """Adds pages, error pages, headers, CSRF, log-in and template helpers to the app."""
    from app.web import addresses, errors, filters, request_log, security, session, static_files, texts
    from app.web.views import (
        account,
        applications,
        audit,
        auth,
        callbacks,
        cases,
        compliance,
        contracts,
        definitions,
        documents,
        finance,
        firms,
        limits,
        loans,
        monitoring,
        notifications,
        operations,
        organisations,
        panel,
        people,
        preferences,
        processes,
        records,
        rights,
        sandbox_bank,
        sessions,
        start,
        tasks,
        work,
    )

    request_log.register(app)  # first, so that what the others log carries the request's id
    addresses.register(app)
    security.protect(app, settings)
    static_files.register(app)
    session.register(app)
    texts.register(app, settings)
    filters.register_filters(app)
    errors.register(app)
    desks = (firms, panel, compliance, limits, loans, finance, records)
    staff = (processes, operations, tasks, cases, contracts, documents, notifications, sandbox_bank, *desks)
    administration = (definitions, work, people, organisations, rights, sessions, audit)
    for view in (start, auth, account, preferences, applications, callbacks, monitoring, *administration, *staff):
        app.register_blueprint(view.blueprint)
