"""Plain values of what decisions give, for results and traces that are stored."""

from __future__ import annotations

from app.feel import FeelError, to_plain
from app.plain import Plain


def is_plain(value: object) -> bool:
    """Whether the FEEL value has a plain one; functions and ranges have none."""
    try:
        to_plain(value)
    except FeelError:
        return False
    return True


def shown(value: object) -> Plain:
    """The plain value, null for what has none (a function or a range): a trace shows data."""
    return to_plain(value) if is_plain(value) else None
