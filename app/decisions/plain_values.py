"""Plain values of what decisions give, for results and traces that are stored."""

from __future__ import annotations

from app.feel import FeelError, Function, Range, to_plain
from app.plain import Plain


def plain_of(value: object) -> tuple[Plain, bool]:
    """The plain value, and whether it is whole: functions and ranges have no plain form and become null.

    FeelError for values beyond FEEL's limits.
    """
    try:
        return to_plain(value), True
    except FeelError:
        return to_plain(_data(value)), False


def shown(value: object) -> Plain:
    """The plain value for a trace, which shows data only."""
    return plain_of(value)[0]


def _data(value: object) -> object:
    if isinstance(value, Function | Range):
        return None
    if isinstance(value, list):
        return [_data(item) for item in value]
    if isinstance(value, dict):
        return {key: _data(item) for key, item in value.items()}
    return value
