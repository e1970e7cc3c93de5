"""What is asked before an account is shut or opened, or a role is taken away."""

from __future__ import annotations

from flask import url_for

from app.errors import NotFound
from app.texts import Text
from app.use_cases.administration.show_person import PersonShown
from app.web.pages.borrower_pages import ConfirmPage


def confirm_deactivate(person: PersonShown) -> ConfirmPage:
    """Says what ends with it."""
    consequences = [
        Text("不能再登录；所有登录马上退出。", "No log-in any more; every session ends at once."),
        Text(
            f"手上领取的 {person.open_tasks} 项待办不会自动转走，停用后请在此人的页面转交。"
            if person.open_tasks
            else "手上没有领取的待办。",
            f"Claimed tasks ({person.open_tasks}) stay where they are; move them from the person's page afterwards."
            if person.open_tasks
            else "No tasks are in hand.",
        ),
        Text(
            "过去的操作和审计记录都保留，以后可以再启用。",
            "Everything done before stays on record; the account can be opened again.",
        ),
    ]
    return ConfirmPage(
        Text(f"停用 {person.name.zh} 的账号？", f"Shut the account of {person.name.of('en')}?"),
        Text(f"账号 {person.login}", f"Login {person.login}"),
        tuple(consequences),
        url_for("people.deactivate", person_id=person.id),
        Text("停用", "Shut the account"),
        True,
        url_for("people.show", person_id=person.id),
        reason=True,
    )


def confirm_activate(person: PersonShown) -> ConfirmPage:
    """Says what comes back with it."""
    roles = Text(
        "、".join(f"{one.organisation.zh}{one.role.zh}" for one in person.held) or "没有任何角色",
        "; ".join(f"{one.role.of('en')} at {one.organisation.of('en')}" for one in person.held) or "no role at all",
    )
    return ConfirmPage(
        Text(f"启用 {person.name.zh} 的账号？", f"Open the account of {person.name.of('en')} again?"),
        Text(f"账号 {person.login}", f"Login {person.login}"),
        (
            Text(f"仍然是：{roles.zh}。", f"Still: {roles.en}."),
            Text("原来的密码仍然有效；不确定就重置密码。", "The old password works; reset it if you are not sure."),
        ),
        url_for("people.activate", person_id=person.id),
        Text("启用", "Open the account"),
        False,
        url_for("people.show", person_id=person.id),
        reason=True,
    )


def confirm_end_membership(person: PersonShown, membership_id: int) -> ConfirmPage:
    """Raises NotFound for a membership that the person does not have."""
    held = next((one for one in person.held if one.id == membership_id), None)
    if held is None:
        raise NotFound
    return ConfirmPage(
        Text(
            f"取消 {person.name.zh} 在{held.organisation.zh}的角色“{held.role.zh}”？",
            f"Take the role {held.role.of('en')} at {held.organisation.of('en')} away from {person.name.of('en')}?",
        ),
        Text("", ""),
        (
            Text(
                "从此人的下一次操作起生效，不必重新登录。",
                "It holds from the person's next page on, without a new log-in.",
            ),
            Text(
                "已领取的待办留在此人名下，需要的话请转交。",
                "Tasks that were claimed stay with the person; move them if needed.",
            ),
        ),
        url_for("people.end_role", person_id=person.id, membership_id=membership_id),
        Text("取消角色", "Take the role away"),
        True,
        url_for("people.show", person_id=person.id),
        reason=True,
    )
