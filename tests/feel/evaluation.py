"""Short ways to evaluate FEEL in tests, at a fixed moment: noon of 2 March 2026 in China."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.feel import parse_expression, parse_unary_tests, to_plain
from app.moment import Moment

NOON = Moment.at(datetime(2026, 3, 2, 4, 0, tzinfo=UTC))


def value_of(text: str, /, **scope: Any) -> Any:
    """The plain value of an expression over the names given."""
    return to_plain(parse_expression(text, scope).evaluate(scope, NOON))


def passes(text: str, given: Any, /, **scope: Any) -> bool | None:
    """Whether unary tests pass for a value."""
    return parse_unary_tests(text, scope).matches(given, scope, NOON)
