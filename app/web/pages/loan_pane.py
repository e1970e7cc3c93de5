"""The loan beside a task that is about one: how it stands, what is due, what came, and who was talked to so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from app.forms import Form
from app.texts import Text
from app.use_cases.loans.loan_of_task import loan_of_task
from app.use_cases.loans.repayment_plan import NEXT, OVERDUE, PlanRow
from app.use_cases.permissions import may
from app.use_cases.tasks.show_task import TaskDetail
from app.web.page_models import Fact, Tag
from app.web.pages.loan_pages import PlanLine, ReceiptRow, loan_facts, loan_figures, plan_lines, receipt_rows
from app.web.pages.loan_words import class_tag, state_tag
from app.web.pages.shared import fact_groups, person
from app.web.session import actor
from app.web.texts import language

GAPS = (None, "", "—")
RECENT_RECEIPTS, FACTS_A_CONTACT = 3, 8


@dataclass(frozen=True)
class Contact:
    """What somebody noted in an earlier task of the same process: the result first, then what was entered."""

    at: datetime
    person: str
    step: Text
    result: Text | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class LoanPane:
    """`plan` holds the instalments that are late and the next one; `rows` is how many there are."""

    number: str
    url: str | None
    state: Tag
    asset_class: Tag
    figures: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    plan: tuple[PlanLine, ...]
    rows: int
    receipts: tuple[ReceiptRow, ...]
    received: int
    contacts: tuple[Contact, ...]


def loan_pane(detail: TaskDetail) -> LoanPane | None:
    """The pane; None where the number in the task's variables is no loan of its case."""
    found = loan_of_task(detail.task)
    if found is None:
        return None
    loan, receipts = found.loan, receipt_rows(found)
    url = url_for("loans.show", number=loan.number) if may("view_ledger", actor()) else None
    return LoanPane(
        number=loan.number,
        url=url,
        state=state_tag(loan),
        asset_class=class_tag(loan),
        figures=loan_figures(found),
        facts=loan_facts(found),
        plan=plan_lines(_near(found.plan)),
        rows=len(found.plan),
        receipts=receipts[:RECENT_RECEIPTS],
        received=len(receipts),
        contacts=_contacts(detail),
    )


def _near(plan: Sequence[PlanRow]) -> list[PlanRow]:
    return [row for row in plan if row.state in (OVERDUE, NEXT)]


def _contacts(detail: TaskDetail) -> tuple[Contact, ...]:
    """The answers of earlier tasks of this process in the case, newest first."""
    found = []
    for given in reversed(detail.file.answered):
        task = given.task
        if task is None or task.process_key != detail.task.process_key or task.id == detail.task.id:
            continue
        data = dict(given.answer.data)
        decision = data.pop("decision", None)
        labels = {o.value: o.label for part in given.form.fields if part.path == "decision" for o in part.options}
        facts = [
            fact
            for group in fact_groups(given.form, _named(detail, given.form, data))
            for fact in group.facts
            if fact.value not in GAPS
        ]
        who = person(detail.file.person(given.answer.person_id))
        result = labels.get(decision) if isinstance(decision, str) else None
        found.append(Contact(given.answer.at, who, task.name, result, tuple(facts[:FACTS_A_CONTACT])))
    return tuple(found)


def _named(detail: TaskDetail, form: Form, data: dict[str, Any]) -> dict[str, Any]:
    """The answers with the name of an organisation where the form asks for a party of the case by its code."""
    file = detail.file
    names = {one.unified_social_credit_code: one.name.of(language()) for one in file.organisations.values()}
    asked = {part.path for part in form.fields if "party" in part.properties}
    return {key: names.get(value, value) if key in asked else value for key, value in data.items()}
