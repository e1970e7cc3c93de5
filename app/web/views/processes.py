"""A process with all that goes through it, for who watches or draws it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from app.use_cases.reporting.count_elements import PERIODS, count_elements
from app.web.pages.traffic_page import traffic_page
from app.web.session import actor, logged_in

blueprint = Blueprint("processes", __name__)


@blueprint.get("/processes/<process_key>")
@logged_in
def show(process_key: str) -> Any:
    """The drawing in force with the numbers of what stands where."""
    g.nav_key = "processes"
    days = request.args.get("days", 0, type=int)
    return render_template(
        "processes/show.html",
        page=traffic_page(count_elements(actor(), process_key, days if days in PERIODS else PERIODS[1])),
    )
