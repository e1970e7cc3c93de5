"""What came of applications, as statistics count it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.use_cases.applications.milestones import GRANTED, LENT

LENT_ONCE = LENT | {"settled"}
APPROVED = GRANTED | {"approved", "offer_issued", "declined", "contract_lapsed", "payout_cancelled"}
REFUSED = frozenset({"refused", "not_eligible"})
GIVEN_UP = frozenset({"lapsed", "withdrawn"})


@dataclass(frozen=True)
class Outcomes:
    """Applications of a group; `lent` are some of the approved, the rest of `every` is under way."""

    every: int = 0
    approved: int = 0
    lent: int = 0
    refused: int = 0
    given_up: int = 0

    @property
    def under_way(self) -> int:
        return self.every - self.approved - self.refused - self.given_up

    @property
    def approval_rate(self) -> Decimal | None:
        """Percent of the approved among those decided, one place; None where none is decided yet."""
        decided = self.approved + self.refused
        return None if not decided else (Decimal(100) * self.approved / decided).quantize(Decimal("0.1"))


def outcomes(milestones: Iterable[tuple[str, int]]) -> Outcomes:
    """Of (milestone, cases): an offer that was not taken up counts as approved, since the funder decided so."""
    found = dict.fromkeys(("every", "approved", "lent", "refused", "given_up"), 0)
    kinds = (("approved", APPROVED), ("lent", LENT_ONCE), ("refused", REFUSED), ("given_up", GIVEN_UP))
    for milestone, number in milestones:
        found["every"] += number
        for kind, keys in kinds:
            found[kind] += number if milestone in keys else 0
    return Outcomes(**found)
