"""A firm's pages: its applications, the catalogue, progress, pulling back and deleting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.texts import Text
from app.use_cases.applications.milestones import LENT
from app.use_cases.applications.pull_back import delete_draft as delete_draft_now
from app.use_cases.applications.pull_back import pull_back as pull_back_now
from app.use_cases.applications.show_catalogue import show_catalogue
from app.use_cases.applications.show_progress import list_mine, show_progress
from app.use_cases.applications.start_application import start_application
from app.use_cases.contracts.show_contract import list_contracts
from app.use_cases.loans.list_loans import list_my_loans
from app.web.addresses import row_number
from app.web.pages.borrower_pages import ConfirmPage, catalogue_page, home_page, progress_page
from app.web.pages.contract_pages import contract_rows
from app.web.pages.own_loan_pages import own_loan
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("applications", __name__)


@blueprint.get("/applications")
@logged_in
def mine() -> Any:
    """The firm's applications, with what it has to do first."""
    g.nav_key = "mine"
    files, tasks = list_mine(actor())
    return render_template("applications/mine.html", page=home_page(actor(), files, tasks))


@blueprint.get("/applications/new")
@logged_in
def catalogue() -> Any:
    """The products on offer."""
    g.nav_key = "catalogue"
    return render_template("applications/catalogue.html", page=catalogue_page(show_catalogue(actor())))


@blueprint.post("/applications/new/<product_key>")
@logged_in
def start(product_key: str) -> Any:
    """Opens a draft; the key names the product and, after a colon, the funder."""
    product, _, funder = product_key.partition(":")
    started = start_application(actor(), product, row_number(funder) or 0)
    if started.task_id is None:
        return redirect(url_for("applications.progress", case_number=started.case_number))
    return redirect(url_for("tasks.show", task_id=started.task_id))


@blueprint.get("/applications/<case_number>")
@logged_in
def progress(case_number: str) -> Any:
    """Where an application stands."""
    g.nav_key = "mine"
    found = show_progress(actor(), case_number)
    lines = list_my_loans(actor()) if found.file.case.milestone in LENT else ()
    running = [
        own_loan(one.loan, one.funder, one.plan, one.due, pays=False)
        for one in lines
        if one.loan.case_id == found.file.case.id
    ]
    contracts = contract_rows(list_contracts(actor(), case_number))
    return render_template("applications/progress.html", page=progress_page(found), contracts=contracts, loans=running)


@blueprint.route("/applications/<case_number>/pull-back", methods=["GET", "POST"])
@logged_in
def pull_back(case_number: str) -> Any:
    """Asks, then takes the application back."""
    if request.method == "POST":
        pull_back_now(actor(), case_number)
        _say(
            Text(
                "已拉回。草稿很快会出现在这里，改好后可以再次提交。",
                "Pulled back. The draft appears here soon; change it and submit it again.",
            )
        )
        return redirect(url_for("applications.progress", case_number=case_number))
    show_progress(actor(), case_number)
    consequences = (
        Text(
            "申请变回草稿，填过的内容都在。", "The application becomes a draft again; everything you entered is kept."
        ),
        Text(
            "再次提交后从核验开始，审核人会看到您改了什么。",
            "After you submit again it starts with the checks, and reviewers see what you changed.",
        ),
    )
    page = ConfirmPage(
        Text("拉回这件申请？", "Pull this application back?"),
        Text("", ""),
        consequences,
        url_for("applications.pull_back", case_number=case_number),
        Text("拉回修改", "Pull back"),
        False,
        url_for("applications.progress", case_number=case_number),
    )
    return render_template("confirm.html", page=page)


@blueprint.route("/applications/<case_number>/delete", methods=["GET", "POST"])
@logged_in
def delete_draft(case_number: str) -> Any:
    """Asks, then deletes a draft."""
    if request.method == "POST":
        delete_draft_now(actor(), case_number)
        _say(Text("草稿已删除。", "The draft was deleted."))
        return redirect(url_for("applications.mine"))
    show_progress(actor(), case_number)
    page = ConfirmPage(
        Text("删除这份草稿？", "Delete this draft?"),
        Text("删除后不能恢复。", "This cannot be undone."),
        (),
        url_for("applications.delete_draft", case_number=case_number),
        Text("删除草稿", "Delete the draft"),
        True,
        url_for("applications.progress", case_number=case_number),
    )
    return render_template("confirm.html", page=page)


def _say(text: Text) -> None:
    flash(text.of(language()), "done")
