"""Plays the demo's applications: its people apply, confirm and review through the same use cases as everybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.errors import InvalidForm
from app.gateways import clock
from app.moment import Moment
from app.storage import people
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.organisations import Organisation, memberships
from app.storage.user_tasks import UserTask, inbox
from app.use_cases import dispatch
from app.use_cases.administration.load_actor import actor_of
from app.use_cases.applications.start_application import start_application
from app.use_cases.demo.demo_data import demo_data
from app.use_cases.demo.demo_document import demo_document
from app.use_cases.documents.upload_document import upload_document
from app.use_cases.permissions import Actor
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.complete_task import complete_task
from app.use_cases.tasks.save_draft import save_draft

IN_DAYS = "in_days"


def play_applications() -> list[str]:
    """The numbers of the cases that were played; the clock stands at each act's own time, some hours or days ago."""
    begun = clock.moment()
    return [_play(entry, begun) for entry in demo_data()["applications"]]


def _play(entry: Mapping[str, Any], begun: Moment) -> str:
    opened_at = begun.now - timedelta(hours=float(entry["hours_ago"]))
    with clock.fixed_at(opened_at):
        applicant = _actor(entry["by"], entry["borrower"])
        number = start_application(applicant, entry["product"], _organisation(entry["funder"])).case_number
        dispatch.run_all_due()
    for act in entry["acts"]:
        with clock.fixed_at(opened_at + timedelta(hours=float(act["after_hours"]))):
            actor = applicant if act["by"] == entry["by"] else _actor(act["by"])
            _act(act, actor, number, entry["borrower"], begun)
            dispatch.run_all_due()
    return number


def _act(act: Mapping[str, Any], actor: Actor, number: str, firm: str, begun: Moment) -> None:
    task = _task(actor, number)
    if task is None:
        assert act.get("optional"), f"{act['by']} has no task in {number}"
        return  # a rule decides whether this step is needed
    if act.get("claim"):
        claim_task(actor, task.id)
        return
    given = (demo_data()["firms"][firm] if act.get("firm") else {}) | act["answers"]
    entered = _dated(given, begun)
    if "files" in act:
        entered[act["files"]["path"]] = _upload(act["files"]["checklist"], actor, task)
    if act.get("draft"):
        save_draft(actor, task.id, entered)
        return
    try:
        complete_task(actor, task.id, entered)
    except InvalidForm as error:
        faults = "; ".join(f"{fault.path}: {fault.text.of('en')}" for fault in error.errors)
        raise AssertionError(f"{act['by']} cannot complete {task.name_en} of {number}: {faults}") from error


def _task(actor: Actor, number: str) -> UserTask | None:
    with reading() as session:
        query = inbox(actor.organisation_id, actor.roles, actor.person_id)
        task: UserTask | None = session.scalars(
            query.join(LoanCase, LoanCase.id == UserTask.case_id).where(LoanCase.number == number)
        ).first()
        return task


def _upload(checklist: str, actor: Actor, task: UserTask) -> dict[str, list[int]]:
    """A document for every mandatory entry of the checklist that the task shows."""
    documents = {}
    for item in task.variables[checklist]:
        if item["mandatory"]:
            content = demo_document(item["name_en"])
            stored = upload_document(actor, task.id, kind=item["kind"], filename=f"{item['name']}.pdf", content=content)
            documents[item["kind"]] = [stored.document_id]
    return documents


def _dated(value: Any, moment: Moment) -> Any:
    """The answers with {"in_days": 60} turned into the date that many days from today."""
    if isinstance(value, dict):
        if value.keys() == {IN_DAYS}:
            return (moment.business_on + timedelta(days=value[IN_DAYS])).isoformat()
        return {key: _dated(item, moment) for key, item in value.items()}
    return [_dated(item, moment) for item in value] if isinstance(value, list) else value


def _actor(login: str, place: str | None = None) -> Actor:
    wanted = _organisation(place) if place else None
    with reading() as session:
        person = people.by_login(session, login)
        assert person is not None, f"the demo has nobody called {login}"
        actor = actor_of(session, person, wanted or memberships(session, person.id)[0][1].id)
    assert actor is not None, f"{login} does not work for {place}"
    return actor


def _organisation(key: str) -> int:
    name = next(entry["name"]["zh"] for entry in demo_data()["organisations"] if entry["key"] == key)
    with reading() as session:
        return session.scalars(select(Organisation.id).where(Organisation.name_zh == name)).one()
