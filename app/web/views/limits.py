"""The pages of credit limits: a bank's list, one limit, its changes by two persons, and a firm's own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import Conflict, FourEyes, NotFound, Refused
from app.texts import Text
from app.use_cases.credit_limits.decide_change import decide_change
from app.use_cases.credit_limits.limit_input import LIMIT_KINDS
from app.use_cases.credit_limits.list_limits import list_limits
from app.use_cases.credit_limits.propose_change import freeze_limit, propose_change, propose_thaw
from app.use_cases.credit_limits.show_limit import show_change, show_limit
from app.use_cases.credit_limits.show_own_limits import show_own_limits
from app.use_cases.permissions import require
from app.web.pages.limit_pages import change_page, limit_list_page, limit_page, new_limit_page, own_limits_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("limits", __name__)
MOST_PAGES = 10_000
FAULTS = (Refused, Conflict, FourEyes)


@blueprint.get("/limits")
@logged_in
def index() -> Any:
    """Limits of the person's bank; the operator's list has those of all."""
    g.nav_key = "limits"
    words, kind = request.args.get("q", "")[:100], request.args.get("kind", "")
    kind = kind if kind in LIMIT_KINDS else ""
    page = max(1, min(request.args.get("page", 1, type=int), MOST_PAGES))
    found = list_limits(actor(), words=words, kind=kind, page=page)
    return render_template("limits/index.html", page=limit_list_page(actor(), found, words, kind, page))


@blueprint.route("/limits/new", methods=["GET", "POST"])
@logged_in
def new() -> Any:
    """Proposes a limit, or another amount of one that is there."""
    g.nav_key = "limits"
    require("propose_limits", actor())
    given = {key: value[:600] for key, value in (request.form if request.method == "POST" else request.args).items()}
    if request.method == "GET":
        return render_template("limits/new.html", page=new_limit_page(given))
    try:
        change_id = propose_change(actor(), given)
    except (Refused, Conflict, NotFound) as error:
        return render_template("limits/new.html", page=new_limit_page(given, error.text)), 422
    flash(Text("已提交，等另一人审批。", "Proposed; another person has to approve it.").of(language()), "done")
    return redirect(url_for("limits.change", change_id=change_id))


@blueprint.get("/limits/<int:limit_id>")
@logged_in
def show(limit_id: int) -> Any:
    """One limit with what holds it and its history."""
    g.nav_key = "limits"
    return render_template("limits/show.html", page=limit_page(actor(), show_limit(actor(), limit_id)))


@blueprint.post("/limits/<int:limit_id>/freeze")
@logged_in
def freeze(limit_id: int) -> Any:
    """Freezes a limit, or proposes to let it be used again."""
    reason = request.form.get("reason", "")[:600]
    try:
        if request.form.get("act") == "thaw":
            propose_thaw(actor(), limit_id, reason)
            said = Text("已提交解冻，等另一人审批。", "The thaw is proposed; another person has to approve it.")
        else:
            freeze_limit(actor(), limit_id, reason)
            said = Text("额度已冻结，不再占用。", "The limit is frozen; nothing more is taken from it.")
        flash(said.of(language()), "done")
    except FAULTS as error:
        flash(error.text.of(language()), "error")
    return redirect(url_for("limits.show", limit_id=limit_id))


@blueprint.get("/limits/changes/<int:change_id>")
@logged_in
def change(change_id: int) -> Any:
    """A proposed change, to approve or to refuse."""
    g.nav_key = "limits"
    return render_template("limits/change.html", page=change_page(actor(), show_change(actor(), change_id)))


@blueprint.post("/limits/changes/<int:change_id>")
@logged_in
def decide(change_id: int) -> Any:
    """Approves or refuses a change."""
    approve = request.form.get("decision") == "approve"
    try:
        decide_change(actor(), change_id, approve=approve, remark=request.form.get("remark", "")[:500])
        said = Text("已批准，马上生效。", "Approved; it holds now.") if approve else Text("已退回。", "Refused.")
        flash(said.of(language()), "done")
    except FAULTS as error:
        flash(error.text.of(language()), "error")
    return redirect(url_for("limits.change", change_id=change_id))


@blueprint.get("/my-limits")
@logged_in
def own() -> Any:
    """The limits that bind the person's firm; a core enterprise sees which supplier uses what."""
    g.nav_key = "my_limits"
    return render_template("limits/own.html", page=own_limits_page(show_own_limits(actor())))
