"""The first page of each person."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from app.use_cases.permissions import may
from app.web.menu import is_borrower
from app.web.session import actor, logged_in

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
@logged_in
def index() -> Response:
    """Sends everybody to where their work is."""
    who = actor()
    if is_borrower(who):
        return redirect(url_for("applications.mine"))
    if may("work_on_tasks", who):
        return redirect(url_for("tasks.inbox"))
    if may("edit_definitions", who) or may("publish_definitions", who):
        return redirect(url_for("definitions.index"))
    if may("view_statistics", who) and not may("view_audit", who):  # an auditor looks into single cases
        return redirect(url_for("operations.index"))
    return redirect(url_for("cases.index") if may("view_all_cases", who) else url_for("notifications.index"))
