"""Refuses a reservation after which one party would hold too large a share of the funder's capital or book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache

from sqlalchemy.orm import Session

from app.storage import limits, organisations
from app.storage.cases import LoanCase
from app.storage.limits import FunderStanding
from app.texts import Text
from app.use_cases.definitions.rules_in_force import RuleInForce, rules_in_force
from app.use_cases.offers.limits_of_case import LimitExceeded, Sides

TABLE = "concentration_limits"
NET_CAPITAL, BOOK = "net_capital", "book"
CENT = Decimal("0.01")
MEASURES = {
    "borrower": Text("单一借款人集中度", "concentration on a single borrower"),
    "group": Text("集团客户集中度", "concentration on a group"),
    "core_enterprise": Text("核心企业集中度", "concentration on a core enterprise"),
    "industry": Text("行业集中度", "concentration on an industry"),
}
BASES = {NET_CAPITAL: Text("资本净额", "net capital"), BOOK: Text("贷款余额", "the book")}


@dataclass(frozen=True)
class Share:
    """A row of the table: at most `percent` of the base for one party, once the book has `from_yuan`."""

    measure: str
    base: str
    percent: Decimal
    from_yuan: Decimal
    rule: Text


def check_concentration(session: Session, case: LoanCase, sides: Sides, amount: Decimal, on: date) -> None:
    """Raises LimitExceeded where the case's `amount` would go over a share of the table in force on a date.

    The caller holds the funder's lock and the case holds nothing yet, so that what is read is the book at that moment.
    """
    standing = limits.standing(session, sides.funder, on)
    rule = rules_in_force(session, [TABLE], on)[TABLE]
    book = limits.exposure(session, sides.funder, None, ())
    for share in shares_of(rule, standing.funder_type if standing else None):
        if share.base == BOOK and book + amount < share.from_yuan:
            continue
        held = _held(session, case, sides, share.measure)
        if held is None:
            continue
        room = _most(share, standing, book, held) - held
        if amount > room:
            raise _short(session, sides, share, amount, max(room, Decimal(0)))


@lru_cache(maxsize=64)
def shares_of(rule: RuleInForce, funder_type: str | None) -> tuple[Share, ...]:
    """What the table asks of a funder of this type."""
    rows = rule.decide({"funder_type": funder_type}) or []
    return tuple(
        Share(
            row["measure"],
            row["base"],
            Decimal(row["percent"]),
            Decimal(row["from_yuan"]),
            Text(row["rule"], row["rule_en"]),
        )
        for row in rows
    )


def _held(session: Session, case: LoanCase, sides: Sides, measure: str) -> Decimal | None:
    """What the measured party holds without this case; None where the case has no such party."""
    if measure == "borrower":
        return limits.exposure(session, sides.funder, "borrower", [sides.borrower])
    if measure == "group":
        return limits.exposure(session, sides.funder, "borrower", sides.group) if len(sides.group) > 1 else None
    if measure == "core_enterprise" and sides.core_enterprise is not None:
        return limits.exposure(session, sides.funder, "core_enterprise", [sides.core_enterprise])
    if measure == "industry" and case.industry:
        return limits.exposure_of_industry(session, sides.funder, case.industry)
    return None


def _most(share: Share, standing: FunderStanding | None, book: Decimal, held: Decimal) -> Decimal:
    """What one party may hold; of the book it is a part of itself: most <= part * (book - held + most)."""
    part = share.percent / 100
    if share.base == NET_CAPITAL:
        if standing is None:
            raise LimitExceeded(
                "还没有登记资金方的类型和资本净额，集中度无法计算，不能占用额度。",
                "Type and net capital of the funder are not entered, so concentration cannot be worked out.",
            )
        return (standing.net_capital * part).quantize(CENT, ROUND_DOWN)
    if part >= 1:
        return limits.UNBOUNDED
    return (part * (book - held) / (1 - part)).quantize(CENT, ROUND_DOWN)


def _short(session: Session, sides: Sides, share: Share, amount: Decimal, room: Decimal) -> LimitExceeded:
    name, base = MEASURES[share.measure], BASES[share.base]
    whose = _whose(session, sides, share.measure)
    percent = f"{share.percent.normalize():f}%"
    return LimitExceeded(
        f"{name.zh}{whose.zh}：不超过{base.zh}的 {percent}（{share.rule.zh}），"
        f"还可占用 {room:,.2f} 元，不够 {amount:,.2f} 元。",
        f"The {name.en}{whose.of('en')} is at most {percent} of {base.en} ({share.rule.of('en')}): "
        f"{room:,.2f} yuan are left, {amount:,.2f} are needed.",
    )


def _whose(session: Session, sides: Sides, measure: str) -> Text:
    party = {"borrower": sides.borrower, "group": sides.borrower, "core_enterprise": sides.core_enterprise}.get(measure)
    if party is None:
        return Text("", "")
    name = organisations.names(session, [party])[party]
    return Text(f"“{name.zh}”", f' "{name.of("en")}"')
