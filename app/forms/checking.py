"""Checks what was entered against a form: the compiled schema, then what depends on the case (bounds, checklists)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError

from app.errors import FieldError
from app.feel import Expression, FeelError
from app.forms import messages
from app.forms.choices import options_at, slots_at
from app.forms.component import Component, walk
from app.forms.entries import is_blank, iso_date
from app.forms.fields import HIDDEN
from app.forms.limits import CLOCK_AND_CALENDAR, NUMBERS, check_bounds, check_choices
from app.forms.numbers import Unreadable
from app.forms.paths import MISSING, copied, get, join, parts, put
from app.forms.situation import Place, Situation, places
from app.forms.templates import filled
from app.texts import Text

INDEX = re.compile(r"\[\d+\]")
MAX_CHARACTERS = 500_000
MAX_ROWS = 2000
MAX_DEPTH = 30


@dataclass(frozen=True)
class Checked:
    """The plain data of a form, and what has to be changed; data is only fit for use where there are no errors."""

    data: dict[str, Any]
    errors: tuple[FieldError, ...]


def too_much(raw: Mapping[str, Any]) -> Text | None:
    """What to say where the entries are more than any form holds, in characters, rows or depth."""
    if _characters(raw, 0) > MAX_CHARACTERS:
        return messages.too_much(MAX_CHARACTERS)
    rows = _rows(raw)
    return messages.too_many_rows(MAX_ROWS, rows) if rows > MAX_ROWS else None


def _characters(value: Any, depth: int) -> int:
    if depth > MAX_DEPTH:
        return MAX_CHARACTERS + 1
    if isinstance(value, Mapping):
        return sum(len(str(key)) + _characters(item, depth + 1) for key, item in value.items()) + 1
    if isinstance(value, list | tuple):
        return sum(_characters(item, depth + 1) for item in value) + 1
    return len(value) if isinstance(value, str) else 1


def _rows(value: Any) -> int:
    """The items of all lists together; each may cost the evaluation of every condition."""
    if isinstance(value, Mapping):
        return sum(map(_rows, value.values()))
    return len(value) + sum(map(_rows, value)) if isinstance(value, list | tuple) else 0


def run_checks(schema: Schema, situation: Situation, raw: Mapping[str, Any]) -> Checked:
    """Load the visible entries with the strict schema and add what only the situation can tell."""
    asked = without_hidden(situation, raw)
    for path in situation.given:
        put(asked, path, get(situation.entered, path))
    found: dict[Place, Text] = {}
    more: list[FieldError] = []
    try:
        data = schema.load(asked)
        faults: Any = {}
    except ValidationError as fault:
        data, faults = fault.valid_data, fault.messages
    for place in situation.visible_places():
        if not place.component.kind or get(asked, place.path) is HIDDEN or _is_row_gone(place, asked):
            continue
        text = fault_at(faults, place.path) or fault_in_situation(situation, place)
        if text is not None:
            found[place] = text
        elif place.component.kind == "slots":
            more += _missing_documents(situation, place)
    errors = [FieldError(place.path, label_of(situation, place), text) for place, text in found.items()]
    return Checked(data if isinstance(data, dict) else {}, tuple(errors + more))


def without_hidden(situation: Situation, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The raw entries with HIDDEN where a condition hides one, a field is only shown, or a whole row is blank."""
    asked: dict[str, Any] = copied(raw)
    for place in places(situation.components, situation.entered):
        if place.path and (place.key in situation.hidden or place.component.disabled):
            if not _is_row_gone(place, asked):
                put(asked, place.path, HIDDEN)
        elif place.component.kind == "rows" and isinstance(rows := get(asked, place.path), list):
            spare = len(rows) - place.component.min_rows
            for index in reversed(range(len(rows))):
                if spare > 0 and _all_blank(rows[index]):
                    rows[index], spare = HIDDEN, spare - 1
    return asked


def _all_blank(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_all_blank, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_all_blank, value))
    return is_blank(value)


def _is_row_gone(place: Place, asked: Mapping[str, Any]) -> bool:
    """Whether a row around the place was left out as blank, or with the hidden list that it stands in."""
    path = place.path
    while "]" in path:
        path = path[: path.rindex("]") + 1]
        if get(asked, path) in (HIDDEN, MISSING):
            return True
        path = path[: path.rindex("[")]
    return False


def fault_at(faults: Any, path: str) -> Text | None:
    """The text that the schema's nested messages hold for a path."""
    for part in parts(path):
        faults = faults.get(part) if isinstance(faults, Mapping) else None
    return faults[0] if isinstance(faults, list) and faults and isinstance(faults[0], Text) else None


def fault_in_situation(situation: Situation, place: Place) -> Text | None:
    """What is wrong with a readable entry because of the case: wanted here, its bounds by expression, options."""
    component, value = place.component, get(situation.entered, place.path)
    if is_blank(value):
        return _asked_for(component) if _is_wanted(situation, place) else None
    try:
        by_case = component.options_from is not None or "allowed_expression" in component.depending
        if by_case and component.kind in ("choice", "choices"):
            check_choices(component, value, {option.value: option.label for option in options_at(situation, place)})
        if component.kind in NUMBERS | CLOCK_AND_CALENDAR:
            lowest, highest = (bound_at(situation, place, e) for e in (component.min_from, component.max_from))
            check_bounds(component, value, lowest, highest)
        _check_differs(situation, place, value)
        _check_condition(situation, place)
    except Unreadable as fault:
        return fault.text
    return None


