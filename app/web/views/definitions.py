"""The analyst's desk: what is in force, uploads and drafts, differences, publication by a second person."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for

from app.errors import Conflict, DefinitionRefused, FourEyes, NotFound, ProductError, Refused
from app.texts import Text
from app.use_cases.definitions.file_kinds import FOLDERS, path_at
from app.use_cases.definitions.keep_draft import check_only, restore_version, upload_draft
from app.use_cases.definitions.list_definitions import list_definitions
from app.use_cases.definitions.publish_draft import publish_draft, withdraw_draft
from app.use_cases.definitions.show_definition import compare_versions, open_file, show_definition
from app.use_cases.definitions.show_draft import open_draft_file, show_draft
from app.use_cases.definitions.show_replay import show_replay
from app.use_cases.permissions import require
from app.web.addresses import row_number
from app.web.pages.definition_pages import compare_page, definition_page, definitions_page
from app.web.pages.draft_pages import draft_page, upload_page
from app.web.pages.replay_page import replay_page
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("definitions", __name__)
MOST_NAME = 200
MOST_SHOWN_NOTE = 500


@blueprint.get("/definitions")
@logged_in
def index() -> Any:
    """Everything in force of one kind, and the drafts."""
    g.nav_key = "definitions"
    kind = request.args.get("kind", "")
    found = list_definitions(actor())
    return render_template(
        "definitions/index.html", page=definitions_page(found, kind if kind in FOLDERS else "processes")
    )


@blueprint.get("/definitions/<kind>/<name>")
@logged_in
def show(kind: str, name: str) -> Any:
    """One file with its versions."""
    g.nav_key = "definitions"
    return render_template("definitions/show.html", page=definition_page(show_definition(actor(), _path(kind, name))))


@blueprint.get("/definitions/<kind>/<name>/versions/<int:number>")
@logged_in
def file(kind: str, name: str, number: int) -> Any:
    """The file of one version."""
    path = _path(kind, name)
    return _download(open_file(actor(), path, number), path)


@blueprint.get("/definitions/<kind>/<name>/differences")
@logged_in
def compare(kind: str, name: str) -> Any:
    """Two versions beside each other."""
    g.nav_key = "definitions"
    before, after = (row_number(request.args.get(key, "1")) or 0 for key in ("before", "after"))
    return render_template(
        "definitions/compare.html", page=compare_page(compare_versions(actor(), _path(kind, name), before, after))
    )


@blueprint.post("/definitions/<kind>/<name>/versions/<int:number>/restore")
@logged_in
def restore(kind: str, name: str, number: int) -> Any:
    """Makes a draft of an older version."""
    path, note = _path(kind, name), request.form.get("note", "")
    try:
        upload = restore_version(actor(), path, number, note)
    except Refused as error:
        flash(error.text.of(language()), "error")
        return redirect(url_for("definitions.show", kind=kind, name=name))
    if upload.draft_id is None:
        g.nav_key = "definitions"
        page = upload_page(upload, note, 0, only_checked=False)
        return render_template("definitions/upload.html", page=page), 422
    return _to_draft(upload.draft_id)


@blueprint.post("/definitions/uploads")
@logged_in
def upload() -> Any:
    """Checks files, and keeps them as a draft unless only checking was asked for."""
    g.nav_key = "definitions"
    require("edit_definitions", actor())
    note, seen = request.form.get("note", "")[:MOST_SHOWN_NOTE], row_number(request.form.get("seen", ""))
    only_checked = request.form.get("act") == "check"
    try:
        files = _sent_files()
        found = check_only(actor(), files) if only_checked else upload_draft(actor(), files, note, seen)
    except (Refused, Conflict) as error:
        page = upload_page(None, note, seen or 0, only_checked=only_checked, error=error.text)
        status = 409 if isinstance(error, Conflict) else 422
        return render_template("definitions/upload.html", page=page), status
    if found.draft_id is not None:
        return _to_draft(found.draft_id)
    page = upload_page(found, note, seen or 0, only_checked=only_checked)
    return render_template("definitions/upload.html", page=page), 422 if found.checked.refused else 200


@blueprint.get("/definitions/drafts/<int:draft_id>")
@logged_in
def draft(draft_id: int) -> Any:
    """One draft with its differences."""
    g.nav_key = "definitions"
    return render_template("definitions/draft.html", page=draft_page(show_draft(actor(), draft_id)))


@blueprint.get("/definitions/drafts/<int:draft_id>/replay")
@logged_in
def replay(draft_id: int) -> Any:
    """What a draft's table would have decided otherwise."""
    g.nav_key = "definitions"
    since = _day(request.args.get("since", ""))
    shown = show_replay(actor(), draft_id, request.args.get("decision", ""), since)
    return render_template("definitions/replay.html", page=replay_page(shown))


