"""Plain values of what decisions give, for results and traces that are stored."""

from __future__ import annotations

from app.feel import DEFAULT_LIMITS, FeelError, Function, Range, Run, to_plain
from app.plain import Plain


def plain_of(value: object, run: Run | None = None) -> tuple[Plain, bool]:
    """The plain value, and whether it is whole: functions and ranges have no plain form and become null.

    FeelError for values beyond FEEL's limits, or beyond what is left of the budget of `run`.
    """
    budget = run or Run(DEFAULT_LIMITS, None)
    try:
        return to_plain(value, budget), True
    except FeelError:
        return to_plain(_data(value, budget), budget), False


def shown(value: object, run: Run | None = None) -> Plain:
    """The plain value for a trace, which shows data only."""
    return plain_of(value, run)[0]


def _data(value: object, run: Run) -> object:
    """The value without functions and ranges; charged, as it may hold the same list many times."""
    if isinstance(value, Function | Range):
        return None
    run.spend(1)
    if isinstance(value, list):
        return [_data(item, run) for item in value]
    if isinstance(value, dict):
        return {key: _data(item, run) for key, item in value.items()}
    return value