def _asked_for(component: Component) -> Text:
    """What a missing entry is told; a list says it in the words of its own condition."""
    return component.property_text("check", messages.required()) if component.kind == "rows" else messages.required()


def _is_wanted(situation: Situation, place: Place) -> bool:
    """Whether the property `required_expression` asks for an entry; also where it cannot be computed."""
    expression = place.component.depending.get("required_expression")
    if expression is None or place.component.fixed:
        return False
    try:
        return situation.value(expression, place) is not False
    except FeelError:
        return True


def _check_condition(situation: Situation, place: Place) -> None:
    """Unreadable, in the file's own words, where the property `check_expression` gives false.

    Where an entry that it names is blank nothing is compared: what has to be there says so itself.
    """
    component = place.component
    expression = component.depending.get("check_expression")
    if expression is None or _awaits_entry(situation, place, expression):
        return
    try:
        holds = situation.value(expression, place)
    except FeelError:
        raise Unreadable(messages.bound_unknown([component.id])) from None
    if holds is False:
        told = component.property_text("check", messages.does_not_agree())
        raise Unreadable(filled(told, component.wording, situation.scope(place), situation.moment))


def _awaits_entry(situation: Situation, place: Place, expression: Expression) -> bool:
    scope, asked = situation.scope(place), {parts(one.path)[-1] for one in walk(situation.components) if one.path}
    return any(scope.get(name) is None and (name in scope or name in asked) for name in expression.names)


def _check_differs(situation: Situation, place: Place, value: Any) -> None:
    """Unreadable where a text is that of the entry beside it which the property `differs_from` names."""
    other = place.component.properties.get("differs_from")
    if not other or not isinstance(value, str):
        return
    beside = join(place.path.rpartition(".")[0], other)
    same = get(situation.entered, beside)
    if isinstance(same, str) and "".join(same.split()).casefold() == "".join(value.split()).casefold():
        labels = (one.label for one in walk(situation.components) if one.path == INDEX.sub("[]", beside))
        raise Unreadable(messages.same_as(next(labels, Text(other)), value))


def bound_at(situation: Situation, place: Place, expression: Expression | None) -> Any:
    """A bound by expression as a number, date or time ("HH:MM"), None where it gives none.

    Unreadable where it cannot be computed, or is null though the expression never says null: a forgotten limit is
    not no limit.
    """
    if expression is None:
        return None
    try:
        value = situation.value(expression, place)
    except FeelError:
        raise Unreadable(messages.bound_unknown([place.component.id])) from None
    if value is None:
        awaits_entry = any(situation.visible.get(name, MISSING) is None for name in expression.names)
        if place.component.may_be_unbounded or awaits_entry:  # a blank entry says its own fault
            return None
        raise Unreadable(messages.bound_unknown(situation.unknown_names(expression, place) or sorted(expression.names)))
    if place.component.kind == "date":
        return date.fromisoformat(iso_date(str(value)[:10]))
    if place.component.kind == "time":
        return str(value)[:5]
    if isinstance(value, bool | str | list | dict):
        raise Unreadable(messages.bound_unknown([place.component.id]))
    return value


def _missing_documents(situation: Situation, place: Place) -> Iterator[FieldError]:
    uploaded = get(situation.entered, place.path)
    slots = slots_at(situation, place)
    unknown = situation.unknown_names(place.component.checklist, place) if place.component.checklist else []
    if not slots and unknown:  # a checklist that cannot be computed must not become an empty one
        yield FieldError(place.path, label_of(situation, place), messages.bound_unknown(unknown))
    for slot in slots:
        if slot.mandatory and not (isinstance(uploaded, Mapping) and uploaded.get(slot.kind)):
            yield FieldError(join(place.path, slot.kind), slot.label, messages.upload_this())


def label_of(situation: Situation, place: Place) -> Text:
    """The label as it is shown, with its row before it: "订单 2：金额"."""
    component = place.component
    unnamed = component.property_text("row", Text(component.path.rpartition(".")[2]))
    label = component.label if component.label.zh else unnamed
    for component, number in reversed(list(_rows_around(situation.components, place))):
        title = row_title(component, number)
        label = Text(f"{title.zh}：{label.zh}", f"{title.of('en')}: {label.of('en')}")
    return label


def row_title(component: Component, number: int) -> Text:
    """What one row is called: the properties `row_zh` and `row_en` with its number from 1."""
    noun = component.property_text("row", Text("第", "No."))
    return Text(f"{noun.zh} {number}", f"{noun.of('en')} {number}")


def _rows_around(components: tuple[Component, ...], place: Place) -> Iterator[tuple[Component, int]]:
    lists = [c for c in walk(components) if c.kind == "rows" and place.component.path.startswith(f"{c.path}[]")]
    for component, index in zip(lists, place.rows, strict=False):
        yield component, index + 1
