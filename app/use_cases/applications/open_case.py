"""Opens a case: its number, its parties and its first process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.moment import Moment
from app.storage import releases
from app.storage.cases import CaseParty, LoanCase, next_number
from app.storage.organisations import FunderProduct, Organisation
from app.use_cases.instances.start_instance import start_instance
from app.use_cases.permissions import Actor

CASE_PREFIX = "LN"


def open_case(
    session: Session,
    *,
    product_key: str,
    funder_id: int,
    borrower_id: int,
    channel: str,
    actor: Actor,
    moment: Moment,
    variables: dict[str, Any] | None = None,
    source_key: str | None = None,
    previous_case_id: int | None = None,
) -> LoanCase:
    """Creates the case and starts the product's process in the caller's unit; NotFound for an unknown product."""
    product = session.get(releases.Product, product_key)
    if product is None or session.get(FunderProduct, (funder_id, product_key)) is None:
        raise NotFound(
            "没有这个产品，或者该资金方不提供它。", "There is no such product, or this funder does not offer it."
        )
    borrower = session.get_one(Organisation, borrower_id)
    case = LoanCase(
        number=next_number(session, CASE_PREFIX, moment.business_on),
        source_key=source_key,
        channel=channel,
        product_key=product_key,
        milestone="draft",
        milestone_at=moment.now,
        round=1,
        applicant_name=borrower.name_zh,
        previous_case_id=previous_case_id,
        created_at=moment.now,
        created_by=actor.person_id,
    )
    session.add(case)
    session.flush()
    platform = session.scalar(select(Organisation.id).where(Organisation.kind == "platform").limit(1))
    capacities = {"borrower": borrower_id, "funder": funder_id} | ({"platform": platform} if platform else {})
    session.add_all([CaseParty(case_id=case.id, capacity=key, organisation_id=id_) for key, id_ in capacities.items()])
    session.flush()
    given = {
        "case_number": case.number,
        "round": 1,
        "product": product_key,
        "application_form": product.form_key,
        "channel": channel,
        "company_name": borrower.name_zh,
        "unified_social_credit_code": borrower.unified_social_credit_code,
    }
    start_instance(
        session,
        case,
        product.process_key,
        given | (variables or {}),
        moment,
        message=_start_message(session, product.process_key),
        actor=actor,
    )
    return case


def _start_message(session: Session, process_key: str) -> str | None:
    """The message that starts the product's process, if it starts by one."""
    query = select(releases.MessageStart.name).where(releases.MessageStart.process_key == process_key)
    return session.scalar(query.order_by(releases.MessageStart.name).limit(1))
