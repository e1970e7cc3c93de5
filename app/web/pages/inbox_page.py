"""The inbox page."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.permissions import Actor, may
from app.use_cases.tasks.count_inbox import OTHERS
from app.use_cases.tasks.list_inbox import PAGE_SIZE, Inbox, InboxLine, InboxQuery
from app.web.page_models import Chip, Choice, Empty, InboxPage, InboxRow, Link, Tag
from app.web.pages.shared import pager, timing
from app.web.texts import language

TITLES = {
    "mine": Text("我领取的", "Claimed by me"),
    "unclaimed": Text("待领取", "Unclaimed"),
    "all": Text("我的待办", "My tasks"),
}
FILTERS = {
    "": (Text("全部", "All"), ""),
    "late": (Text("已超时", "Late"), "red"),
    "soon": (Text("2 小时内", "Within 2 hours"), "amber"),
    "today": (Text("今天到期", "Due today"), ""),
    "again": (Text("多轮", "Later rounds"), ""),
    OTHERS: (Text("须他人办理", "For somebody else"), ""),
}
SORTS = {
    "due": Text("时限最近", "Time left"),
    "entered": Text("最新进入", "Newest first"),
    "amount": Text("金额最大", "Largest amount"),
    "priority": Text("优先级", "Priority"),
}
ALL = Text("全部", "All")
# kinds of organisation whose own process is not drawn yet
COMES_LATER = {
    "debt_buyer": Text(
        "债权转让流程还没有开通。银行挂出可竞买的资产包后，会作为任务出现在这里，并发通知给您。",
        "The transfer of debts is not open yet. Packages that a bank offers will appear here, and you are told.",
    ),
}


def inbox_page(actor: Actor, inbox: Inbox) -> InboxPage:
    """The page of an inbox."""
    query = inbox.query
    rows = tuple(_row(actor, line) for line in inbox.lines)
    return InboxPage(
        title=TITLES.get(query.scope, TITLES["all"]),
        scope=query.scope,
        chips=tuple(
            Chip(key, name, inbox.counts.get(key, 0), key == query.filter, _address(query, filter=key, page=1), tone)
            for key, (name, tone) in FILTERS.items()
            if key != OTHERS or inbox.counts.get(key) or query.filter == key
        ),
        steps=_choices(Text("全部环节", "All steps"), inbox.steps, query.step),
        products=_choices(Text("全部产品", "All products"), inbox.products, query.product),
        sorts=tuple(Choice(key, name, key == query.sort) for key, name in SORTS.items()),
        query=query.words,
        filter_key=query.filter,
        rows=rows,
        pager=pager(query.page, PAGE_SIZE, inbox.total, lambda page: _address(query, page=page)),
        empty=None if inbox.lines else _empty(actor, query, inbox),
        poll_url=url_for("tasks.inbox_counts", scope=query.scope),
        stamp=inbox.stamp,
        show_rating=any(row.grade for row in rows),
    )


def _address(query: InboxQuery, **changes: object) -> str:
    values: dict[str, Any] = {
        "scope": query.scope,
        "filter": query.filter,
        "step": query.step,
        "product": query.product,
        "sort": query.sort,
    }
    values |= {"q": query.words, "page": query.page} | changes
    if values["page"] == 1:
        values.pop("page")
    return url_for("tasks.inbox", **{key: value for key, value in values.items() if value})


def _choices(first: Text, offered: tuple[tuple[str, Text], ...], selected: str) -> tuple[Choice, ...]:
    return (Choice("", first, not selected), *(Choice(key, name, key == selected) for key, name in offered))


def _row(actor: Actor, line: InboxLine) -> InboxRow:
    task, case = line.task, line.case
    mine = task.claimed_by == actor.person_id
    # a custodian's or core enterprise's people see their tasks only: what a firm asks for and is rated is not theirs
    reads = may("view_cases", actor) or may("view_all_cases", actor) or may("apply", actor)
    tags = []
    if task.round > 1:
        tags.append(Tag("violet", Text(f"第 {task.round} 轮", f"Round {task.round}")))
    if case.channel != "online":
        tags.append(Tag("grey", Text("代录入", "Entered by staff")))
    if line.barred:
        tags.append(Tag("amber", Text("须他人办理", "for somebody else")))
    return InboxRow(
        task_id=task.id,
        case_number=case.number,
        company=case.applicant_name,
        step=task.name,
        product=line.product,
        amount=case.amount if reads else None,
        grade=case.rating if reads else None,
        score=case.score if reads else None,
        assignee=line.assignee.of(language()) if line.assignee else None,
        is_mine=mine,
        can_claim=task.claimed_by is None and not line.barred,
        can_open=True,
        entered_at=task.created_at,
        timing=timing(task.created_at, task.due_at),
        tags=tuple(tags),
    )


def _empty(actor: Actor, query: InboxQuery, inbox: Inbox) -> Empty:
    narrowed = query.filter or query.step or query.product or query.words
    if narrowed and inbox.counts.get("", 0):
        count = inbox.counts[""]
        return Empty(
            Text("没有符合筛选的任务", "No task fits these filters"),
            Text(f"去掉筛选有 {count} 项。", f"Without them there are {count}."),
            Link(Text("清除全部筛选", "Clear all filters"), url_for("tasks.inbox", scope=query.scope)),
        )
    free = inbox.scopes.get("unclaimed", 0)
    if query.scope == "mine" and free:
        return Empty(
            Text("您手上的任务都办完了", "All your tasks are done"),
            Text(f"待领取里还有 {free} 项。", f"{free} wait to be claimed."),
            Link(Text("去领取", "Claim some"), url_for("tasks.inbox", scope="unclaimed")),
        )
    return Empty(
        Text("现在没有待办", "There is nothing to do now"),
        COMES_LATER.get(
            actor.organisation_kind,
            Text("有新任务时会出现在这里，页面会自动提示。", "New tasks appear here; the page tells you by itself."),
        ),
    )
