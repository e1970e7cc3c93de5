"""The form of a task's page."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.errors import Conflict
from app.texts import Text
from app.use_cases.administration.fresh_log_in import is_fresh, password_given_at
from app.use_cases.permissions import Actor, may
from app.use_cases.tasks.contracts_of_task import is_signed
from app.use_cases.tasks.show_task import TaskDetail
from app.web import present
from app.web.page_models import CaseHead
from app.web.pages.shared import case_head, person
from app.web.session import token as session_token
from app.web.task_models import ConflictNote, FormPage, FreshLogIn, TaskHead


def form_part(actor: Actor, detail: TaskDetail, password_error: Text | None = None) -> FormPage | None:
    """The form with its nodes, errors and addresses; None where the task has no form."""
    if detail.form is None:
        return None
    task_id = detail.task.id
    return FormPage(
        nodes=detail.nodes,
        errors=detail.errors,
        version=detail.task.id,
        draft_saved_at=detail.draft_saved_at,
        draft_url=url_for("tasks.draft", task_id=task_id),
        preview_url=url_for("tasks.preview", task_id=task_id),
        documents=_documents(actor, detail),
        multipart=True,
        readonly=detail.readonly,
        fresh_log_in=_fresh_log_in(detail, password_error),
    )


def _fresh_log_in(detail: TaskDetail, error: Text | None) -> FreshLogIn | None:
    if detail.act is None or not detail.act.fresh or not detail.mine:
        return None
    token = session_token()
    return FreshLogIn(token is None or not is_fresh(password_given_at(token)), error)


def _documents(actor: Actor, detail: TaskDetail) -> dict[str, dict[str, Any]]:
    """{document id: name, url, note} for the fields that hold numbers: whatever a browser sent, only what it may know.

    People who see tasks only (a firm, a core enterprise) know the files of their own side.
    """
    sees_case = may("view_cases", actor) or may("view_all_cases", actor)
    return {
        str(row.id): {
            "name": row.filename,
            "url": url_for("documents.show", document_id=row.id),
            "note": present.size(row.size),
        }
        for row in detail.file.documents
        if sees_case or row.organisation_id == actor.organisation_id
    }


def task_head(person_id: int, detail: TaskDetail, *, has_next: bool = False) -> TaskHead:
    """Who has the task and what the reader may do with it."""
    task = detail.task
    if task.state != "open":
        state = task.state
    elif task.claimed_by is None:
        state = "open"
    else:
        state = "mine" if task.claimed_by == person_id else "other"
    who = task.done_by if state == "done" else task.claimed_by
    return TaskHead(
        task_id=task.id,
        name=task.name,
        state=state,
        assignee=person(detail.file.person(who)) or None,
        claimed_at=task.claimed_at,
        done_at=task.done_at,
        can_claim=state == "open" and detail.mine,
        can_release=state == "mine",
        can_complete=detail.mine and not is_signed(task),
        has_next=has_next,
        sign_url=_sign_url(detail),
    )


def _sign_url(detail: TaskDetail) -> str | None:
    """Where the reader signs what ends the task; None where the turn is not theirs (any more)."""
    if not is_signed(detail.task) or not detail.mine:
        return None
    waiting = [one.number for one in detail.contracts if one.to_sign]
    return url_for("contracts.show", number=waiting[0], task=detail.task.id) if waiting else None


def conflict_note(conflict: Conflict | None, detail: TaskDetail) -> ConflictNote | None:
    """Who was first and when; what was typed stands in the form's draft."""
    if conflict is None:
        return None
    task, at = detail.task, present.short(conflict.at)
    by = detail.file.person(task.done_by if task.state == "done" else task.claimed_by)
    if by is not None and conflict.at is not None and task.state == "done":
        title = Text(f"这项任务已由{by.zh}在 {at} 办理", f"{by.of('en')} already did this task at {at}")
    elif by is not None and conflict.at is not None and task.state == "open":
        title = Text(f"这项任务已由{by.zh}在 {at} 领取", f"{by.of('en')} claimed this task at {at}")
    else:
        title = conflict.text
    kept = Text(
        "您填写的内容没有提交，已存为草稿，仍在下面。",
        "What you typed was not submitted; it was kept as a draft and stands below.",
    )
    return ConflictNote(title, kept)


def head_without_link(detail: TaskDetail) -> CaseHead:
    """The case's head for people who may not open the case itself."""
    return case_head(detail.file, with_url=False)
