"""The bounds that a form file gives an entry: required, smallest and largest, length, pattern, choices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.forms import messages
from app.forms.component import Component
from app.forms.entries import read
from app.forms.numbers import Unreadable, written
from app.forms.pattern_words import in_words
from app.texts import Text

NUMBERS = frozenset({"money", "whole", "percent", "number"})
CLOCK_AND_CALENDAR = frozenset({"date", "time"})  # a time is "HH:MM", which sorts as text
LENGTHS = frozenset({"text", "email"})


def amount(component: Component, value: Decimal | int) -> Text:
    """A number with its unit, as messages name it."""
    number = written(value, component.kind)
    if component.kind == "money":
        return Text(f"{number} 元", f"CNY {number}")
    if component.kind == "percent":
        return Text(f"{number}%")
    unit = component.suffix
    return Text(f"{number} {unit.zh}".strip(), f"{number} {unit.of('en')}".strip())


def check_required(component: Component) -> None:
    """Unreadable where a required entry is blank."""
    if not component.required or component.fixed:
        return
    by_kind = {
        "flag": messages.tick_this,
        "choice": messages.choose_one,
        "choices": messages.choose_some,
        "files": messages.upload_this,
    }
    raise Unreadable(by_kind.get(component.kind, messages.required)())


def check_limits(component: Component, value: Any, entered: Any) -> None:
    """Unreadable where a read value is outside the file's bounds; `entered` is what was typed."""
    if component.kind in NUMBERS:
        check_bounds(component, value, component.minimum, component.maximum)
    if component.kind in LENGTHS:
        _check_length(component, value)
    if component.pattern is not None and isinstance(value, str) and not component.pattern.fullmatch(value):
        raise Unreadable(_pattern_text(component, entered))
    if component.kind in ("choice", "choices") and component.options_from is None:
        check_choices(component, value, {option.value: option.label for option in component.options})
    if component.kind == "files" and not component.multiple and len(value) > 1:
        raise Unreadable(messages.too_many_files(1, len(value)))
    if component.kind == "files" and value and len(set(value)) < component.min_rows:
        raise Unreadable(messages.too_few_files(component.min_rows, len(set(value))))


def is_checked(component: Component, value: Any) -> bool:
    """Whether a text is what a check would have given, so that a reference may stand for it."""
    try:
        check_limits(component, value, value)
        return bool(read(component, value) == value)
    except Unreadable:
        return False


def check_bounds(component: Component, value: Any, lowest: Any, highest: Any) -> None:
    """Unreadable where a number, date or time is below `lowest` or above `highest`; None is no bound."""
    if component.kind in CLOCK_AND_CALENDAR:
        entered = date.fromisoformat(value) if component.kind == "date" else value
        if highest is not None and entered > highest:
            raise Unreadable(messages.too_late(highest, entered))
        if lowest is not None and entered < lowest:
            raise Unreadable(messages.too_early(lowest, entered))
        return
    if highest is not None and value > highest:
        raise Unreadable(messages.above(amount(component, highest), amount(component, value)))
    if lowest is not None and value < lowest:
        raise Unreadable(messages.below(amount(component, lowest), amount(component, value)))


def check_choices(component: Component, value: Any, allowed: dict[str, Text]) -> None:
    """Unreadable where a chosen value is none of the options."""
    for chosen in value if isinstance(value, list) else [value]:
        if chosen not in allowed:
            raise Unreadable(messages.unknown_choice(chosen, list(allowed.values())))


def _check_length(component: Component, value: str) -> None:
    if len(value) > component.max_length:
        raise Unreadable(messages.too_long(component.max_length, len(value)))
    if len(value) < component.min_length:
        raise Unreadable(messages.too_short(component.min_length, len(value)))


def _pattern_text(component: Component, entered: Any) -> Text:
    own = component.property_text("error", Text(""))
    if own.zh:
        return own
    wanted = in_words(component.pattern.pattern) or component.hint
    return messages.wrong_pattern(wanted, "***" if component.sensitive else entered)
