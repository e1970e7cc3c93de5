"""The administrator's work: all open tasks, giving them to other people, what is stuck, and what runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from app.errors import Conflict, Refused
from app.texts import Text
from app.use_cases.permissions import require
from app.use_cases.reporting.count_running import count_running
from app.use_cases.stuck.find_stuck import list_stuck
from app.use_cases.stuck.mend import mend as mend_one
from app.use_cases.tasks.list_all_work import WorkQuery, list_all_work
from app.use_cases.tasks.move_work import holder_name, move_work
from app.use_cases.tasks.offer_again import offer_again, show_offer
from app.use_cases.tasks.plan_reassignment import EVENLY, UNCLAIMED, Target, plan_move, plan_reassignment
from app.use_cases.tasks.reassign_chosen import reassign_chosen
from app.use_cases.tasks.reassign_tasks import Reassigned
from app.web.addresses import row_number
from app.web.pages.reassign_page import reassign_page
from app.web.pages.running_page import running_page
from app.web.pages.stuck_page import end_question, put_away_question, stuck_page
from app.web.pages.work_page import work_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("work", __name__, url_prefix="/work")
MOST_CHOSEN = 200
PAGES = 10_000


@blueprint.get("")
@logged_in
def index() -> Any:
    """All open tasks, and who has how many."""
    g.nav_key = "work"
    given = request.args
    query = WorkQuery(
        filter=given.get("filter", ""),
        person_id=row_number(given.get("person", "")),
        role=given.get("role", ""),
        organisation_id=row_number(given.get("organisation", "")),
        process=given.get("process", ""),
        step=given.get("step", ""),
        words=given.get("q", "")[:100],
        page=max(1, min(given.get("page", 1, type=int), PAGES)),
    )
    return render_template("work/index.html", page=work_page(list_all_work(actor(), query)))


@blueprint.get("/reassign")
@logged_in
def reassign() -> Any:
    """Asks who shall have the chosen tasks, with each one's load before and after."""
    return _ask(request.args)


@blueprint.post("/reassign")
@logged_in
def reassign_now() -> Any:
    """Gives the chosen tasks to somebody."""
    require("reassign_tasks", actor())
    target = _target()
    if target is None:
        return _ask(request.form, NO_TARGET), 422
    try:
        done = reassign_chosen(actor(), _chosen(request.form), target, request.form.get("reason", ""))
    except Refused as refused:
        return _ask(request.form, refused.text), 422
    _tell(done)
    return redirect(url_for("work.index"))


@blueprint.get("/people/<int:person_id>/move")
@logged_in
def move(person_id: int) -> Any:
    """Asks who shall have all the work of a person, as when somebody leaves."""
    return _ask_move(person_id)


@blueprint.post("/people/<int:person_id>/move")
@logged_in
def move_now(person_id: int) -> Any:
    """Moves all of it in one act."""
    holder_name(actor(), person_id)
    target = _target()
    if target is None:
        return _ask_move(person_id, NO_TARGET), 422
    try:
        done = move_work(actor(), person_id, target, request.form.get("reason", ""))
    except Refused as refused:
        return _ask_move(person_id, refused.text), 422
    _tell(done)
    return redirect(url_for("work.index"))


@blueprint.get("/tasks/<int:task_id>/offer")
@logged_in
def offer(task_id: int) -> Any:
    """Asks to which other role a task shall be offered."""
    g.nav_key = "stuck"
    return render_template("work/offer.html", page=show_offer(actor(), task_id), error=None)


@blueprint.post("/tasks/<int:task_id>/offer")
@logged_in
def offer_now(task_id: int) -> Any:
    """Offers it."""
    found = show_offer(actor(), task_id)
    try:
        words = offer_again(actor(), task_id, request.form.get("role", ""), request.form.get("reason", ""))
    except Refused as refused:
        g.nav_key = "stuck"
        return make_response(render_template("work/offer.html", page=found, error=refused.text), 422)
    _say(words)
    return redirect(url_for("work.stuck"))


