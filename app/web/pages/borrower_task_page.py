"""A firm's task: the application form, a supplement, the offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.permissions import Actor
from app.use_cases.tasks.contracts_of_task import is_signed
from app.use_cases.tasks.show_task import TaskDetail
from app.web.page_models import CaseHead, ContractRow, OfferCard, Timing
from app.web.pages.contract_pages import contract_rows
from app.web.pages.form_part import conflict_note, form_part, head_without_link, task_head
from app.web.pages.offer_card import offer_card
from app.web.pages.shared import timing
from app.web.task_models import ConflictNote, FormPage, TaskHead

SIGN_INTRO = Text(
    "请打开合同读完全文再签署。签署后这项任务自动完成。",
    "Please open the contract and read all of it before you sign. The task ends by itself when you have signed.",
)


@dataclass(frozen=True)
class Missing:
    """Something that the firm still has to give, why, until when and where."""

    title: Text
    why: Text
    due_at: datetime | None
    url: str
    button: Text


@dataclass(frozen=True)
class BorrowerTaskPage:
    task: TaskHead
    case: CaseHead
    timing: Timing
    form: FormPage | None
    steps: tuple[Any, ...]
    intro: Text | None
    requests: tuple[Missing, ...]
    submit: Text
    back_url: str
    conflict: ConflictNote | None
    saved_words: Text | None
    offer: OfferCard | None
    contracts: tuple[ContractRow, ...] = ()


def borrower_task_page(actor: Actor, detail: TaskDetail, conflict: Any = None) -> BorrowerTaskPage:
    """The page of a firm's task."""
    task, file = detail.task, detail.file
    offers = [offer for offer in file.offers if offer.state == "open"]
    return BorrowerTaskPage(
        task=task_head(actor.person_id, detail),
        case=head_without_link(detail),
        timing=timing(task.created_at, task.due_at),
        form=form_part(actor, detail),
        steps=(),
        intro=SIGN_INTRO if is_signed(task) else None,
        requests=_requests(detail),
        submit=Text("提交", "Submit"),
        back_url=url_for("applications.progress", case_number=file.case.number),
        conflict=conflict_note(conflict, detail),
        saved_words=None,
        offer=offer_card(file, offers[-1]) if offers else None,
        contracts=contract_rows(detail.contracts, task.id),
    )


def _requests(detail: TaskDetail) -> tuple[Missing, ...]:
    """What was asked for: the task's variable `request`, a text or a list; one in both languages is {text, text_en}."""
    asked = (detail.task.variables or {}).get("request")
    lines = asked if isinstance(asked, list) else [asked]
    titles = [
        Text(str(line["text"]), str(line.get("text_en") or "")) if isinstance(line, dict) and "text" in line else line
        for line in lines
    ]
    return tuple(
        Missing(title if isinstance(title, Text) else Text(title), Text(""), detail.task.due_at, "", Text(""))
        for title in titles
        if isinstance(title, Text) or (isinstance(title, str) and title.strip())
    )
