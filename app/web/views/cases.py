"""The list of cases and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.texts import Text
from app.use_cases.applications.milestones import MILESTONES
from app.use_cases.cases.case_overview import case_overview
from app.use_cases.cases.list_cases import PAGE_SIZE, CaseLine, CaseList, list_cases
from app.use_cases.cases.process_drawing import process_of_case
from app.use_cases.cases.show_case import show_case
from app.use_cases.compliance.list_holds import holds_of_case
from app.use_cases.contracts.show_contract import list_contracts
from app.use_cases.disposals.show_disposals import disposals_of_case
from app.use_cases.instances.retry_incident import retry_incident
from app.use_cases.loans.show_loan import loans_of_case
from app.use_cases.permissions import may, require
from app.use_cases.tasks.list_inbox import openable
from app.web.addresses import row_number
from app.web.page_models import Chip, Choice, Empty, Link, Pager, Timing
from app.web.pages.case_page import case_page, status_words
from app.web.pages.contract_pages import contract_rows
from app.web.pages.disposal_card import disposal_cards
from app.web.pages.hold_pages import hold_card
from app.web.pages.loan_card import loan_cards
from app.web.pages.process_pages import overview_part, process_page
from app.web.pages.shared import pager, timing
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("cases", __name__)


@dataclass(frozen=True)
class CaseRow:
    case_number: str
    company: str
    product: Text
    amount: Decimal | None
    status: Text
    tone: str
    step: Text | None
    person: str
    round: int
    submitted_at: datetime
    timing: Timing | None


@dataclass(frozen=True)
class CaseListPage:
    query: str
    chips: tuple[Chip, ...]
    products: tuple[Choice, ...]
    rows: tuple[CaseRow, ...]
    pager: Pager
    empty: Empty | None


@blueprint.get("/cases")
@logged_in
def index() -> Any:
    """Cases that the person may see, newest first."""
    g.nav_key = "cases"
    words, chosen = request.args.get("q", "")[:100], request.args.get("state", "")
    product, page = request.args.get("product", ""), max(1, min(request.args.get("page", 1, type=int), 10_000))
    found = list_cases(actor(), words=words, milestone=chosen, product=product, page=page)
    return render_template("cases/index.html", page=_page(found, words, chosen, product, page))


def _page(found: CaseList, words: str, chosen: str, product: str, page: int) -> CaseListPage:
    def address(**changes: Any) -> str:
        values = {"q": words, "state": chosen, "product": product} | changes
        return url_for("cases.index", **{key: value for key, value in values.items() if value})

    everything = Chip("", Text("全部", "All"), sum(found.counts.values()), not chosen, address(state=""))
    chips = tuple(
        Chip(key, one.name, found.counts[key], key == chosen, address(state=key))
        for key, one in MILESTONES.items()
        if found.counts.get(key)
    )
    offered = (
        Choice("", Text("全部产品", "All products"), not product),
        *(Choice(k, n, k == product) for k, n in found.products),
    )
    empty = Empty(
        Text("没有找到申请", "No application was found"),
        Text(
            "可以按申请号、企业名称、信用代码或完整的证件号查找。",
            "Search by number, company, credit code or a whole identity number.",
        ),
        Link(Text("看全部申请", "See all applications"), url_for("cases.index")),
    )
    return CaseListPage(
        words,
        (everything, *chips),
        offered,
        tuple(_row(line) for line in found.lines),
        pager(page, PAGE_SIZE, found.total, lambda number: address(page=number)),
        None if found.lines else empty,
    )


def _row(line: CaseLine) -> CaseRow:
    case = line.case
    name, tone = status_words(case.milestone)
    task, who = line.tasks[0] if line.tasks else (None, None)
    return CaseRow(
        case.number,
        case.applicant_name,
        line.product,
        case.amount,
        name,
        tone,
        task.name if task else None,
        who.of(language()) if who else "",
        case.round,
        case.created_at,
        timing(task.created_at, task.due_at) if task else None,
    )


@blueprint.get("/cases/<case_number>")
@logged_in
def show(case_number: str) -> Any:
    """One case."""
    g.nav_key = "cases"
    who = actor()
    file = show_case(who, case_number)
    mine = openable(who, [task.id for task in file.open_tasks]) if may("work_on_tasks", who) else frozenset()
    page = case_page(who, file, request.args.get("show", "all"), mine)
    contracts = contract_rows(list_contracts(who, case_number))
    overview = overview_part(case_number, case_overview(file))
    lent = loan_cards(loans_of_case(who, file.case.id))
    sold = disposal_cards(disposals_of_case(who, file.case.id))
    held = hold_card(who, holds_of_case(who, file.case), case_number)
    return render_template(
        "cases/show.html",
        page=page,
        contracts=contracts,
        overview=overview,
        loans=lent,
        disposals=sold,
        holds=held,
        record_url=url_for("records.show", case_number=case_number) if may("view_records", who) else None,
    )


@blueprint.get("/cases/<case_number>/processes/<process_key>")
@logged_in
def process(case_number: str, process_key: str) -> Any:
    """One process as the case goes through it."""
    g.nav_key = "cases"
    file = show_case(actor(), case_number)
    found = process_of_case(file.case.id, process_key, row_number(request.args.get("run", "")))
    return render_template("cases/process.html", page=process_page(file, found))


@blueprint.post("/cases/<case_number>/incidents/<int:incident_id>/retry")
@logged_in
def retry(case_number: str, incident_id: int) -> Any:
    """Tries a failed step again."""
    require("retry_incidents", actor())
    show_case(actor(), case_number)
    retry_incident(actor(), incident_id)
    flash(
        Text("已经重新安排，结果稍后显示在这里。", "It was scheduled again; the result appears here.").of(language()),
        "done",
    )
    return redirect(url_for("cases.show", case_number=case_number))
