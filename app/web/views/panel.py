"""A funder's panel: who may be given work, admitting, suspending and resuming."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import Conflict, Refused
from app.texts import Text
from app.use_cases.panels.keep_panel import admit_to_panel, resume_on_panel, suspend_from_panel
from app.use_cases.panels.list_panel import list_panel
from app.use_cases.permissions import Actor
from app.web.pages.panel_page import panel_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("panel", __name__, url_prefix="/panel")
MOST_TYPED = 500


@blueprint.get("")
@logged_in
def index() -> Any:
    """The panel of the person's funder."""
    g.nav_key = "panel"
    return render_template("panel/index.html", page=panel_page(list_panel(actor()), {}))


@blueprint.post("")
@logged_in
def admit() -> Any:
    """Admits a firm; what was typed wrongly stays."""
    g.nav_key = "panel"
    given = {key: value[:MOST_TYPED] for key, value in request.form.items()}
    try:
        admit_to_panel(actor(), given.get("credit_code", ""), given.get("valid_until", ""), given.get("reason", ""))
    except (Refused, Conflict) as error:
        page = panel_page(list_panel(actor()), given, error.text)
        return render_template("panel/index.html", page=page), 422
    flash(Text("已入库，可以选它办事了。", "Admitted: it can be given work now.").of(language()), "done")
    return redirect(url_for("panel.index"))


@blueprint.post("/<int:member_id>/suspend")
@logged_in
def suspend(member_id: int) -> Any:
    """No new work for it."""
    done = Text("已暂停，不会再分到新的任务。", "Suspended: it gets no new work.")
    return _act(suspend_from_panel, member_id, done)


@blueprint.post("/<int:member_id>/resume")
@logged_in
def resume(member_id: int) -> Any:
    """It may be given work again."""
    return _act(resume_on_panel, member_id, Text("已恢复。", "It may be given work again."))


def _act(act: Callable[[Actor, int, str], None], member_id: int, done: Text) -> Any:
    try:
        act(actor(), member_id, request.form.get("reason", "")[:MOST_TYPED])
    except Refused as error:
        flash(error.text.of(language()), "error")
    else:
        flash(done.of(language()), "done")
    return redirect(url_for("panel.index"))
