"""The auditor's and administrator's page of the audit log: search, export, and the check of its chains."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from app.errors import Refused
from app.use_cases.administration.audit_words import ACTS
from app.use_cases.administration.search_audit import AuditFilter, export_audit, search_audit
from app.use_cases.administration.verify_audit import check_chains
from app.web.addresses import row_number
from app.web.pages.audit_page import audit_page, chains_page, csv_rows
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("")
@logged_in
def index() -> Any:
    """Entries newest first; pages go by the key of an entry, so that new ones move nothing."""
    g.nav_key = "audit"
    wanted = _wanted()
    before, after = row_number(request.args.get("before", "")), row_number(request.args.get("after", ""))
    found = search_audit(actor(), wanted, before=before, after=after)
    return render_template("audit/index.html", page=audit_page(actor(), found, wanted))


@blueprint.post("/verify")
@logged_in
def verify() -> Any:
    """Recomputes every chain and says which hold."""
    g.nav_key = "audit"
    return render_template("audit/chains.html", page=chains_page(check_chains(actor())))


@blueprint.get("/export")
@logged_in
def export() -> Any:
    """What the filter finds as CSV for a spreadsheet."""
    try:
        lines = export_audit(actor(), _wanted())
    except Refused as error:
        flash(error.text.of(language()), "error")
        return redirect(f"{url_for('audit.index')}?{request.query_string.decode()}")
    written = io.StringIO()
    csv.writer(written).writerows(csv_rows(lines, language()))
    answer = Response("\ufeff" + written.getvalue(), mimetype="text/csv")  # the mark tells Excel that it is UTF-8
    answer.headers["Content-Disposition"] = "attachment; filename=audit.csv"
    return answer


def _wanted() -> AuditFilter:
    asked = request.args
    verb = asked.get("verb", "")
    return AuditFilter(
        asked.get("person", "")[:100],
        row_number(asked.get("organisation", "")),
        verb if verb in ACTS else "",
        asked.get("target", "")[:100],
        _day(asked.get("first", "")),
        _day(asked.get("last", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
