"""Built-ins on single numbers, rounding among them; the `scale` is the number of decimal places."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from app.feel.durations import DaysTimeDuration, YearsMonthsDuration
from app.feel.library.registry import builtin
from app.feel.library.strings import bounded
from app.feel.numbers import ALL_WHOLE, ARITHMETIC, ZERO, divide, finite, multiply, scaled, subtract
from app.feel.run import STEPS_OF_HARD_ARITHMETIC, Run


@builtin("decimal", "n: number", "scale: number")
def decimal(run: Run, n: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded half to even."""
    return scaled(n, bounded(scale), ROUND_HALF_EVEN)


@builtin("floor", "n: number", "scale?: number")
def floor(run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal | None:
    """Rounded down to the next lower."""
    return scaled(n, bounded(scale or ZERO), ROUND_FLOOR)


@builtin("ceiling", "n: number", "scale?: number")
def ceiling(run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal | None:
    """Rounded up to the next higher."""
    return scaled(n, bounded(scale or ZERO), ROUND_CEILING)


@builtin("round up", "n: number", "scale?: number")
def round_up(run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal | None:
    """Rounded away from zero."""
    return scaled(n, bounded(scale or ZERO), ROUND_UP)


@builtin("round down", "n: number", "scale?: number")
def round_down(run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal | None:
    """Rounded toward zero."""
    return scaled(n, bounded(scale or ZERO), ROUND_DOWN)


@builtin("round half up", "n: number", "scale?: number")
def round_half_up(run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal | None:
    """Rounded to the nearest, a half away from zero."""
    return scaled(n, bounded(scale or ZERO), ROUND_HALF_UP)


@builtin("round half down", "n: number", "scale?: number")
def round_half_down(run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal | None:
    """Rounded to the nearest, a half toward zero."""
    return scaled(n, bounded(scale or ZERO), ROUND_HALF_DOWN)


@builtin("abs", "n: number")
def absolute(run: Run, n: Decimal) -> Decimal:
    """Without the sign."""
    return ARITHMETIC.abs(n)


@builtin("abs", "n: days duration")
def absolute_days(run: Run, n: DaysTimeDuration) -> DaysTimeDuration:
    """Without the sign."""
    return DaysTimeDuration(ARITHMETIC.abs(n.seconds))


@builtin("abs", "n: months duration")
def absolute_months(run: Run, n: YearsMonthsDuration) -> YearsMonthsDuration:
    """Without the sign."""
    return YearsMonthsDuration(abs(n.months))


@builtin("modulo", "dividend: number", "divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """dividend - divisor * floor(dividend / divisor): the sign is the divisor's."""
    quotient = divide(dividend, divisor)
    whole = None if quotient is None else scaled(quotient, 0, ROUND_FLOOR)
    product = None if whole is None else multiply(divisor, whole)
    return None if product is None else subtract(dividend, product)


@builtin("sqrt", "number: number")
def square_root(run: Run, number: Decimal) -> Decimal | None:
    """The square root; null below zero."""
    return finite(ARITHMETIC.sqrt(number))


@builtin("log", "number: number")
def logarithm(run: Run, number: Decimal) -> Decimal | None:
    """The natural logarithm; null for zero and below."""
    run.spend(STEPS_OF_HARD_ARITHMETIC)
    return finite(ARITHMETIC.ln(number)) if number > 0 else None


@builtin("exp", "number: number")
def exponential(run: Run, number: Decimal) -> Decimal | None:
    """e to the number."""
    run.spend(STEPS_OF_HARD_ARITHMETIC)
    return finite(ARITHMETIC.exp(number))


@builtin("odd", "number: number")
def odd(run: Run, number: Decimal) -> bool | None:
    """Whether a whole number is odd."""
    rest = _halved(number)
    return None if rest is None else rest == 1


@builtin("even", "number: number")
def even(run: Run, number: Decimal) -> bool | None:
    """Whether a whole number is even."""
    rest = _halved(number)
    return None if rest is None else rest == 0


def _halved(number: Decimal) -> int | None:
    if number.copy_abs() >= ALL_WHOLE:
        return 0
    return int(number) % 2 if number == number.to_integral_value() else None
