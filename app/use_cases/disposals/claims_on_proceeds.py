"""Who may take what out of the proceeds of a disposal: costs, taxes, other creditors and this loan, by their ranks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.lending.allocation import AllocationOrder
from app.lending.money import ZERO, Money
from app.lending.replay import replay
from app.lending.waterfall import Claim
from app.storage import disposals, loans
from app.storage.disposals import Disposal
from app.storage.loans import Loan
from app.use_cases.disposals.asked_disposal import refused
from app.use_cases.disposals.disposal_input import FUNDER
from app.use_cases.loans.close_rules import rules_of
from app.use_cases.loans.loan_facts_of import loan_facts_of

COST, TAX = "cost", "tax"
# this loan's own claims, with the kinds of item that each is made of, in the order in which a receipt pays them
KINDS_OF = {
    "loan_cost": ("cost",),
    "loan_interest": ("fee", "penalty", "interest"),
    "loan_principal": ("principal",),
}


@dataclass(frozen=True)
class ProceedsClaim:
    """One claim with who gets it and the voucher or registration that proves it; `amount` in yuan."""

    claim: str
    rank: int
    amount: Decimal
    payee: str = ""
    voucher_no: str = ""

    @property
    def of_loan(self) -> bool:
        return self.claim in KINDS_OF


def ranks_of(given: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Claim -> rank, as the rule table gave them."""
    return {one["claim"]: one["rank"] for one in given}


def claims_of_others(wanted: Mapping[str, Any], ranks: Mapping[str, int], *, advanced: bool) -> list[ProceedsClaim]:
    """Costs still owed, taxes and other creditors; with `advanced` also what the funder paid, where no loan bears it.

    Error NotAllowed for a claim that the table does not rank.
    """
    found = [
        *_claims(COST, [one for one in wanted["costs"] if advanced or one["paid_by"] != FUNDER], ranks),
        *_claims(TAX, wanted["taxes"], ranks),
    ]
    for one in wanted["creditors"]:
        found += _claims(f"creditor_{one['standing']}", [one], ranks)
    return found


def _claims(claim: str, rows: Iterable[Mapping[str, Any]], ranks: Mapping[str, int]) -> Iterator[ProceedsClaim]:
    for row in rows:
        payee = row.get("payee") or row.get("what") or ""
        yield ProceedsClaim(claim, _rank(claim, ranks), row["amount"], payee, row.get("voucher_no") or "")


def claims_of_loan(
    session: Session, loan: Loan, on: date, ranks: Mapping[str, int], today: date
) -> list[ProceedsClaim]:
    """What is owed on the loan on the value date of the proceeds, in its three parts."""
    owed = dict.fromkeys(KINDS_OF, ZERO)
    for item in replay(loan_facts_of(session, loan), rules_of(session, loan, today), on).items:
        claim = next(claim for claim, kinds in KINDS_OF.items() if item.kind in kinds)
        owed[claim] += item.amount
    return [ProceedsClaim(claim, _rank(claim, ranks), amount) for claim, amount in owed.items() if amount]


def _rank(claim: str, ranks: Mapping[str, int]) -> int:
    if claim not in ranks:
        raise refused(f"清偿顺序表没有“{claim}”的顺位。", f'The table of ranks says nothing of "{claim}".')
    return ranks[claim]


def as_claims(found: Iterable[ProceedsClaim], currency: str) -> list[Claim]:
    """The claims for the waterfall; their keys are their places."""
    return [Claim(str(at), one.rank, Money(one.amount, currency)) for at, one in enumerate(found)]


def order_by_rank(ranks: Mapping[str, int]) -> AllocationOrder:
    """The order in which the loan's part pays the loan's items: as the table ranks them, kind by kind."""
    claims = sorted(KINDS_OF, key=lambda claim: ranks.get(claim, 0))
    kinds = tuple(kind for claim in claims for kind in KINDS_OF[claim])
    return AllocationOrder(kinds, kinds, "vertical", "keep")


def value_date(session: Session, disposal: Disposal, loan: Loan, today: date) -> date:
    """The day from which the proceeds count: that of the last money, and not before what the loan was told later."""
    days = [one.value_on for one in disposals.money(session, disposal.id)]
    days += [one.value_on for one in loans.receipts(session, loan.id)]
    days += [one.due_on for one in loans.charges(session, loan.id)]
    return min(max(days), today)