@blueprint.get("/stuck")
@logged_in
def stuck() -> Any:
    """What does not go on by itself, by cause, each with the act that mends it."""
    g.nav_key = "stuck"
    page = stuck_page(list_stuck(actor()), request.args.get("kind", ""))
    return render_template("work/stuck.html", page=page)


@blueprint.get("/stuck/put-away/<int:message_id>")
@logged_in
def put_away(message_id: int) -> Any:
    """Asks before a message is settled, which cannot be undone."""
    g.nav_key = "stuck"
    return render_template("confirm.html", page=put_away_question(list_stuck(actor()), str(message_id)))


@blueprint.post("/stuck/put-away/<int:message_id>")
@logged_in
def put_away_now(message_id: int) -> Any:
    """Settles it."""
    put_away_question(list_stuck(actor()), str(message_id))  # one that is not stuck is not there
    _say(mend_one(actor(), "put_away", str(message_id)))
    return redirect(url_for("work.stuck"))


@blueprint.get("/stuck/end/<int:instance_id>")
@logged_in
def end(instance_id: int) -> Any:
    """Asks before a process whose case is over is ended, which cannot be undone."""
    g.nav_key = "stuck"
    return render_template("confirm.html", page=end_question(list_stuck(actor()), str(instance_id)))


@blueprint.post("/stuck/end/<int:instance_id>")
@logged_in
def end_now(instance_id: int) -> Any:
    """Ends it."""
    end_question(list_stuck(actor()), str(instance_id))  # one that is not stuck is not there
    _say(mend_one(actor(), "end", str(instance_id)))
    return redirect(url_for("work.stuck"))


@blueprint.post("/stuck/mend")
@logged_in
def mend() -> Any:
    """Does the act of a row."""
    try:
        _say(mend_one(actor(), request.form.get("act", ""), request.form.get("key", "")))
    except (Refused, Conflict) as refused:
        _say(refused.text, "error" if isinstance(refused, Refused) else "note")
    return redirect(url_for("work.stuck", kind=request.form.get("kind") or None))


@blueprint.get("/processes")
@logged_in
def processes() -> Any:
    """The processes with their running instances and incidents."""
    g.nav_key = "running"
    return render_template("work/processes.html", page=running_page(count_running(actor())))


NO_TARGET = Text("请选择改派给谁。", "Please choose who shall have them.")


def _ask(given: MultiDict[str, str], error: Text | None = None) -> str:
    g.nav_key = "work"
    ids = [task_id for task_id, _ in _chosen(given)]
    page = reassign_page(plan_reassignment(actor(), ids), None, None, request.form, error)
    return render_template("work/reassign.html", page=page)


def _ask_move(person_id: int, error: Text | None = None) -> str:
    g.nav_key = "work"
    name = holder_name(actor(), person_id)
    page = reassign_page(plan_move(actor(), person_id), person_id, name, request.form, error)
    return render_template("work/reassign.html", page=page)


def _chosen(given: MultiDict[str, str]) -> list[tuple[int, int | None]]:
    """Tasks and the holders that the administrator saw, sent as "12:3", or "12:" for an unclaimed one."""
    found = []
    for value in given.getlist("task")[:MOST_CHOSEN]:
        task, _, holder = value.partition(":")
        number = row_number(task)
        if number is not None:
            found.append((number, row_number(holder)))
    return found


def _target() -> Target | None:
    given = request.form.get("to", "")
    return given if given in (EVENLY, UNCLAIMED) else row_number(given)


def _tell(done: Sequence[Reassigned]) -> None:
    if not done:
        _say(Text("分配已经平均，没有改动。", "They are spread evenly already; nothing was changed."), "note")
    moved = [one for one in done if one.refused is None]
    if moved:
        _say(Text(f"已改派 {len(moved)} 项。", f"{len(moved)} tasks were reassigned."))
    for one in done:
        if one.refused is not None:
            before = f"{one.case_number} " if one.case_number else ""
            _say(
                Text(
                    f"没有改派 {before}“{one.name.zh}”：{one.refused.zh}",
                    f'Not reassigned: {before}"{one.name.of("en")}". {one.refused.of("en")}',
                ),
                "error",
            )


def _say(text: Text, category: str = "done") -> None:
    flash(text.of(language()), category)
