"""Built-ins that make one value of a list (or of several values): count, min, max, sum, mean, median and so on."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from app.feel import arithmetic
from app.feel.comparison import order
from app.feel.durations import DaysTimeDuration, YearsMonthsDuration
from app.feel.library.registry import builtin
from app.feel.numbers import ARITHMETIC, ONE, TWO, ZERO, divide, finite
from app.feel.run import Run, Value


@builtin("count", "list: list")
def count(run: Run, items: list[Value]) -> Decimal:
    """The number of elements, nulls among them."""
    return Decimal(len(items))


@builtin("min", "list: list", variadic=True)
def minimum(run: Run, items: list[Value]) -> Value:
    """The lowest; null for an empty list and for values without an order."""
    return _extreme(run, items, -1)


@builtin("max", "list: list", variadic=True)
def maximum(run: Run, items: list[Value]) -> Value:
    """The highest; null for an empty list and for values without an order."""
    return _extreme(run, items, 1)


def _extreme(run: Run, items: list[Value], wanted: int) -> Value:
    best: Value = None
    for place, item in enumerate(items):
        run.weigh(item, best)
        found = order(item, item if place == 0 else best)
        if found is None:
            return None
        if place == 0 or found == wanted:
            best = item
    return best


def numbers_of(items: list[Value]) -> list[Decimal] | None:
    """The elements where all are numbers."""
    return items if all(type(item) is Decimal for item in items) else None


@builtin("sum", "list: list", variadic=True)
def total(run: Run, items: list[Value]) -> Value:
    """The sum of numbers, or of durations of one kind; null for an empty list (DMN 1.3) and for other values."""
    if not items:
        return None
    if type(items[0]) in (DaysTimeDuration, YearsMonthsDuration):
        return _total_duration(items)
    numbers = numbers_of(items)
    return None if numbers is None else _sum(numbers)


def _sum(numbers: list[Decimal]) -> Decimal | None:
    result = ZERO
    for number in numbers:
        result = ARITHMETIC.add(result, number)
    return finite(result)


def _total_duration(items: list[Value]) -> Value:
    result = items[0]
    for item in items[1:]:
        result = arithmetic.add(result, item) if type(item) is type(items[0]) else None
    return result


@builtin("product", "list: list", variadic=True)
def product(run: Run, items: list[Value]) -> Decimal | None:
    """The product of the numbers; null for an empty list."""
    numbers = numbers_of(items)
    if not numbers:
        return None
    result = ONE
    for number in numbers:
        result = ARITHMETIC.multiply(result, number)
    return finite(result)


@builtin("mean", "list: list", variadic=True)
def mean(run: Run, items: list[Value]) -> Value:
    """The arithmetic mean."""
    summed = total(run, items)
    return None if summed is None else arithmetic.divide(summed, Decimal(len(items)))


@builtin("median", "list: list", variadic=True)
def median(run: Run, items: list[Value]) -> Decimal | None:
    """The middle one of the sorted numbers, or the mean of the two in the middle."""
    numbers = numbers_of(items)
    if not numbers:
        return None
    run.spend(len(numbers))
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide(ARITHMETIC.add(ordered[middle - 1], ordered[middle]), TWO)


@builtin("stddev", "list: list", variadic=True)
def standard_deviation(run: Run, items: list[Value]) -> Decimal | None:
    """The sample standard deviation (divided by n - 1); null for fewer than two numbers."""
    numbers = numbers_of(items)
    if numbers is None or len(numbers) < 2:
        return None
    average = ARITHMETIC.divide(_sum(numbers) or ZERO, Decimal(len(numbers)))
    squares = [ARITHMETIC.power(ARITHMETIC.subtract(number, average), TWO) for number in numbers]
    return finite(ARITHMETIC.sqrt(ARITHMETIC.divide(_sum(squares) or ZERO, Decimal(len(numbers) - 1))))


@builtin("mode", "list: list", variadic=True)
def mode(run: Run, items: list[Value]) -> list[Value] | None:
    """The numbers that occur most often, in ascending order."""
    numbers = numbers_of(items)
    if numbers is None:
        return None
    counted = Counter(numbers)
    most = max(counted.values(), default=0)
    return sorted(number for number, times in counted.items() if times == most)
