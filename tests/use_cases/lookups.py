"""What tests look up behind a case: its offers, limits, messages, outbox rows and audit entries."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app.storage import offers
from app.storage.audit import AuditEntry
from app.storage.database import reading
from app.storage.limits import CreditLimit
from app.storage.notifications import Notification
from app.storage.outbox import OutboxRow
from tests.desk import Desk


def told(desk: Desk, number: str, organisation: str) -> list[str]:
    """What an organisation or some of its people were told about a case in Chinese, newest first."""
    case_id, organisation_id = desk.case(number).id, desk.organisation(organisation).id
    with desk.app.app_context(), reading() as session:
        own = (Notification.case_id == case_id, Notification.organisation_id == organisation_id)
        return list(session.scalars(select(Notification.text_zh).where(*own).order_by(Notification.id.desc())))


def offer_states(desk: Desk, number: str) -> list[str]:
    """The states of a case's offers, oldest first."""
    with desk.app.app_context(), reading() as session:
        return [offer.state for offer in offers.of_case(session, desk.case(number).id)]


def used_of(desk: Desk, kind: str) -> Decimal:
    """How much of Zhijiang Bank's limits of a kind is used, in yuan."""
    query = select(CreditLimit).where(CreditLimit.kind == kind)
    with desk.app.app_context(), reading() as session:
        rows = session.scalars(query.where(CreditLimit.funder_id == desk.organisation("zhijiang").id))
        return sum((row.used for row in rows), Decimal("0.00"))


def rows_of(desk: Desk, number: str, name: str) -> list[OutboxRow]:
    """The case's outbox rows of an operation type or message name, oldest first."""
    query = select(OutboxRow).where(OutboxRow.case_id == desk.case(number).id, OutboxRow.name == name)
    with desk.app.app_context(), reading() as session:
        return list(session.scalars(query.order_by(OutboxRow.id)))


def audited(desk: Desk) -> list[AuditEntry]:
    """The whole audit log, oldest first."""
    with desk.app.app_context(), reading() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
