"""The desk of compliance officers: holds, the decision on each, and placing one on a case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import Conflict, FourEyes, Refused
from app.texts import Text
from app.use_cases.cases.show_case import show_case
from app.use_cases.compliance.clear_hold import Opinion, clear_hold
from app.use_cases.compliance.list_holds import SHOWN, list_holds, show_hold
from app.use_cases.compliance.open_hold import open_hold
from app.use_cases.permissions import require
from app.web.pages.borrower_pages import ConfirmPage
from app.web.pages.hold_pages import hold_list_page, hold_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("compliance", __name__)
MOST_PAGES = 10_000
FIELDS = ("decision", "reason", "evidence")
DONE = {
    "cleared": Text("已解除，案件可以继续。", "Cleared; the case can go on."),
    "upheld": Text("已维持暂缓，这件申请不能审批和付款。", "Upheld; the case cannot be approved or paid."),
    "open": Text("已记录，还需另一位合规人员同意。", "Noted; a second officer has to clear it too."),
}


@blueprint.get("/compliance")
@logged_in
def index() -> Any:
    """Holds of the officer's bank."""
    g.nav_key = "compliance"
    chosen = request.args.get("show", "")
    chosen = chosen if chosen in SHOWN else "open"
    page = max(1, min(request.args.get("page", 1, type=int), MOST_PAGES))
    shown = hold_list_page(list_holds(actor(), chosen, page), chosen, page)
    return render_template("compliance/index.html", page=shown)


@blueprint.get("/compliance/holds/<int:hold_id>")
@logged_in
def show(hold_id: int) -> Any:
    """One hold."""
    return _page(hold_id, None)


@blueprint.post("/compliance/holds/<int:hold_id>")
@logged_in
def decide(hold_id: int) -> Any:
    """Notes the officer's opinion."""
    typed = {key: request.form.get(key, "") for key in FIELDS}
    try:
        state = clear_hold(actor(), hold_id, Opinion(**typed))
    except (Refused, FourEyes, Conflict) as error:
        return _page(hold_id, error.text), 409 if isinstance(error, Conflict) else 422
    flash(DONE[state].of(language()), "done")
    return redirect(url_for("compliance.index"))


@blueprint.route("/cases/<case_number>/hold", methods=["GET", "POST"])
@logged_in
def place(case_number: str) -> Any:
    """Asks why, then puts the case on hold."""
    g.nav_key = "cases"
    require("manage_holds", actor())
    show_case(actor(), case_number)
    if request.method == "POST":
        try:
            hold_id = open_hold(actor(), case_number, request.form.get("reason", ""))
        except Refused as error:
            flash(error.text.of(language()), "error")
            return redirect(url_for("compliance.place", case_number=case_number))
        done = Text("已暂缓；解除须由另一位合规人员。", "On hold; another officer must clear it.")
        flash(done.of(language()), "done")
        return redirect(url_for("compliance.show", hold_id=hold_id))
    return render_template("confirm.html", page=_question(case_number))


def _question(case_number: str) -> ConfirmPage:
    return ConfirmPage(
        Text("对这件申请提出合规暂缓？", "Put this case on a compliance hold?"),
        Text(case_number, case_number),
        (
            Text("解除之前不能审批、复核付款和付款。", "Until it is cleared nothing is approved, confirmed or paid."),
            Text("原因只有合规人员看得到，不会告知客户。", "Only officers see the reason; the customer is not told."),
            Text("须由另一位没有办理过本案的合规人员解除。", "Another officer who did not work on the case clears it."),
        ),
        url_for("compliance.place", case_number=case_number),
        Text("暂缓", "Put on hold"),
        True,
        url_for("cases.show", case_number=case_number),
        True,
    )


def _page(hold_id: int, error: Text | None) -> str:
    g.nav_key = "compliance"
    typed = {key: request.form.get(key, "") for key in FIELDS}
    return render_template("compliance/show.html", page=hold_page(show_hold(actor(), hold_id), error, typed))
