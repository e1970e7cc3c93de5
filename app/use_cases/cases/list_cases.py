"""Lists and searches the cases that somebody may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.storage import people, releases
from app.storage.cases import CaseParty, LoanCase, visible_to
from app.storage.database import reading
from app.storage.organisations import Organisation
from app.storage.party_store import cases_with
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.parties import party_key
from app.use_cases.permissions import Actor, may, require

PAGE_SIZE = 50


@dataclass(frozen=True)
class CaseLine:
    """A case with its open tasks and who has them."""

    case: LoanCase
    product: Text
    tasks: tuple[tuple[UserTask, Text | None], ...]


@dataclass(frozen=True)
class CaseList:
    """A page of cases, newest first; `counts` by milestone over all that match the words."""

    lines: tuple[CaseLine, ...]
    total: int
    counts: Mapping[str, int]
    products: tuple[tuple[str, Text], ...]


def list_cases(actor: Actor, *, words: str = "", milestone: str = "", product: str = "", page: int = 1) -> CaseList:
    """Searches by number, firm, credit code, or exactly by a personal number; drafts of firms are theirs alone."""
    require("view_all_cases" if may("view_all_cases", actor) else "view_cases", actor)
    with reading() as session:
        base = _searched(session, _visible(actor), words.strip())
        counts = {
            key: n
            for key, n in session.execute(
                base.with_only_columns(LoanCase.milestone, func.count()).group_by(LoanCase.milestone)
            )
        }
        if milestone:
            base = base.where(LoanCase.milestone == milestone)
        if product:
            base = base.where(LoanCase.product_key == product)
        total = session.scalar(select(func.count()).select_from(base.with_only_columns(LoanCase.id).subquery())) or 0
        found = list(
            session.scalars(base.order_by(LoanCase.id.desc()).limit(PAGE_SIZE).offset((max(page, 1) - 1) * PAGE_SIZE))
        )
        names = {key: Text(p.name_zh, p.name_en) for key, p in releases.products(session).items()}
        tasks = _open_tasks(session, [case.id for case in found])
    lines = tuple(
        CaseLine(case, names.get(case.product_key, Text(case.product_key)), tuple(tasks.get(case.id, [])))
        for case in found
    )
    return CaseList(lines, total, counts, tuple(names.items()))


def _visible(actor: Actor) -> Any:
    query = select(LoanCase)
    return query if actor.case_scope is None else query.where(visible_to(actor.case_scope))


def _searched(session: Session, query: Any, words: str) -> Any:
    if not words:
        return query
    by_code = (
        select(CaseParty.case_id)
        .join(Organisation, Organisation.id == CaseParty.organisation_id)
        .where(CaseParty.capacity == "borrower", Organisation.unified_social_credit_code == words.upper())
    )
    by_person = cases_with(session, party_key.current(), words)
    return query.where(
        or_(
            LoanCase.number.icontains(words, autoescape=True),
            LoanCase.applicant_name.icontains(words, autoescape=True),
            LoanCase.id.in_(by_code),
            LoanCase.id.in_(by_person),
        )
    )


def _open_tasks(session: Session, case_ids: list[int]) -> dict[int, list[tuple[UserTask, Text | None]]]:
    rows = list(
        session.scalars(
            select(UserTask).where(UserTask.case_id.in_(case_ids), UserTask.state == "open").order_by(UserTask.id)
        )
    )
    names = people.names(session, {row.claimed_by for row in rows if row.claimed_by})
    found: dict[int, list[tuple[UserTask, Text | None]]] = {}
    for row in rows:
        who = names.get(row.claimed_by or 0)
        found.setdefault(row.case_id or 0, []).append((row, Text(who.name_zh, who.name_en) if who else None))
    return found
