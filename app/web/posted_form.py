"""What a browser posted for a task: its form's entries, with files taken in and replaced by their document numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from app.errors import Conflict, FieldError
from app.forms import Form, rearranges
from app.texts import Text
from app.use_cases.documents.upload_document import BadFile, upload_document
from app.use_cases.permissions import Actor
from app.use_cases.tasks.show_task import task_form

MAX_FILES = 20


@dataclass(frozen=True)
class Entries:
    """`values` as Form.decode gave them; `again` says to show the form once more instead of submitting it."""

    values: dict[str, Any]
    errors: tuple[FieldError, ...]
    again: bool


def posted_entries(actor: Actor, task_id: int) -> Entries:
    """Reads the request; a file that cannot be taken is an error beside its field, and everything else is kept."""
    form = task_form(actor, task_id)
    given: MultiDict[str, Any] = MultiDict(request.form)
    errors = _take_files(actor, task_id, form, given)
    values = form.decode(given) if form else {}
    return Entries(values, tuple(errors), bool(errors) or rearranges(given))


def _take_files(actor: Actor, task_id: int, form: Form | None, given: MultiDict[str, Any]) -> list[FieldError]:
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
            errors.append(FieldError(name, _label(form, name), error.text))
        except Conflict:
            break  # the task is gone; the act that follows says so and keeps what was typed
    if len(uploads) > MAX_FILES:
        text = Text(f"一次最多上传 {MAX_FILES} 个文件。", f"At most {MAX_FILES} files can be uploaded at once.")
        errors.append(FieldError(uploads[MAX_FILES][0], _label(form, uploads[MAX_FILES][0]), text))
    return errors


def _label(form: Form | None, name: str) -> Text:
    parts = form.fields if form else ()
    return next(
        (part.label for part in parts if part.path and name.startswith(part.path) and part.label.zh),
        Text("文件", "File"),
    )
