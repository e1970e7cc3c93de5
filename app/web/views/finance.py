"""The finance desk of a bank, and of all banks for the operator."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import Refused
from app.texts import Text
from app.use_cases.loans.show_trial_balance import show_trial_balance
from app.use_cases.payments.list_payments import list_payments
from app.use_cases.payments.settle_alarm import settle_alarm
from app.use_cases.payments.show_payment import show_payment
from app.web.addresses import row_number
from app.web.pages.finance_page import FILTERS, finance_page
from app.web.pages.payment_page import payment_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("finance", __name__)
MOST_PAGES = 10_000


@blueprint.get("/finance")
@logged_in
def index() -> Any:
    """Payments, alarms and the trial balance."""
    g.nav_key = "finance"
    chosen = request.args.get("show", "")
    chosen = chosen if chosen in FILTERS else "open"
    page = max(1, min(request.args.get("page", 1, type=int), MOST_PAGES))
    funder_id = row_number(request.args.get("funder", ""))
    desk = list_payments(actor(), chosen=chosen, page=page)
    trial = show_trial_balance(actor(), _day(request.args.get("until", "")), funder_id)
    shown = finance_page(actor(), desk, trial, chosen, page, funder_id)
    return render_template("finance/index.html", page=shown)


@blueprint.get("/finance/payments/<number>")
@logged_in
def payment(number: str) -> Any:
    """One payment with what passed between the product and the bank."""
    g.nav_key = "finance"
    return render_template("finance/payment.html", page=payment_page(show_payment(actor(), number)))


@blueprint.post("/finance/alarms/<int:alarm_id>/settle")
@logged_in
def settle(alarm_id: int) -> Any:
    """Notes what an alarm was."""
    try:
        settle_alarm(actor(), alarm_id, request.form.get("remark", ""))
    except Refused as error:
        flash(error.text.of(language()), "error")
    else:
        flash(Text("告警已处理，说明已留痕。", "The alarm is settled and your remark is kept.").of(language()), "done")
    return redirect(url_for("finance.index"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
