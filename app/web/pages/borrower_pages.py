"""A firm's pages: home, catalogue, progress, confirmations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.applications.milestones import GRANTED, milestone
from app.use_cases.applications.show_catalogue import CatalogueEntry
from app.use_cases.applications.show_progress import Progress
from app.use_cases.cases.case_file import CaseFile
from app.use_cases.cases.case_standing import CaseStanding
from app.use_cases.offers.preview_schedule import REPAYMENT_METHODS
from app.use_cases.permissions import Actor
from app.web.page_models import CaseHead, Empty, Fact, Link, OfferCard, Step
from app.web.pages.borrower_task_page import Missing
from app.web.pages.offer_card import offer_card
from app.web.pages.shared import case_head, stations
from app.web.texts import language

GO_ON = Text("去办理", "Open")
FIRM_ACTS = ("user_task", "signed", "pulled_back")  # what ends a thing that a message asked for


@dataclass(frozen=True)
class NextTask:
    title: Text
    text: Text
    due_at: datetime | None
    minutes: int | None
    url: str
    button: Text
    case_number: str


@dataclass(frozen=True)
class ApplicationCard:
    case_number: str
    product: Text
    amount: Decimal | None
    status: Text
    tone: str
    steps: tuple[Step, ...]
    updated_at: datetime
    url: str
    is_draft: bool


@dataclass(frozen=True)
class HomePage:
    company: str
    next_tasks: tuple[NextTask, ...]
    applications: tuple[ApplicationCard, ...]
    empty: Empty | None


@dataclass(frozen=True)
class ProductCard:
    key: str
    name: Text
    text: Text
    facts: tuple[Fact, ...]
    available: bool
    why_not: Text | None


@dataclass(frozen=True)
class CataloguePage:
    products: tuple[ProductCard, ...]


@dataclass(frozen=True)
class ConfirmPage:
    title: Text
    text: Text
    consequences: tuple[Text, ...]
    action_url: str
    button: Text
    danger: bool
    cancel_url: str
    reason: bool = False


@dataclass(frozen=True)
class MessageLine:
    """`done` is the first thing that the firm did after the message; None while it has done nothing since."""

    at: datetime
    person: str
    role: Text | None
    text: Text
    done: Text | None


@dataclass(frozen=True)
class Result:
    tone: str
    title: Text
    text: Text
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class ProgressPage:
    case: CaseHead
    amount: Decimal | None
    summary: tuple[Any, ...]
    next: NextTask | None
    waiting: Text | None
    also: Text | None
    also_url: str | None
    steps: tuple[Step, ...]
    result: Result | None
    offer: OfferCard | None
    missing: tuple[Missing, ...]
    contact: Any
    messages: tuple[MessageLine, ...]
    facts: tuple[Fact, ...]
    documents: int
    documents_url: str | None
    can_pull_back: bool
    can_delete: bool


def home_page(actor: Actor, files: Sequence[CaseStanding], tasks: Sequence[Any]) -> HomePage:
    """What the firm has to do, and all its applications."""
    by_case = {file.case.id: file for file in files}
    empty = Empty(
        Text("还没有申请", "No applications yet"),
        Text(
            "选一个产品，先建一份草稿；提交前随时可以删除。",
            "Choose a product and start a draft; you can delete it any time before you submit.",
        ),
        Link(Text("去申请", "Apply"), url_for("applications.catalogue")),
    )
    shown = [file for file in files if file.case.milestone != "deleted"]
    return HomePage(
        company=actor.organisation_name.of(language()),
        next_tasks=tuple(_next(task, by_case[task.case_id]) for task in tasks if task.case_id in by_case),
        applications=tuple(_card(file, {task.id for task in tasks}) for file in shown),
        empty=None if shown else empty,
    )


def _next(task: Any, file: CaseStanding) -> NextTask:
    draft = file.case.milestone in ("draft", "withdrawn")
    text = (
        Text("填好后提交，系统马上开始核验。", "Fill it in and submit; the checks begin at once.")
        if draft
        else Text("办完后申请才能往下走。", "The application goes on when this is done.")
    )
    return NextTask(task.name, text, task.due_at, None, url_for("tasks.show", task_id=task.id), GO_ON, file.case.number)


def _card(file: CaseStanding, own: set[int]) -> ApplicationCard:
    case, state = file.case, milestone(file.case.milestone)
    return ApplicationCard(
        case.number,
        file.product_name,
        case.amount,
        state.name,
        state.tone,
        stations(file, own=own),
        case.milestone_at,
        url_for("applications.progress", case_number=case.number),
        case.milestone == "draft",
    )


def catalogue_page(entries: Sequence[CatalogueEntry]) -> CataloguePage:
    """One card a product and funder."""
    return CataloguePage(
        tuple(
            ProductCard(
                f"{one.product_key}:{one.funder_id}",
                one.name,
                one.text,
                (Fact(Text("资金方", "Funder"), one.funder_name),),
                True,
                None,
            )
            for one in entries
        )
    )


def progress_page(progress: Progress) -> ProgressPage:
    """Next step first, then where the application stands."""
    file, case = progress.file, progress.file.case
    tasks = [_next(task, file) for task in progress.my_tasks]
    return ProgressPage(
        case=case_head(file, with_url=False),
        amount=case.amount,
        summary=tuple(
            part
            for part in (Text(f"{case.term_months} 个月", f"{case.term_months} months") if case.term_months else None,)
            if part
        ),
        next=tasks[0] if tasks else None,
        waiting=None if tasks or milestone(case.milestone).closed else _waiting(file),
        also=Text(f"另有 {len(tasks) - 1} 项要办。", f"{len(tasks) - 1} more to do.") if len(tasks) > 1 else None,
        also_url=tasks[1].url if len(tasks) > 1 else None,
        steps=stations(file, own={task.id for task in progress.my_tasks}),
        result=_result(progress),
        offer=offer_card(file, file.offers[-1]) if file.offers else None,
        missing=_missing(progress),
        contact=None,
        messages=_messages(progress),
        facts=_facts(file),
        documents=len(file.documents),
        documents_url=None,
        can_pull_back=progress.can_pull_back and case.milestone != "draft",
        can_delete=progress.can_delete,
    )


def _messages(progress: Progress) -> tuple[MessageLine, ...]:
    own = progress.file.parties.get("borrower")
    acts = [one for one in progress.file.history if one.kind in FIRM_ACTS and one.organisation_id == own]
    found = []
    for told in progress.messages:
        since = next((Text(one.name_zh, one.name_en) for one in acts if one.at > told.at), None)
        found.append(MessageLine(told.at, "", None, Text(told.text_zh, told.text_en), since))
    return tuple(found)


def _missing(progress: Progress) -> tuple[Missing, ...]:
    """Documents that an open task asks for and nobody has uploaded: each with its reason and one button."""
    given = {row.kind for row in progress.file.documents}
    found = []
    for task in progress.my_tasks:
        asked = [item for value in (task.variables or {}).values() if isinstance(value, list) for item in value]
        for item in asked:
            if isinstance(item, dict) and item.get("mandatory") is True and item.get("kind") not in given:
                why = Text(str(item.get("why") or ""), str(item.get("why_en") or ""))
                title = Text(str(item.get("name") or item["kind"]), str(item.get("name_en") or ""))
                url = url_for("tasks.show", task_id=task.id)
                found.append(Missing(title, why, task.due_at, url, Text("上传", "Upload")))
    return tuple(found)


def _waiting(file: CaseFile) -> Text:
    open_tasks = file.open_tasks
    if open_tasks:
        name = open_tasks[0].name
        return Text(f"正在等待：{name.zh}", f"Waiting for: {name.of('en')}")
    if file.case.milestone in GRANTED:
        return Text(
            "接下来的步骤由我行办理，有结果马上通知您。",
            "The bank does the next steps; you are told as soon as there is news.",
        )
    return Text("系统正在核验，通常几分钟内完成。", "The system is checking; this usually takes a few minutes.")


def _result(progress: Progress) -> Result | None:
    state = milestone(progress.file.case.milestone)
    if not state.closed and progress.file.case.milestone not in GRANTED:
        return None
    told = progress.messages[0] if progress.messages else None
    text = Text(told.text_zh, told.text_en) if told else Text("")
    return Result(state.tone if state.tone != "grey" else "blue", state.name, text, ())


def _facts(file: CaseFile) -> tuple[Fact, ...]:
    case = file.case
    method = REPAYMENT_METHODS.get(case.repayment_method or "")
    funder = file.party("funder")
    facts = [
        Fact(Text("产品", "Product"), file.product_name),
        Fact(Text("资金方", "Funder"), funder.name if funder else None),
        Fact(Text("金额（元）", "Amount (CNY)"), case.amount, "money"),
        Fact(Text("期限（月）", "Term (months)"), case.term_months, "count"),
    ]
    if method:
        facts.append(Fact(Text("还款方式", "Repayment"), method))
    return tuple(facts)