@blueprint.get("/definitions/drafts/<int:draft_id>/<kind>/<name>")
@logged_in
def draft_file(draft_id: int, kind: str, name: str) -> Any:
    """One file of a draft."""
    path = _path(kind, name)
    return _download(open_draft_file(actor(), draft_id, path), path)


@blueprint.post("/definitions/drafts/<int:draft_id>/publish")
@logged_in
def publish(draft_id: int) -> Any:
    """Puts a draft in force."""
    require("publish_definitions", actor())
    try:
        done = [one for one in publish_draft(actor(), draft_id) if one.changed]
    except (DefinitionRefused, Conflict, FourEyes) as error:
        return _not_published(draft_id, error)
    words = Text(
        f"已发布，{len(done)} 个流程有了新版本；在办的案件继续用原来的版本。",
        f"Published: {len(done)} processes have a new release; running cases keep theirs.",
    )
    flash(words.of(language()), "done")
    return redirect(url_for("definitions.draft", draft_id=draft_id))


def _not_published(draft_id: int, error: ProductError) -> Any:
    g.nav_key = "definitions"
    refused = error.problems if isinstance(error, DefinitionRefused) else ()
    page = draft_page(show_draft(actor(), draft_id), refused, None if refused else error.text)
    status = 403 if isinstance(error, FourEyes) else 409 if isinstance(error, Conflict) else 422
    return render_template("definitions/draft.html", page=page), status


@blueprint.post("/definitions/drafts/<int:draft_id>/withdraw")
@logged_in
def withdraw(draft_id: int) -> Any:
    """Closes a draft without publishing it."""
    try:
        withdraw_draft(actor(), draft_id, request.form.get("reason", ""))
    except Refused as error:
        flash(error.text.of(language()), "error")
    else:
        flash(
            Text("草稿已撤回，原因已留在历史里。", "The draft is withdrawn; the history keeps why.").of(language()),
            "done",
        )
    return redirect(url_for("definitions.draft", draft_id=draft_id))


def _day(text: str) -> date | None:
    """The day that a form sent; none, or one that is none, is the page's own choice."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _path(kind: str, name: str) -> str:
    path = path_at(kind, name)
    if path is None:
        raise NotFound
    return path


def _sent_files() -> dict[str, bytes]:
    """The files of the form by their names; two of one name would hide each other."""
    found: dict[str, bytes] = {}
    for sent in request.files.getlist("files"):
        name = (sent.filename or "").replace("\\", "/").rpartition("/")[2][:MOST_NAME]
        if not name:
            continue
        if name in found:
            raise Refused(f"有两个文件都叫“{name}”。", f'Two of the files are called "{name}".')
        found[name] = sent.read()
    return found


def _to_draft(draft_id: int) -> Any:
    words = Text(
        "检查通过，已存为草稿，等另一位分析师发布。", "Checked and kept as a draft; another analyst publishes it."
    )
    flash(words.of(language()), "done")
    return redirect(url_for("definitions.draft", draft_id=draft_id))


def _download(content: bytes, path: str) -> Any:
    return send_file(
        BytesIO(content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=path.rpartition("/")[2],
    )
