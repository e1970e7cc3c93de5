"""Does a task as one of the demo's people: the same form, uploads and signatures as everybody's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.errors import InvalidForm
from app.gateways import clock
from app.storage.database import reading
from app.storage.user_tasks import UserTask
from app.use_cases.contracts.sign_contract import sign_contract
from app.use_cases.demo.answer_book import answers_to, book
from app.use_cases.demo.demo_document import demo_document
from app.use_cases.demo.demo_people import DemoPeople
from app.use_cases.demo.story import Story
from app.use_cases.documents.upload_document import upload_document
from app.use_cases.permissions import Actor
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.complete_task import complete_task
from app.use_cases.tasks.contracts_of_task import contracts_of_task, is_signed
from app.use_cases.tasks.save_draft import save_draft

OPEN = "open"


def work_on_task(people: DemoPeople, story: Story, task_id: int, said: Mapping[str, Any]) -> None:
    """Somebody who may do the task does it; nothing happens where it is no longer open.

    `said` is what the story says of it: answers, or that it is only claimed or begun.
    """
    with reading() as session:
        task = session.get_one(UserTask, task_id)
        able = people.who_may(session, task) if task.state == OPEN else []
    if task.state != OPEN:
        return
    assert able, f"{story.firm}: nobody may do {task.name_en} of {story.number}"
    actor = able[0]
    if said.get("claim"):
        claim_task(actor, task.id)
    elif is_signed(task):
        for contract in contracts_of_task(actor, task, story.number):
            sign_contract(actor, contract.number, logged_in_at=clock.real_now())
    else:
        _answer(actor, story, task, said)


def _answer(actor: Actor, story: Story, task: UserTask, said: Mapping[str, Any]) -> None:
    form, variables = task.form_key or "", task.variables or {}
    entered = answers_to(form, story, said, variables, clock.moment().business_on) | _files(actor, task, book(form))
    if said.get("draft"):
        save_draft(actor, task.id, entered)
        return
    try:
        complete_task(actor, task.id, entered, logged_in_at=clock.real_now())
    except InvalidForm as error:
        faults = "; ".join(f"{fault.path}: {fault.text.of('en')}" for fault in error.errors)
        raise AssertionError(f"{story.firm}: {task.name_en} ({form}) of {story.number}: {faults}") from error


def _files(actor: Actor, task: UserTask, entry: Mapping[str, Any]) -> dict[str, Any]:
    """{"files": {path: kind or kinds}} a document each, {"checklist": {path: variable}} one for each that is needed."""
    found: dict[str, Any] = {
        path: [_upload(actor, task, kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
        for path, kinds in entry.get("files", {}).items()
        if entry.get("files_if") is None or (task.variables or {}).get(entry["files_if"]) is True
    }
    for path, variable in entry.get("checklist", {}).items():
        items = [item for item in (task.variables or {}).get(variable) or () if _is_wanted(item)]
        found[path] = {item["kind"]: [_upload(actor, task, item["kind"], item["name"])] for item in items}
    return found


def _is_wanted(item: Mapping[str, Any]) -> bool:
    return bool(item.get("mandatory", True)) and item.get("upload") is not False


def _upload(actor: Actor, task: UserTask, kind: str, name: str) -> int:
    stored = upload_document(actor, task.id, kind=kind, filename=f"{name}.pdf", content=demo_document(kind))
    return stored.document_id
