"""Lists and searches firms, by name, credit code, or exactly by the number of a person behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.storage.cases import Its, LoanCase
from app.storage.database import reading
from app.storage.loans import ACTIVE, Loan
from app.storage.organisations import Organisation
from app.storage.party_links import PartyLink, known_to
from app.storage.party_store import PartyValue
from app.texts import Text
from app.use_cases.firms.firm_scope import BORROWER, NO_FIRMS, is_known, require_reader, seen
from app.use_cases.parties import party_key
from app.use_cases.permissions import Actor

PAGE_SIZE = 50
CODE_LENGTH = 18


@dataclass(frozen=True)
class FirmLine:
    """A firm with what the reader's own cases say of it; `matched` is the masked number that the search found."""

    id: int
    name: Text
    kind: str
    credit_code: str | None
    applications: int
    outstanding: Decimal
    dpd: int
    matched: str


@dataclass(frozen=True)
class FirmsFound:
    """A page of firms; `counts` by kind (and "" for all) over all that match the words."""

    lines: tuple[FirmLine, ...]
    total: int
    counts: Mapping[str, int]


def list_firms(actor: Actor, *, words: str = "", kind: str = "", page: int = 1) -> FirmsFound:
    """Firms that the reader has to do with, newest first; a whole credit code finds any firm. Raises Forbidden."""
    require_reader(actor)
    scope, given = actor.case_scope, words.strip()
    with reading() as session:
        people = _people(session, scope, given) if given else {}
        query = select(Organisation).where(_wanted(scope, given, people))
        grouped = query.with_only_columns(Organisation.kind, func.count()).group_by(Organisation.kind)
        counts = {key: number for key, number in session.execute(grouped)}
        counts[""] = sum(counts.values())
        if kind:
            query = query.where(Organisation.kind == kind)
        found = list(
            session.scalars(
                query.order_by(Organisation.id.desc()).limit(PAGE_SIZE).offset((max(page, 1) - 1) * PAGE_SIZE)
            )
        )
        ids = [firm.id for firm in found]
        asked, owed = _applications(session, scope, ids), _debts(session, scope, ids)
    lines = tuple(
        FirmLine(
            firm.id,
            firm.name,
            firm.kind,
            firm.unified_social_credit_code,
            asked.get(firm.id, 0),
            *owed.get(firm.id, (Decimal(0), 0)),
            people.get(firm.id, ""),
        )
        for firm in found
    )
    return FirmsFound(lines, counts.get(kind, 0), counts)


def _wanted(scope: int | None, words: str, people: Mapping[int, str]) -> Any:
    if not words:
        return is_known(scope)
    named = or_(
        Organisation.name_zh.icontains(words, autoescape=True),
        Organisation.name_en.icontains(words, autoescape=True),
        Organisation.unified_social_credit_code.icontains(words.upper(), autoescape=True),
        Organisation.id.in_(people),
    )
    if len(words) != CODE_LENGTH:
        return is_known(scope) & named
    whole = Organisation.unified_social_credit_code == words.upper()
    return or_(is_known(scope) & named, whole & Organisation.kind.not_in(NO_FIRMS))


def _people(session: Session, scope: int | None, words: str) -> dict[int, str]:
    """Firm id -> the masked number of the person behind it whose whole number was typed."""
    index = party_key.current().search_index(words)
    linked = (
        select(PartyLink.organisation_id, PartyValue.masked)
        .join(PartyValue, PartyValue.id == PartyLink.number_ref)
        .where(PartyValue.search_index == index, known_to(scope))
    )
    in_cases = (
        select(Its.organisation_id, PartyValue.masked)
        .join(LoanCase, LoanCase.id == Its.case_id)
        .join(PartyValue, PartyValue.case_id == LoanCase.id)
        .where(Its.capacity == BORROWER, PartyValue.search_index == index, seen(scope))
    )
    return {firm: masked for query in (in_cases, linked) for firm, masked in session.execute(query)}


def _applications(session: Session, scope: int | None, ids: list[int]) -> dict[int, int]:
    query = (
        select(Its.organisation_id, func.count())
        .join(LoanCase, LoanCase.id == Its.case_id)
        .where(Its.capacity == BORROWER, Its.organisation_id.in_(ids), seen(scope))
    )
    return {id_: number for id_, number in session.execute(query.group_by(Its.organisation_id))}


def _debts(session: Session, scope: int | None, ids: list[int]) -> dict[int, tuple[Decimal, int]]:
    """Outstanding principal and worst days past due of the running loans."""
    query = select(Loan.borrower_id, func.sum(Loan.outstanding), func.max(Loan.dpd))
    query = query.where(Loan.borrower_id.in_(ids), Loan.state == ACTIVE)
    query = query if scope is None else query.where(Loan.funder_id == scope)
    return {id_: (owed, dpd) for id_, owed, dpd in session.execute(query.group_by(Loan.borrower_id))}
