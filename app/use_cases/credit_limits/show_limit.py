"""Shows one limit: what holds it, case by case, and every change of it with its two persons."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.gateways import clock
from app.storage import limits, organisations
from app.storage.cases import CaseParty, LoanCase
from app.storage.database import reading
from app.storage.limits import CreditLimit, LimitChange, LimitReservation
from app.storage.organisations import Organisation
from app.storage.people import Person
from app.texts import Text
from app.use_cases.credit_limits.list_limits import LimitLine, state_of
from app.use_cases.credit_limits.whose import OF_ORGANISATIONS, names_of
from app.use_cases.permissions import Actor, require

MOST_HOLDERS = 200


@dataclass(frozen=True)
class Holder:
    """A case that holds some of the limit now."""

    case_number: str
    firm: Text
    milestone: str
    amount: Decimal
    freed: Decimal


@dataclass(frozen=True)
class ChangeShown:
    """A change with the names of who proposed it and who decided."""

    change: LimitChange
    whose: Text
    proposer: Text
    decider: Text | None


@dataclass(frozen=True)
class LimitShown:
    """`typed` is what a person types to name whose it is: a credit code, a product's key, nothing for the total."""

    line: LimitLine
    typed: str
    holders: tuple[Holder, ...]
    changes: tuple[ChangeShown, ...]


def show_limit(actor: Actor, limit_id: int) -> LimitShown:
    """One limit of the actor's funder; raises NotFound."""
    require("view_limits", actor)
    with reading() as session:
        limit = session.get(CreditLimit, limit_id)
        if limit is None or actor.case_scope not in (None, limit.funder_id):
            raise NotFound
        whose = names_of(session, [(limit.kind, limit.subject)])[limit.kind, limit.subject]
        funder = organisations.names(session, [limit.funder_id])[limit.funder_id]
        line = LimitLine(limit, whose, funder, state_of(limit, clock.moment().business_on))
        query = select(LimitChange).where(
            LimitChange.funder_id == limit.funder_id,
            LimitChange.kind == limit.kind,
            LimitChange.subject == limit.subject,
        )
        changes = list(session.scalars(query.order_by(LimitChange.id.desc())))
        return LimitShown(line, _typed(session, limit), _holders(session, limit_id), _shown(session, changes))


def _typed(session: Session, limit: CreditLimit) -> str:
    if limit.kind == "funder":
        return ""
    if limit.kind not in OF_ORGANISATIONS:
        return limit.subject
    return session.get_one(Organisation, int(limit.subject)).unified_social_credit_code or ""


def show_change(actor: Actor, change_id: int) -> ChangeShown:
    """One change of the actor's funder; raises NotFound."""
    require("view_limits", actor)
    with reading() as session:
        change = session.get(LimitChange, change_id)
        if change is None or actor.case_scope not in (None, change.funder_id):
            raise NotFound
        return _shown(session, [change])[0]


def _holders(session: Session, limit_id: int) -> tuple[Holder, ...]:
    query = (
        select(LoanCase, LimitReservation, CaseParty.organisation_id)
        .join(LimitReservation, LimitReservation.case_id == LoanCase.id)
        .join(CaseParty, (CaseParty.case_id == LoanCase.id) & (CaseParty.capacity == "borrower"))
        .where(LimitReservation.limit_id == limit_id, LimitReservation.released_at.is_(None))
        .order_by(LimitReservation.amount.desc(), LoanCase.id)
        .limit(MOST_HOLDERS)
    )
    rows = session.execute(query).all()
    firms = organisations.names(session, {firm for _, _, firm in rows})
    return tuple(
        Holder(case.number, firms[firm], case.milestone, held.amount - held.freed, held.freed)
        for case, held, firm in rows
    )


def _shown(session: Session, changes: list[LimitChange]) -> tuple[ChangeShown, ...]:
    ids = {person for one in changes for person in (one.proposed_by, one.decided_by) if person}
    people = {
        row.id: Text(row.name_zh, row.name_en) for row in session.scalars(select(Person).where(Person.id.in_(ids)))
    }
    names = names_of(session, [(one.kind, one.subject) for one in changes])
    return tuple(
        ChangeShown(
            one,
            names[one.kind, one.subject],
            people[one.proposed_by],
            people[one.decided_by] if one.decided_by else None,
        )
        for one in changes
    )


def waits(change: LimitChange) -> bool:
    """Whether nobody decided the change yet."""
    return change.state == limits.PROPOSED
