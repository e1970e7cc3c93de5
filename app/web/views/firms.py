"""The list of firms, the page of one, and the links that staff enter and end."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import Conflict, Refused
from app.texts import Text
from app.use_cases.firms.enter_link import NewLink, end_link, enter_link
from app.use_cases.firms.list_firms import list_firms
from app.use_cases.firms.show_firm import show_firm
from app.web.pages.firm_pages import firm_list_page, firm_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("firms", __name__, url_prefix="/firms")
MOST_PAGES, MOST_TYPED = 10_000, 500


@blueprint.get("")
@logged_in
def index() -> Any:
    """Firms that the person's organisation has to do with."""
    g.nav_key = "firms"
    words, kind = request.args.get("q", "")[:100], request.args.get("kind", "")[:30]
    page = max(1, min(request.args.get("page", 1, type=int), MOST_PAGES))
    found = list_firms(actor(), words=words, kind=kind, page=page)
    return render_template("firms/index.html", page=firm_list_page(found, words, kind, page))


@blueprint.get("/<int:firm_id>")
@logged_in
def show(firm_id: int) -> Any:
    """One firm from all sides."""
    g.nav_key = "firms"
    return render_template("firms/show.html", page=firm_page(actor(), show_firm(actor(), firm_id)), firm_id=firm_id)


@blueprint.post("/<int:firm_id>/links")
@logged_in
def add_link(firm_id: int) -> Any:
    """Enters a link; what was typed wrongly stays in the form."""
    g.nav_key = "firms"
    given = {key: value[:MOST_TYPED] for key, value in request.form.items()}
    try:
        enter_link(actor(), firm_id, NewLink.of(given))
    except (Refused, Conflict) as error:
        page = firm_page(actor(), show_firm(actor(), firm_id), given, error.text)
        return render_template("firms/show.html", page=page, firm_id=firm_id), 422
    flash(Text("关系已录入，只有本机构看得到。", "The link is entered; only your bank sees it.").of(language()), "done")
    return redirect(url_for("firms.show", firm_id=firm_id, _anchor="links"))


@blueprint.post("/<int:firm_id>/links/<int:link_id>/end")
@logged_in
def end_link_now(firm_id: int, link_id: int) -> Any:
    """Ends a link with a reason."""
    try:
        end_link(actor(), firm_id, link_id, request.form.get("reason", "")[:MOST_TYPED])
    except Refused as error:
        flash(error.text.of(language()), "error")
    else:
        flash(Text("关系已结束。", "The link is ended.").of(language()), "done")
    return redirect(url_for("firms.show", firm_id=firm_id, _anchor="links"))
