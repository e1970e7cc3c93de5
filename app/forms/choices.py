"""What can be chosen or uploaded where the case decides it: computed options and the slots of a checklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.feel import FeelError
from app.forms.component import Option
from app.forms.situation import Place, Situation
from app.texts import Text

MAX_ITEMS = 500


@dataclass(frozen=True)
class Slot:
    """One document that a checklist asks for."""

    kind: str
    label: Text
    hint: Text
    mandatory: bool


def options_at(situation: Situation, place: Place) -> tuple[Option, ...]:
    """The options of a field: those of the file, or what its expression gives (texts or {label, label_en, value}).

    Of those of the file only what the property `allowed_expression` lists; none where it cannot be computed.
    """
    component = place.component
    if component.options_from is None:
        if "allowed_expression" not in component.depending:
            return component.options
        allowed = _items(situation, place, "allowed")
        return tuple(option for option in component.options if option.value in allowed)
    return tuple(option for item in _items(situation, place, "options") if (option := _option(item)))


def _option(item: object) -> Option | None:
    if isinstance(item, Mapping) and "value" in item:
        value = str(item["value"])
        return Option(value, Text(str(item.get("label") or value), str(item.get("label_en") or "")))
    return Option(str(item), Text(str(item))) if isinstance(item, str) else None


def slots_at(situation: Situation, place: Place) -> tuple[Slot, ...]:
    """The slots of a filepicker's checklist: {kind, name, name_en, mandatory, why, why_en} each."""
    return tuple(
        Slot(
            str(item["kind"]),
            Text(str(item.get("name") or item["kind"]), str(item.get("name_en") or "")),
            Text(str(item.get("why") or ""), str(item.get("why_en") or "")),
            bool(item.get("mandatory")),
        )
        for item in _items(situation, place, "checklist")
        if isinstance(item, Mapping) and item.get("kind")
    )


def _items(situation: Situation, place: Place, source: str) -> list[object]:
    component = place.component
    expression = {
        "options": component.options_from,
        "checklist": component.checklist,
        "allowed": component.depending.get("allowed_expression"),
    }[source]
    try:
        value = situation.value(expression, place)
    except FeelError:
        return []
    return value[:MAX_ITEMS] if isinstance(value, list) else []
