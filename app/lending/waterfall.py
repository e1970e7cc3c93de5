"""Proceeds of disposal over ranked claims: what each gets, the surplus to the owner or the shortfall still owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from app.lending.money import Money


@dataclass(frozen=True)
class Claim:
    """What somebody may take out of the proceeds; a lower `rank` is paid first, equal ranks share pro rata.

    By law: 1 costs of keeping and enforcing, 2 taxes, then registered creditors by time of registration
    (民法典 arts. 389, 414). `key` tells claims apart, for example "cost" or "loan.interest".
    """

    key: str
    rank: int
    amount: Money


@dataclass(frozen=True)
class ClaimPaid:
    """What a claim got and what of it stays unpaid."""

    claim: Claim
    paid: Money
    unpaid: Money


@dataclass(frozen=True)
class Waterfall:
    """The proceeds in parts: paid + surplus = proceeds (invariant 31); `shortfall` is what all claims miss."""

    lines: tuple[ClaimPaid, ...]
    surplus: Money
    shortfall: Money

    def paid_to(self, key: str) -> Money:
        """What the claim of that key got; KeyError where there is none."""
        return {line.claim.key: line.paid for line in self.lines}[key]


def distribute(proceeds: Money, claims: Iterable[Claim]) -> Waterfall:
    """Pays the claims rank by rank; a rank that the money does not cover shares it pro rata, residue to the largest.

    ValueError for proceeds or claims below zero, or two claims of one key.
    """
    ranked = sorted(claims, key=lambda claim: claim.rank)
    zero = Money(proceeds.amount - proceeds.amount, proceeds.currency)
    if proceeds < zero or any(claim.amount < zero for claim in ranked):
        raise ValueError("proceeds and claims are not below zero")
    if len({claim.key for claim in ranked}) != len(ranked):
        raise ValueError("each claim has a key of its own")
    left, lines = proceeds, []
    for _, group in groupby(ranked, key=lambda claim: claim.rank):
        paid = _pay_rank(left, tuple(group), zero)
        left -= sum((line.paid for line in paid), zero)
        lines += paid
    return Waterfall(tuple(lines), left, sum((line.unpaid for line in lines), zero))


def _pay_rank(left: Money, claims: tuple[Claim, ...], zero: Money) -> list[ClaimPaid]:
    whole = sum((claim.amount for claim in claims), zero)
    if whole <= left:
        return [ClaimPaid(claim, claim.amount, zero) for claim in claims]
    largest = max(claims, key=lambda claim: claim.amount.amount)
    parts = left.split({claim.key: claim.amount.amount for claim in claims}, largest.key)
    return [ClaimPaid(claim, parts[claim.key], claim.amount - parts[claim.key]) for claim in claims]
