"""The administrator's pages of roles and rights."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import Refused
from app.texts import Text
from app.use_cases.administration.set_grant import set_grant
from app.use_cases.administration.show_rights import show_rights
from app.web.pages.rights_page import rights_page, role_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("rights", __name__, url_prefix="/rights")


@blueprint.get("")
@logged_in
def index() -> Any:
    """Roles against rights."""
    g.nav_key = "rights"
    return render_template("rights/index.html", page=rights_page(show_rights(actor())))


@blueprint.get("/<role_key>")
@logged_in
def show(role_key: str) -> Any:
    """One role, whose rights can be given and taken."""
    g.nav_key = "rights"
    return render_template("rights/show.html", page=role_page(show_rights(actor()), role_key))


@blueprint.post("/<role_key>")
@logged_in
def change(role_key: str) -> Any:
    """Gives or takes one right."""
    try:
        set_grant(actor(), role_key, request.form.get("verb", "")[:60], request.form.get("granted") == "1")
    except Refused as error:
        flash(error.text.of(language()), "error")
    else:
        done = Text(
            "权利已更改，从每个人的下一次操作起生效。", "The right is changed; it holds from everybody's next page on."
        )
        flash(done.of(language()), "done")
    return redirect(url_for("rights.show", role_key=role_key))
