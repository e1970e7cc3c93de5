"""Shows a firm the limits that bind it: a borrower its own, a core enterprise who uses what it lends its name to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage import organisations
from app.storage.cases import CaseParty
from app.storage.database import reading
from app.storage.limits import CreditLimit, LimitReservation
from app.storage.organisations import Organisation
from app.texts import Text
from app.use_cases.credit_limits.list_limits import LimitLine, state_of
from app.use_cases.permissions import Actor, may, require

VERB = "view_own_limits"


@dataclass(frozen=True)
class SupplierUse:
    """What one supplier holds of the limit, over how many loans."""

    name: Text
    amount: Decimal
    loans: int


@dataclass(frozen=True)
class OwnLimit:
    """A limit with a funder; `suppliers` only for a core enterprise, who holds most first."""

    line: LimitLine
    suppliers: tuple[SupplierUse, ...]


def show_own_limits(actor: Actor) -> tuple[OwnLimit, ...]:
    """The limits that funders set for the actor's organisation, in the order of the funders."""
    require(VERB, actor)
    kind = "borrower" if may("apply", actor) else "core_enterprise"
    today = clock.moment().business_on
    with reading() as session:
        mine = (CreditLimit.kind == kind, CreditLimit.subject == str(actor.organisation_id))
        found = list(session.scalars(select(CreditLimit).where(*mine).order_by(CreditLimit.funder_id)))
        funders = organisations.names(session, {one.funder_id for one in found})
        return tuple(
            OwnLimit(
                LimitLine(one, actor.organisation_name, funders[one.funder_id], state_of(one, today)),
                _suppliers(session, one.id) if kind == "core_enterprise" else (),
            )
            for one in found
        )


def _suppliers(session: Session, limit_id: int) -> tuple[SupplierUse, ...]:
    amount = func.sum(LimitReservation.amount)
    query = (
        select(Organisation, amount, func.sum(LimitReservation.freed), func.count())
        .join(CaseParty, (CaseParty.organisation_id == Organisation.id) & (CaseParty.capacity == "borrower"))
        .join(LimitReservation, LimitReservation.case_id == CaseParty.case_id)
        .where(LimitReservation.limit_id == limit_id, LimitReservation.released_at.is_(None))
        .group_by(Organisation.id)
        .order_by(amount.desc(), Organisation.id)
    )
    return tuple(SupplierUse(firm.name, held - freed, loans) for firm, held, freed, loans in session.execute(query))
