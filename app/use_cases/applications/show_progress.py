"""Shows a firm where its application stands, what it has to do and what it may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.errors import NotFound
from app.storage import cases, notifications, user_tasks
from app.storage.cases import CaseParty, LoanCase
from app.storage.database import reading
from app.storage.notifications import Notification
from app.storage.user_tasks import UserTask
from app.use_cases.applications.pull_back import possible_acts
from app.use_cases.cases.case_file import CaseFile, load_case_file
from app.use_cases.cases.case_standing import CaseStanding, load_standings
from app.use_cases.permissions import Actor, require


@dataclass(frozen=True)
class Progress:
    """The case file with the firm's own open tasks, its messages, and whether it may pull back or delete."""

    file: CaseFile
    my_tasks: tuple[UserTask, ...]
    messages: tuple[Notification, ...]
    can_pull_back: bool
    can_delete: bool


def show_progress(actor: Actor, number: str) -> Progress:
    """NotFound unless the actor's firm is the borrower of the case."""
    require("apply", actor)
    with reading() as session:
        case = cases.visible(session, number, actor.organisation_id)
        if case is None or cases.parties(session, case.id).get("borrower") != actor.organisation_id:
            raise NotFound
        return Progress(
            load_case_file(session, case),
            tuple(session.scalars(_offered(actor).where(UserTask.case_id == case.id))),
            tuple(notifications.of_case(session, case.id, actor.organisation_id)),
            *possible_acts(session, case, actor.organisation_id),
        )


def list_mine(actor: Actor) -> tuple[list[CaseStanding], list[UserTask]]:
    """The firm's cases, newest first, and its open tasks by due date."""
    require("apply", actor)
    with reading() as session:
        query = (
            select(LoanCase)
            .join(CaseParty, CaseParty.case_id == LoanCase.id)
            .where(CaseParty.capacity == "borrower", CaseParty.organisation_id == actor.organisation_id)
            .order_by(LoanCase.id.desc())
            .limit(50)
        )
        standings = load_standings(session, session.scalars(query).all())
        return standings, _tasks(session.scalars(_offered(actor)).all())


def _tasks(rows: Sequence[UserTask]) -> list[UserTask]:
    return sorted(rows, key=lambda task: (task.due_at is None, task.due_at or task.created_at))


def _offered(actor: Actor) -> Any:
    return user_tasks.open_for(actor.organisation_id, actor.roles).order_by(UserTask.id)
