"""The administrator's pages of organisations."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import Conflict, Refused
from app.texts import Text
from app.use_cases.administration.create_organisation import create_organisation
from app.use_cases.administration.list_organisations import list_organisations, show_organisation
from app.use_cases.administration.organisation_kinds import KINDS
from app.use_cases.administration.people_acts import VERB
from app.use_cases.permissions import require
from app.web.pages.organisations_page import new_organisation_page, organisation_page, organisations_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")
MOST_PAGES = 10_000


@blueprint.get("")
@logged_in
def index() -> Any:
    """Organisations by kind."""
    g.nav_key = "organisations"
    kind = request.args.get("kind", "") if request.args.get("kind", "") in KINDS else ""
    query, page = request.args.get("q", "")[:200], max(1, min(request.args.get("page", 1, type=int), MOST_PAGES))
    found = list_organisations(actor(), query=query, kind=kind, page=page)
    return render_template("organisations/index.html", page=organisations_page(found, query, kind, page))


@blueprint.route("/new", methods=["GET", "POST"])
@logged_in
def new() -> Any:
    """Creates an organisation."""
    g.nav_key = "organisations"
    require(VERB, actor())
    if request.method == "GET":
        return render_template("organisations/new.html", page=new_organisation_page({}))
    given = {key: value[:300] for key, value in request.form.items()}
    entered = [given.get(key, "") for key in ("kind", "name_zh", "name_en", "credit_code")]
    try:
        made = create_organisation(actor(), *entered)
    except (Refused, Conflict) as error:
        return render_template("organisations/new.html", page=new_organisation_page(given, error.text)), 422
    flash(Text("机构已新建。", "The organisation is created.").of(language()), "done")
    return redirect(url_for("organisations.show", organisation_id=made))


@blueprint.get("/<int:organisation_id>")
@logged_in
def show(organisation_id: int) -> Any:
    """One organisation with its people."""
    g.nav_key = "organisations"
    found = show_organisation(actor(), organisation_id)
    return render_template("organisations/show.html", page=organisation_page(found))
