"""Lists a bank's limits with what is used and left, and the changes that wait for a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage import limits, organisations
from app.storage.database import reading
from app.storage.limits import CreditLimit, LimitChange
from app.texts import Text
from app.use_cases.credit_limits.whose import names_of
from app.use_cases.permissions import Actor, require

PAGE_SIZE = 50
VALID, EXPIRED, NOT_YET, FROZEN = "valid", "expired", "not_yet", "frozen"


@dataclass(frozen=True)
class LimitLine:
    """A limit, whose it is, of which funder, and whether anything may be taken from it today."""

    limit: CreditLimit
    whose: Text
    funder: Text
    state: str


@dataclass(frozen=True)
class ChangeLine:
    """A change that waits for a second person."""

    change: LimitChange
    whose: Text


@dataclass(frozen=True)
class LimitList:
    """A page of limits; `counts` by kind (and "" for all) over all that match the words; `today` is what dates mean."""

    lines: tuple[LimitLine, ...]
    total: int
    counts: Mapping[str, int]
    waiting: tuple[ChangeLine, ...]
    net_capital: Decimal | None


def list_limits(actor: Actor, *, words: str = "", kind: str = "", page: int = 1) -> LimitList:
    """Limits of the actor's funder (of all for the operator), by kind and what is used; words in whose they are."""
    require("view_limits", actor)
    today = clock.moment().business_on
    with reading() as session:
        query, waiting = select(CreditLimit), select(LimitChange).where(LimitChange.state == limits.PROPOSED)
        if actor.case_scope is not None:
            query = query.where(CreditLimit.funder_id == actor.case_scope)
            waiting = waiting.where(LimitChange.funder_id == actor.case_scope)
        every = _lines(session, list(session.scalars(query)), today)
        found = [line for line in every if _holds(line.whose, words)]
        counts = {"": len(found)} | {key: sum(1 for one in found if one.limit.kind == key) for key in limits.KINDS}
        shown = [line for line in found if not kind or line.limit.kind == kind]
        first = (max(page, 1) - 1) * PAGE_SIZE
        changes = list(session.scalars(waiting.order_by(LimitChange.id)))
        names = names_of(session, [(one.kind, one.subject) for one in changes])
        standing = limits.standing(session, actor.case_scope, today) if actor.case_scope is not None else None
        return LimitList(
            tuple(shown[first : first + PAGE_SIZE]),
            len(shown),
            counts,
            tuple(ChangeLine(one, names[one.kind, one.subject]) for one in changes),
            standing.net_capital if standing else None,
        )


def state_of(limit: CreditLimit, today: date) -> str:
    """Whether anything may be taken from the limit on a date, else why not."""
    if limit.frozen_reason:
        return FROZEN
    if limit.valid_from is not None and today < limit.valid_from:
        return NOT_YET
    return EXPIRED if limit.valid_until is not None and today > limit.valid_until else VALID


def _lines(session: Session, found: list[CreditLimit], today: date) -> list[LimitLine]:
    names = names_of(session, [(one.kind, one.subject) for one in found])
    funders = organisations.names(session, {one.funder_id for one in found})
    found.sort(key=lambda one: (limits.KINDS.index(one.kind), -one.used, one.id))
    return [LimitLine(one, names[one.kind, one.subject], funders[one.funder_id], state_of(one, today)) for one in found]


def _holds(name: Text, words: str) -> bool:
    wanted = words.strip().casefold()
    return wanted in name.zh.casefold() or wanted in name.of("en").casefold()
