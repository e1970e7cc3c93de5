"""What a browser posted for a task: its form's entries, with files taken in and replaced by their document numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from app.errors import Conflict, FieldError
from app.forms import Posted, rearranges
from app.texts import Text
from app.use_cases.documents.upload_document import BadFile, upload_document
from app.use_cases.permissions import Actor
from app.use_cases.tasks.show_task import task_form

MAX_FILES = 20


@dataclass(frozen=True)
class Entries:
    """`values` are read by the task's form; `again` says to show the form once more instead of submitting it."""

    values: Posted
    errors: tuple[FieldError, ...]
    again: bool


def posted_entries(actor: Actor, task_id: int) -> Entries:
    """Reads the request; a file that cannot be taken is an error beside its field, and everything else is kept."""
    given: MultiDict[str, Any] = MultiDict(request.form)
    errors = _take_files(actor, task_id, given)
    return Entries(Posted(given), tuple(errors), bool(errors) or rearranges(given))


def _take_files(actor: Actor, task_id: int, given: MultiDict[str, Any]) -> list[FieldError]:
    errors = []
    uploads = [(name, file) for name, file in request.files.items(multi=True) if file.filename]
    for name, file in uploads[:MAX_FILES]:
        try:
            content = file.stream.read()
            taken = upload_document(
                actor, task_id, kind=name.rsplit(".", 1)[-1], filename=file.filename or "", content=content
            )
            given.add(name, str(taken.document_id))
        except BadFile as error:
            errors.append(FieldError(name, _label(actor, task_id, name), error.text))
        except Conflict:
            break  # the task is gone; the act that follows says so and keeps what was typed
    if len(uploads) > MAX_FILES:
        text = Text(f"一次最多上传 {MAX_FILES} 个文件。", f"At most {MAX_FILES} files can be uploaded at once.")
        name = uploads[MAX_FILES][0]
        errors.append(FieldError(name, _label(actor, task_id, name), text))
    return errors


def _label(actor: Actor, task_id: int, name: str) -> Text:
    form = task_form(actor, task_id)
    parts = form.fields if form else ()
    return next(
        (part.label for part in parts if part.path and name.startswith(part.path) and part.label.zh),
        Text("文件", "File"),
    )
