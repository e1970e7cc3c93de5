"""The inbox and the pages on which people do their tasks."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, jsonify, make_response, redirect, render_template, request, url_for

from app.errors import Conflict, FourEyes, InvalidForm, Refused
from app.texts import Text
from app.use_cases.administration.fresh_log_in import FreshLogInNeeded, give_password, password_given_at
from app.use_cases.administration.log_in import LogInRefused
from app.use_cases.tasks.claim_task import claim_many as claim_each
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.complete_task import complete_task
from app.use_cases.tasks.count_inbox import count_inbox
from app.use_cases.tasks.list_inbox import InboxQuery, list_inbox, neighbours
from app.use_cases.tasks.release_task import release_task
from app.use_cases.tasks.save_draft import save_draft
from app.use_cases.tasks.show_task import TaskDetail, show_task
from app.web import present
from app.web.addresses import row_number
from app.web.errors import wants_json
from app.web.menu import is_borrower
from app.web.pages.borrower_task_page import borrower_task_page
from app.web.pages.form_part import form_part
from app.web.pages.inbox_page import inbox_page
from app.web.pages.task_page import task_page
from app.web.posted_form import posted_entries
from app.web.session import actor, logged_in
from app.web.session import token as session_token
from app.web.texts import language

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/inbox")
@logged_in
def inbox() -> Any:
    """Open tasks of the person's roles."""
    query = _query()
    g.nav_key = query.scope
    return render_template("tasks/inbox.html", page=inbox_page(actor(), list_inbox(actor(), query)))


@blueprint.get("/inbox/counts")
@logged_in
def inbox_counts() -> Any:
    """The counters as JSON, for the page that polls."""
    found = count_inbox(actor(), _query().scope)
    chips = {key or "all": count for key, count in found.filters.items()}
    return jsonify(chips=chips | dict(found.filters), nav=dict(found.scopes), stamp=found.stamp)


def _query() -> InboxQuery:
    given = request.args
    return InboxQuery(
        scope=given.get("scope", "all"),
        filter=given.get("filter", ""),
        step=given.get("step", ""),
        product=given.get("product", ""),
        sort=given.get("sort", "due"),
        words=given.get("q", "")[:100],
        page=max(1, min(given.get("page", 1, type=int), 10_000)),
    )


@blueprint.get("/tasks/<int:task_id>")
@logged_in
def show(task_id: int) -> Any:
    """A task with its facts and form."""
    return _page(show_task(actor(), task_id), 200)


def _page(detail: TaskDetail, status: int, conflict: Conflict | None = None, password_error: Text | None = None) -> Any:
    who = actor()
    if is_borrower(who):
        g.nav_key = "mine"
        body = render_template(
            "applications/form.html", page=borrower_task_page(who, detail, conflict), page_url=_address(detail)
        )
    else:
        g.nav_key = "all"
        tab, around = request.args.get("tab", ""), neighbours(who, detail.task.id)
        page = task_page(who, detail, tab, around, conflict, password_error)
        body = render_template("tasks/show.html", page=page, page_url=_address(detail))
    return make_response(body, status)


def _address(detail: TaskDetail) -> str:
    return url_for("tasks.show", task_id=detail.task.id)


@blueprint.post("/tasks/<int:task_id>/complete")
@logged_in
def complete(task_id: int) -> Any:
    """Submits the form and moves the case on."""
    who = actor()
    entered = posted_entries(who, task_id)
    if entered.again:
        return _page(
            show_task(who, task_id, entered=entered.values, errors=entered.errors), 200 if not entered.errors else 422
        )
    following = neighbours(who, task_id)[3] if request.form.get("next") else None
    try:
        done = complete_task(who, task_id, entered.values, logged_in_at=_logged_in_at())
    except InvalidForm as error:
        return _page(show_task(who, task_id, entered=entered.values, errors=error.errors), 422)
    except Conflict as error:
        return _page(show_task(who, task_id, entered=entered.values), 409, error)
    except (FreshLogInNeeded, LogInRefused) as error:
        wrong = Text("密码不正确，没有提交。", "The password is not right; nothing was submitted.")
        text, status = (wrong, 422) if isinstance(error, LogInRefused) else (error.text, 403)
        return _page(show_task(who, task_id, entered=entered.values), status, password_error=text)
    except (Refused, FourEyes) as error:
        _say(error.text, "error")
        return _page(show_task(who, task_id, entered=entered.values), 422 if isinstance(error, Refused) else 403)
    _say(Text(f"已提交 {done.case_number}。", f"{done.case_number} was submitted."))
    if is_borrower(who):
        return redirect(url_for("applications.progress", case_number=done.case_number))
    return redirect(url_for("tasks.show", task_id=following) if following else url_for("tasks.inbox"))


def _logged_in_at() -> datetime | None:
    """When the password was last given, where the page said that its act asks for that; one that came is checked."""
    token = session_token()
    if token is None or "fresh_log_in" not in request.form:
        return None
    given = request.form.get("password", "")
    return give_password(token, given, request.remote_addr or "") if given else password_given_at(token)


@blueprint.post("/tasks/<int:task_id>/draft")
@logged_in
def draft(task_id: int) -> Any:
    """Keeps what was typed."""
    entered = posted_entries(actor(), task_id)
    try:
        saved_at = save_draft(actor(), task_id, entered.values)
    except Conflict as error:
        if wants_json():
            raise
        return _page(show_task(actor(), task_id, entered=entered.values), 409, error)
    if wants_json():
        return jsonify(saved_at=present.clock(saved_at))
    _say(Text("草稿已保存。", "The draft was saved."))
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/preview")
@logged_in
def preview(task_id: int) -> Any:
    """The form's body as it looks with what is entered now: conditions, rows, bounds."""
    entered = posted_entries(actor(), task_id)
    detail = show_task(actor(), task_id, entered=entered.values, errors=entered.errors)
    return render_template("parts/form_preview.html", form=form_part(actor(), detail))


@blueprint.post("/tasks/<int:task_id>/claim")
@logged_in
def claim(task_id: int) -> Any:
    """Makes a task one's own; what was typed before is kept as a draft."""
    entered = posted_entries(actor(), task_id).values if len(request.form) > 2 else None
    try:
        claim_task(actor(), task_id)
        if entered is not None:
            save_draft(actor(), task_id, entered)
    except Conflict as error:
        if entered is not None:
            with suppress(Conflict):  # it says the same once more
                save_draft(actor(), task_id, entered)
        return _page(show_task(actor(), task_id, entered=entered), 409, error)
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/claim")
@logged_in
def claim_many() -> Any:
    """Claims all that were selected and are still free."""
    given = (row_number(value) for value in request.form.getlist("task_id")[:200])
    chosen = [number for number in given if number is not None]
    claimed, missed = claim_each(actor(), chosen)
    if not chosen:
        _say(Text("没有勾选任务。", "No task was selected."), "note")
    else:
        lost_zh, lost_en = (
            (f"，{missed} 项已被别人领取或不能领取", f"; {missed} were taken or cannot be claimed")
            if missed
            else ("", "")
        )
        _say(Text(f"领取了 {claimed} 项{lost_zh}。", f"{claimed} claimed{lost_en}."))
    return redirect(url_for("tasks.inbox", scope="mine"))


@blueprint.post("/tasks/<int:task_id>/release")
@logged_in
def release(task_id: int) -> Any:
    """Gives a task back."""
    release_task(actor(), task_id)
    _say(Text("已放回待领取。", "The task was given back."))
    return redirect(url_for("tasks.inbox"))


def _say(text: Text, category: str = "done") -> None:
    flash(text.of(language()), category)
