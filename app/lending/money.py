"""Amounts of money: rounding to a step, Decimal with its currency, and splits that lose nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

FEN = Decimal("0.01")
ZERO = Decimal("0.00")
ONE = Decimal(1)
# wide enough that only Rounding ever rounds, whatever context a caller has set
EXACT = Context(prec=40)


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added, subtracted or compared."""


@dataclass(frozen=True)
class Rounding:
    """To multiples of `step` in a mode of `decimal`: half up to the fen by default (四舍五入); step None keeps all."""

    step: Decimal | None = FEN
    mode: str = ROUND_HALF_UP

    def of(self, amount: Decimal) -> Decimal:
        """The amount rounded."""
        if self.step is None:
            return amount
        return EXACT.divide(amount, self.step).quantize(ONE, self.mode, EXACT) * self.step


HALF_UP_TO_FEN = Rounding()


@dataclass(frozen=True)
class Money:
    """An amount in a currency (ISO 4217); other currencies are refused with CurrencyMismatch."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        assert isinstance(self.amount, Decimal) and self.amount.is_finite(), "money is a finite Decimal"
        assert len(self.currency) == 3, "a currency has three letters"

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")
        return other.amount

    def split(
        self, weights: Mapping[str, Decimal], residue_to: str, rounding: Rounding = HALF_UP_TO_FEN
    ) -> dict[str, Money]:
        """The amount in parts by weight, each rounded; the part `residue_to` takes what rounding left.

        The parts add up to the whole (invariant 39). ValueError where no weight is above zero, one is below it or
        the residue's part is not among them.
        """
        parts = split(self.amount, weights, residue_to, rounding)
        return {name: Money(part, self.currency) for name, part in parts.items()}


def split(
    amount: Decimal, weights: Mapping[str, Decimal], residue_to: str, rounding: Rounding = HALF_UP_TO_FEN
) -> dict[str, Decimal]:
    """As Money.split, for an amount whose currency is understood."""
    whole = sum(weights.values(), Decimal(0))
    if residue_to not in weights or whole <= 0 or min(weights.values()) < 0:
        raise ValueError("a split needs weights, none below zero, and the part that takes the residue among them")
    parts = {name: rounding.of(EXACT.divide(EXACT.multiply(amount, weight), whole)) for name, weight in weights.items()}
    parts[residue_to] += amount - sum(parts.values(), Decimal(0))
    return parts
