"""The administrator's pages of people: finding, creating, and every act on one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.errors import Conflict, Refused
from app.texts import Text
from app.use_cases.administration.activate_person import activate_person
from app.use_cases.administration.add_membership import add_membership
from app.use_cases.administration.create_person import FirstPassword, NewPerson, create_person
from app.use_cases.administration.deactivate_person import deactivate_person
from app.use_cases.administration.end_membership import end_membership
from app.use_cases.administration.end_sessions import end_sessions
from app.use_cases.administration.list_people import STATES, list_people
from app.use_cases.administration.people_acts import VERB
from app.use_cases.administration.rename_person import rename_person
from app.use_cases.administration.reset_password import reset_password
from app.use_cases.administration.show_person import offered_places, show_person
from app.use_cases.administration.unlock_person import unlock_person
from app.use_cases.permissions import may, require
from app.web import session
from app.web.addresses import row_number
from app.web.pages.people_confirm import confirm_activate, confirm_deactivate, confirm_end_membership
from app.web.pages.people_page import new_person_page, people_page, person_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("people", __name__, url_prefix="/people")
MOST_PAGES = 10_000
MOST_TEXT = 200


@blueprint.get("")
@logged_in
def index() -> Any:
    """People by login, with where they work and whether they can log in."""
    g.nav_key = "people"
    asked = request.args
    state = asked.get("state", "") if asked.get("state", "") in STATES else ""
    query, role = asked.get("q", "")[:MOST_TEXT], asked.get("role", "")[:60]
    place, page = row_number(asked.get("organisation", "")), max(1, min(asked.get("page", 1, type=int), MOST_PAGES))
    found = list_people(actor(), query=query, state=state, organisation_id=place, role=role, page=page)
    shown = people_page(found, query, state, place, role, page)
    return render_template("people/index.html", page=shown)


@blueprint.route("/new", methods=["GET", "POST"])
@logged_in
def new() -> Any:
    """Creates a person; the first password is on the answer and never again."""
    g.nav_key = "people"
    places = offered_places(actor())
    if request.method == "GET":
        chosen = row_number(request.args.get("organisation", ""))
        offered = tuple(one for one in places if one.organisation_id == chosen) or places
        return render_template("people/new.html", page=new_person_page(offered, {}))
    given = {key: value[:MOST_TEXT] for key, value in request.form.items()}
    place, _, role = given.get("place", "").partition(":")
    entered = NewPerson(
        given.get("login", ""),
        given.get("name_zh", ""),
        given.get("name_en", ""),
        row_number(place) or 0,
        role,
        request.form.get("password", "")[:1000],
    )
    try:
        made = create_person(actor(), entered)
    except (Refused, Conflict) as error:
        return render_template("people/new.html", page=new_person_page(places, given, error.text)), 422
    return _handed_over(made, is_new=True)


@blueprint.get("/<int:person_id>")
@logged_in
def show(person_id: int) -> Any:
    """One person."""
    return _page(person_id)


@blueprint.post("/<int:person_id>/names")
@logged_in
def rename(person_id: int) -> Any:
    """Changes how somebody is called."""
    zh, en = request.form.get("name_zh", ""), request.form.get("name_en", "")
    return _do(
        person_id, lambda: rename_person(actor(), person_id, zh, en), Text("姓名已保存。", "The names are saved.")
    )


@blueprint.route("/<int:person_id>/deactivate", methods=["GET", "POST"])
@logged_in
def deactivate(person_id: int) -> Any:
    """Asks for the reason, then shuts somebody out."""
    g.nav_key = "people"
    if request.method == "GET":
        person = show_person(actor(), person_id, "")
        return render_template("confirm.html", page=confirm_deactivate(person))
    done = Text("账号已停用，所有登录已退出。", "The account is shut and every session has ended.")
    return _do(person_id, lambda: deactivate_person(actor(), person_id, request.form.get("reason", "")), done)


@blueprint.route("/<int:person_id>/activate", methods=["GET", "POST"])
@logged_in
def activate(person_id: int) -> Any:
    """Asks for the reason, then lets somebody in again."""
    g.nav_key = "people"
    if request.method == "GET":
        person = show_person(actor(), person_id, "")
        return render_template("confirm.html", page=confirm_activate(person))
    done = Text("账号已启用。", "The account is open again.")
    return _do(person_id, lambda: activate_person(actor(), person_id, request.form.get("reason", "")), done)


@blueprint.post("/<int:person_id>/unlock")
@logged_in
def unlock(person_id: int) -> Any:
    """Opens a log-in that wrong passwords have shut."""
    return _do(person_id, lambda: unlock_person(actor(), person_id), Text("已解锁。", "The log-in is open again."))


@blueprint.post("/<int:person_id>/password")
@logged_in
def reset(person_id: int) -> Any:
    """A new first password, which is on the answer and never again."""
    g.nav_key = "people"
    try:
        made = reset_password(actor(), person_id, request.form.get("password", "")[:1000])
    except Refused as error:
        flash(error.text.of(language()), "error")
        return redirect(url_for("people.show", person_id=person_id))
    return _handed_over(made, is_new=False)


@blueprint.post("/<int:person_id>/memberships")
@logged_in
def add_role(person_id: int) -> Any:
    """Gives a role at an organisation; the form sends both as one choice."""
    place, _, role = request.form.get("place", "").partition(":")
    done = Text("角色已增加，从下一次操作起生效。", "The role is added; it holds from the next page on.")
    return _do(person_id, lambda: add_membership(actor(), person_id, row_number(place) or 0, role[:60]), done)


@blueprint.route("/<int:person_id>/memberships/<int:membership_id>/end", methods=["GET", "POST"])
@logged_in
def end_role(person_id: int, membership_id: int) -> Any:
    """Asks for the reason, then takes a role away."""
    g.nav_key = "people"
    if request.method == "GET":
        person = show_person(actor(), person_id, "")
        return render_template("confirm.html", page=confirm_end_membership(person, membership_id))
    reason = request.form.get("reason", "")
    done = Text("角色已取消，从下一次操作起生效。", "The role is taken away; it holds from the next page on.")
    return _do(person_id, lambda: end_membership(actor(), person_id, membership_id, reason), done)


@blueprint.post("/<int:person_id>/sessions/end")
@logged_in
def end_all(person_id: int) -> Any:
    """Ends every session of somebody, but never the one that asks."""
    require(VERB, actor())  # everybody may end their own, but not on this page
    done = Text("登录已全部退出。", "All sessions have ended.")
    return _do(person_id, lambda: end_sessions(actor(), person_id, session.token() or ""), done)


def _do(person_id: int, act: Callable[[], object], done: Text) -> Any:
    try:
        act()
    except (Refused, Conflict) as error:
        flash(error.text.of(language()), "error")
    else:
        flash(done.of(language()), "done")
    return redirect(url_for("people.show", person_id=person_id))


def _page(person_id: int) -> str:
    g.nav_key = "people"
    person = show_person(actor(), person_id, session.token() or "")
    move_url = url_for("work.move", person_id=person_id) if may("reassign_tasks", actor()) else None
    audit_url = url_for("audit.index", person=person.login) if may("view_audit", actor()) else None
    shown = person_page(person, offered_places(actor()), move_url, audit_url)
    return render_template("people/show.html", page=shown)


def _handed_over(made: FirstPassword, *, is_new: bool) -> str:
    return render_template("people/password.html", made=made, is_new=is_new)
