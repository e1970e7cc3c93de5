"""The operator's pages: statistics, the business date and its daily closes."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import Refused
from app.texts import Text
from app.use_cases.closing.move_business_date import move_business_date
from app.use_cases.closing.show_business_date import show_business_date
from app.use_cases.reporting.periods import PERIODS, USUAL
from app.use_cases.reporting.show_statistics import show_statistics
from app.web.addresses import row_number
from app.web.pages.business_date_page import business_date_page
from app.web.pages.statistics_page import statistics_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("operations", __name__, url_prefix="/operations")
NO_DATE = Text("请填写要推进到的日期，例如 2027-03-01。", "Please give the date to move to, for example 2027-03-01.")


@blueprint.get("")
@logged_in
def index() -> Any:
    """Statistics of a funder and period; a bank's people see their own."""
    g.nav_key = "statistics"
    period = request.args.get("period", "")
    funder_id = row_number(request.args.get("funder", ""))
    found = show_statistics(actor(), period if period in PERIODS else USUAL, funder_id)
    return render_template("operations/statistics.html", page=statistics_page(found))


@blueprint.get("/business-date")
@logged_in
def business_date() -> Any:
    """The date, and the closes newest first."""
    return _page()


@blueprint.post("/business-date")
@logged_in
def move() -> Any:
    """Moves to a date; the page offers dates, not distances, so that sending it twice moves once."""
    show_business_date(actor())  # who may not, and production, learn nothing of what was sent
    entered = request.form.get("to", "").strip()[:20]
    try:
        to = date.fromisoformat(entered)
    except ValueError:
        return _page(entered, NO_DATE), 422
    try:
        move_business_date(actor(), to)
    except Refused as refused:
        return _page(entered, refused.text), 422
    flash(
        Text(
            f"营业日期已推进到 {to}，到期的定时器和日终由后台接着处理。",
            f"The business date is {to} now; timers that are due and the daily closes follow by themselves.",
        ).of(language()),
        "done",
    )
    return redirect(url_for("operations.business_date"))


def _page(entered: str = "", error: Text | None = None) -> str:
    g.nav_key = "business_date"
    number = max(1, min(request.args.get("page", 1, type=int), 10_000))
    page = business_date_page(show_business_date(actor(), number), number, entered, error)
    return render_template("operations/business_date.html", page=page)
