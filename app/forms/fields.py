"""marshmallow fields for the entries of a form: each reads its kind exactly and says faults in both languages.

The stock fields are not used: Decimal(places=2) turns 12.345 into 12.34 silently and takes 1e3, Integer cuts 12.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing

from app.forms import messages
from app.forms.component import HARD_MAX_ROWS, Component
from app.forms.entries import UNCHECKED, is_blank, is_reference, read
from app.forms.limits import check_limits, check_required
from app.forms.numbers import Unreadable

HIDDEN: Any = type("Hidden", (), {"__repr__": lambda self: "HIDDEN"})()  # stands in raw data where nothing is asked


class Purpose(Enum):
    """What entries are loaded for."""

    CHECK = "required entries and bounds are checked"
    READ = "conditions need the values; what cannot be read counts as None"
    KEEP = "a draft keeps everything; what cannot be read stays as it was typed"


class Entry(fields.Field[Any]):
    """One entry of a form."""

    def __init__(self, component: Component, purpose: Purpose) -> None:
        super().__init__(allow_none=True, metadata={"description": component.label.of("en")})
        self.component, self.purpose = component, purpose

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The plain value; a hidden entry gives none, a blank one None, False or an empty list."""
        if value is HIDDEN:
            return missing
        if value is missing or is_blank(value):
            return self._blank(value)
        if self.component.sensitive and is_reference(value):
            return self._reference(value)
        try:
            found = read(self.component, value)
            if self.purpose is Purpose.CHECK and not self.component.fixed and not is_blank(found):
                check_limits(self.component, found, value)
        except Unreadable as fault:
            return self._unreadable(value, fault)
        return self._blank(value) if is_blank(found) else found

    def _reference(self, value: Mapping[str, Any]) -> Any:
        if self.purpose is Purpose.CHECK and value.get(UNCHECKED):
            raise ValidationError([messages.enter_again()])
        return dict(value)

    def _unreadable(self, value: Any, fault: Unreadable) -> Any:
        if self.purpose is Purpose.CHECK:
            raise ValidationError([fault.text])
        return None if self.purpose is Purpose.READ else as_typed(value)

    def _blank(self, value: Any) -> Any:
        if self.purpose is Purpose.CHECK:
            try:
                check_required(self.component)
            except Unreadable as fault:
                raise ValidationError([fault.text]) from None
        elif value is missing:
            return missing
        return {"flag": False, "choices": [], "files": [], "slots": {}}.get(self.component.kind)


class Money(Entry):
    """Yuan with two places: "12,345.60" is Decimal("12345.60"); 12.345 and 1e3 are refused."""


class Whole(Entry):
    """A whole number: "24" is 24; 12.5 is refused and never cut."""


class Part(fields.Nested):
    """The entries of a group that has a path of its own."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The group's values, none where all are hidden; what is no object is empty: each entry tells its fault."""
        if value is HIDDEN:
            return missing
        return super().deserialize(value if isinstance(value, Mapping) else {}, attr, data, **kwargs) or missing


class Rows(fields.Field[Any]):
    """The rows of a dynamiclist, each read by `row`; HIDDEN rows are left out."""

    def __init__(self, component: Component, row: type[Schema], purpose: Purpose) -> None:
        super().__init__(allow_none=True, metadata={"description": component.label.of("en")})
        self.component, self.row, self.purpose = component, row(), purpose

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The rows' values; errors are {row number from 0: the row's errors}, or one text on their count."""
        if value is HIDDEN or (value is missing and self.purpose is not Purpose.CHECK):
            return missing
        rows = list(value) if isinstance(value, list | tuple) else []
        if self.purpose is Purpose.CHECK:
            self._check_count(sum(row is not HIDDEN for row in rows))
        found, errors = [], {}
        for index, row in enumerate(rows[:HARD_MAX_ROWS]):
            try:
                found += [self.row.load(row if isinstance(row, Mapping) else {})] if row is not HIDDEN else []
            except ValidationError as fault:
                errors[index] = fault.messages
        if errors:
            raise ValidationError(errors)
        return found

    def _check_count(self, count: int) -> None:
        if count > self.component.max_rows:
            raise ValidationError([messages.too_many_rows(self.component.max_rows, count)])
        least = max(self.component.min_rows, 1 if self.component.required else 0)
        if count < least:
            raise ValidationError([messages.too_few_rows(least, count)])


def field_of(component: Component, purpose: Purpose) -> Entry:
    """The field that reads a component's entry."""
    return {"money": Money, "whole": Whole}.get(component.kind, Entry)(component, purpose)


def as_typed(value: Any) -> Any:
    """An entry that cannot be read, as a plain value that the page shows again."""
    if isinstance(value, Mapping):
        return {str(key): as_typed(item) for key, item in value.items()}
    return [as_typed(item) for item in value] if isinstance(value, list | tuple) else str(value)
