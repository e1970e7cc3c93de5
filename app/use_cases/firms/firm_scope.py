"""Whose knowledge of a firm somebody may see: a funder's people see what concerns their own cases, and no more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.storage.cases import Its, LoanCase, visible_to
from app.storage.organisations import Organisation
from app.storage.panels import PanelMember
from app.storage.party_links import PartyLink, known_to
from app.use_cases.permissions import Actor, may, require

NO_FIRMS = ("funder", "platform")  # kinds of organisation that have no page among firms
BORROWER = "borrower"


def require_reader(actor: Actor) -> None:
    """Raises Forbidden for who may not see cases."""
    require("view_all_cases" if may("view_all_cases", actor) else "view_cases", actor)


def seen(scope: int | None) -> ColumnElement[bool]:
    """The condition on LoanCase that an organisation may see it; None sees all."""
    return true() if scope is None else visible_to(scope)


def cases_of(scope: int | None, firm_id: int, *capacities: str) -> Any:
    """The ids of the cases that the scope may see in which the firm has one of the capacities (any, without)."""
    query = select(Its.case_id).join(LoanCase, LoanCase.id == Its.case_id)
    query = query.where(Its.organisation_id == firm_id, seen(scope))
    return query.where(Its.capacity.in_(capacities)) if capacities else query


def is_known(scope: int | None) -> ColumnElement[bool]:
    """The condition on Organisation that the scope has to do with it: a case, a place on its panel, or a link."""
    firm = Organisation.kind.not_in(NO_FIRMS)
    if scope is None:
        return firm
    own = select(Its.organisation_id).join(LoanCase, LoanCase.id == Its.case_id).where(visible_to(scope))
    panel = select(PanelMember.organisation_id).where(PanelMember.funder_id == scope)
    around = exists().where(
        or_(PartyLink.organisation_id == Organisation.id, PartyLink.other_id == Organisation.id),
        PartyLink.funder_id == scope,
        known_to(scope),
    )
    return firm & or_(Organisation.id.in_(own), Organisation.id.in_(panel), around)


def found_firm(session: Session, actor: Actor, firm_id: int) -> Organisation:
    """The firm; raises Forbidden, or NotFound for what is no firm. Its public data are open to every funder."""
    require_reader(actor)
    firm = session.get(Organisation, firm_id)
    if firm is None or firm.kind in NO_FIRMS:
        raise NotFound
    return firm
