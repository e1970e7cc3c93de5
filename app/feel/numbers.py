"""Decimal arithmetic of FEEL: 34 digits, half to even (IEEE 754 decimal128); without a number as result it is null."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

ARITHMETIC = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, capitals=1, clamp=0, flags=[], traps=[])
ZERO, ONE, TWO = Decimal(0), Decimal(1), Decimal(2)
ALL_WHOLE = Decimal(10**34)  # numbers of 34 digits beyond it are whole and even, and have no neighbours one apart
LARGEST_JSON_INTEGER = 2**63 - 1


def finite(value: Decimal) -> Decimal | None:
    """`value`, or null where an operation overflowed or had no result."""
    return value if value.is_finite() else None


def rounded(value: Decimal) -> Decimal | None:
    """`value` within 34 digits and the range of decimal128."""
    return finite(ARITHMETIC.plus(value))


def add(left: Decimal, right: Decimal) -> Decimal | None:
    """left + right."""
    return finite(ARITHMETIC.add(left, right))


def subtract(left: Decimal, right: Decimal) -> Decimal | None:
    """left - right."""
    return finite(ARITHMETIC.subtract(left, right))


def multiply(left: Decimal, right: Decimal) -> Decimal | None:
    """left * right."""
    return finite(ARITHMETIC.multiply(left, right))


def divide(left: Decimal, right: Decimal) -> Decimal | None:
    """left / right; null for a division by zero."""
    return finite(ARITHMETIC.divide(left, right)) if right else None


def power(left: Decimal, right: Decimal) -> Decimal | None:
    """left ** right; 0 ** 0 is 1 as in Java's BigDecimal."""
    return ONE if not right else finite(ARITHMETIC.power(left, right))


def scaled(value: Decimal, scale: int, rounding: str) -> Decimal | None:
    """`value` with at most `scale` places after the point (negative: before it), rounded by a name of `decimal`."""
    if not -6111 <= scale <= 6176:
        return None
    result = value.quantize(Decimal((0, (1,), -scale)), rounding=rounding, context=ARITHMETIC)
    if result.is_finite():
        return result
    return value if -_exponent(value) <= scale else None


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "numbers in FEEL are finite"
    return exponent


def written(value: Decimal) -> str:
    """The number as FEEL's string() writes it: without an exponent."""
    return format(value, "f") if value else ("0" if _exponent(value) >= 0 else format(value.copy_abs(), "f"))


def json_number(value: Decimal) -> int | Decimal:
    """An int for a number without decimal places (as far as JSON readers hold it), else the Decimal with its places."""
    if _exponent(value) >= 0 and -LARGEST_JSON_INTEGER <= value <= LARGEST_JSON_INTEGER:
        return int(value)
    return value
