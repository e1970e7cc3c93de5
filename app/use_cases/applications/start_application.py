"""A firm starts an application for a product: a case with a draft form."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.errors import NotFound
from app.gateways import clock
from app.storage import audit
from app.storage.cases import parties
from app.storage.database import unit_of_work
from app.storage.user_tasks import UserTask
from app.use_cases.applications.open_case import open_case
from app.use_cases.permissions import Actor, require


@dataclass(frozen=True)
class Started:
    """The new case's number and its first task of the firm, if its process begins with one."""

    case_number: str
    task_id: int | None


def start_application(actor: Actor, product_key: str, funder_id: int, *, copy_of: int | None = None) -> Started:
    """Opens a case for the actor's own firm; raises Forbidden or NotFound.

    `copy_of` is the id of an earlier case of the same firm whose answers the form begins with.
    """
    require("apply", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        if copy_of is not None and parties(session, copy_of).get("borrower") != actor.organisation_id:
            raise NotFound
        case = open_case(
            session,
            product_key=product_key,
            funder_id=funder_id,
            borrower_id=actor.organisation_id,
            channel="online",
            actor=actor,
            moment=moment,
            previous_case_id=copy_of,
        )
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="apply",
            target=case.number,
            detail={"product": product_key},
            at=clock.real_now(),
        )
        task_id = session.scalar(
            select(UserTask.id).where(UserTask.case_id == case.id, UserTask.state == "open").limit(1)
        )
        return Started(case.number, task_id)
