"""Loans: the list and the books for staff, and a firm's own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, render_template, request

from app.use_cases.loans.list_loans import list_loans, list_my_loans
from app.use_cases.loans.show_loan import show_loan, show_my_loan
from app.use_cases.permissions import may
from app.web.pages.loan_pages import FILTERS, loan_list_page, loan_page
from app.web.pages.own_loan_pages import own_loan, own_loan_page
from app.web.session import actor, logged_in

blueprint = Blueprint("loans", __name__)
MOST_PAGES = 10_000


@blueprint.get("/loans")
@logged_in
def index() -> Any:
    """Loans of the person's bank; the operator's list has those of all."""
    g.nav_key = "loans"
    words, chosen = request.args.get("q", "")[:100], request.args.get("show", "")
    chosen, page = chosen if chosen in FILTERS else "", _page("page")
    found = list_loans(actor(), words=words, chosen=chosen, page=page)
    return render_template("loans/index.html", page=loan_list_page(actor(), found, words, chosen, page))


@blueprint.get("/loans/<number>")
@logged_in
def show(number: str) -> Any:
    """One loan with its books."""
    g.nav_key = "loans"
    page = _page("journals")
    return render_template("loans/show.html", page=loan_page(show_loan(actor(), number, page), page))


@blueprint.get("/my-loans")
@logged_in
def mine() -> Any:
    """The loans of the person's firm."""
    g.nav_key = "my_loans"
    cards = [own_loan(one.loan, one.funder, one.plan, one.due, _pays()) for one in list_my_loans(actor())]
    return render_template("loans/mine.html", page=cards)


@blueprint.get("/my-loans/<number>")
@logged_in
def own(number: str) -> Any:
    """One loan of the person's firm."""
    g.nav_key = "my_loans"
    return render_template("loans/own.html", page=own_loan_page(show_my_loan(actor(), number), _pays()))


def _page(name: str) -> int:
    return max(1, min(request.args.get(name, 1, type=int), MOST_PAGES))


def _pays() -> bool:
    """Whether money can be sent at the sandbox bank's counter."""
    return may("simulate_credits", actor()) and bool(current_app.config["SETTINGS"].sandbox_bank)
