"""The menu of each person: one table of lines, each with the rights that open its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, url_for

from app.texts import Text
from app.use_cases import clock
from app.use_cases.permissions import Actor, may
from app.use_cases.reporting.count_waiting import Waiting

NO_GROUP = Text("", "")
WORK, DATES, PEOPLE = ("work_on_tasks",), ("move_business_date",), ("administer_people",)
DESIGN, PLATFORM = Text("流程设计", "Design"), Text("平台", "Platform")


@dataclass(frozen=True)
class NavItem:
    """A line of the menu; `count` None has no number, `group` is a head that is printed once."""

    key: str
    label: Text
    icon: str
    url: str
    count: int | None = None
    group: Text = NO_GROUP


@dataclass(frozen=True)
class _Line:
    """A line as it is declared: any of `verbs` shows it (none: everybody), `counted` names a number of Waiting."""

    key: str
    label: Text
    icon: str
    endpoint: str
    verbs: tuple[str, ...] = ()
    group: Text = NO_GROUP
    counted: str = ""
    scope: str | None = None


FIRM = (
    _Line("mine", Text("我的申请", "My applications"), "home", "applications.mine", counted="firm"),
    _Line("catalogue", Text("申请融资", "Apply"), "file", "applications.catalogue"),
    _Line("my_loans", Text("我的贷款", "My loans"), "table", "loans.mine"),
    _Line("my_limits", Text("额度使用", "My limits"), "scale", "limits.own", ("view_own_limits",)),
    _Line("unread", Text("消息", "Messages"), "bell", "notifications.index", counted="unread"),
)
STAFF = (
    _Line(
        "mine",
        Text("我领取的", "Claimed by me"),
        "inbox",
        "tasks.inbox",
        ("work_on_tasks",),
        counted="mine",
        scope="mine",
    ),
    _Line(
        "unclaimed", Text("待领取", "Unclaimed"), "users", "tasks.inbox", WORK, counted="unclaimed", scope="unclaimed"
    ),
    _Line("cases", Text("全部申请", "Applications"), "file", "cases.index", ("view_cases", "view_all_cases")),
    _Line("compliance", Text("合规暂缓", "Compliance"), "flag", "compliance.index", ("manage_holds",), counted="holds"),
    _Line("firms", Text("企业", "Firms"), "home", "firms.index", ("view_cases", "view_all_cases")),
    _Line("loans", Text("贷款", "Loans"), "table", "loans.index", ("view_ledger",)),
    _Line("panel", Text("合作机构", "Panel"), "users", "panel.index", ("keep_panel",)),
    _Line("limits", Text("额度", "Limits"), "scale", "limits.index", ("view_limits",)),
    _Line("my_limits", Text("额度使用", "Use of limits"), "scale", "limits.own", ("view_own_limits",)),
    _Line("finance", Text("财务", "Finance"), "scale", "finance.index", ("view_ledger",)),
    _Line("sandbox_bank", Text("沙箱银行", "Sandbox bank"), "return", "sandbox_bank.show", ("simulate_credits",)),
    _Line(
        "business_date", Text("营业日期", "Business date"), "clock", "operations.business_date", ("move_business_date",)
    ),
    _Line("unread", Text("通知", "Notifications"), "bell", "notifications.index", counted="unread"),
    _Line("statistics", Text("运营看板", "Statistics"), "chart", "operations.index", ("view_statistics",), PLATFORM),
    _Line("work", Text("全部任务", "All tasks"), "inbox", "work.index", ("reassign_tasks",), PLATFORM),
    _Line("stuck", Text("卡住的工作", "Stuck work"), "warning", "work.stuck", ("retry_incidents",), PLATFORM),
    _Line("running", Text("运行中的流程", "What runs"), "flow", "work.processes", ("reassign_tasks",), PLATFORM),
    _Line(
        "definitions",
        Text("流程与规则", "Definitions"),
        "flow",
        "definitions.index",
        ("edit_definitions", "publish_definitions"),
        DESIGN,
        counted="drafts",
    ),
    _Line("people", Text("用户", "People"), "users", "people.index", PEOPLE, PLATFORM),
    _Line("organisations", Text("机构", "Organisations"), "home", "organisations.index", PEOPLE, PLATFORM),
    _Line("rights", Text("角色与权利", "Roles and rights"), "lock", "rights.index", PEOPLE, PLATFORM),
    _Line("sessions", Text("登录会话", "Sessions"), "user", "sessions.index", PEOPLE, PLATFORM),
    _Line("audit", Text("审计日志", "Audit log"), "search", "audit.index", ("view_audit",), PLATFORM),
)


def is_borrower(actor: Actor) -> bool:
    """Firms see their own frame."""
    return may("apply", actor)


def menu(actor: Actor | None, waiting: Waiting) -> tuple[NavItem, ...]:
    """The lines that the actor may open, in the table's order."""
    if actor is None:
        return ()
    counts = {
        "firm": waiting.mine + waiting.unclaimed,
        "mine": waiting.mine,
        "unclaimed": waiting.unclaimed,
        "unread": waiting.unread,
        "drafts": waiting.drafts,
        "holds": waiting.holds,
    }
    lines = FIRM if is_borrower(actor) else STAFF
    return tuple(_item(line, counts) for line in lines if _open_to(line, actor))


def _open_to(line: _Line, actor: Actor) -> bool:
    if line.key == "sandbox_bank" and not current_app.config["SETTINGS"].sandbox_bank:
        return False
    if line.key == "business_date" and clock.is_sealed():
        return False
    return not line.verbs or any(may(verb, actor) for verb in line.verbs)


def _item(line: _Line, counts: Mapping[str, int]) -> NavItem:
    url = url_for(line.endpoint, scope=line.scope) if line.scope else url_for(line.endpoint)
    return NavItem(line.key, line.label, line.icon, url, counts.get(line.counted), line.group)
