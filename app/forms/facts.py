"""Submitted data of a form as facts to read: groups with labels and shown values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.forms.checking import row_title
from app.forms.component import Component
from app.forms.paths import MISSING, fill, get
from app.forms.shown import shown
from app.texts import Text

Facts = tuple[Text, list[tuple[Text, str]]]


def facts_of(components: tuple[Component, ...], data: Mapping[str, Any], language: str) -> list[Facts]:
    """(title, [(label, shown value)]) for each group and row; what was hidden is absent, what is blank is a dash."""
    found: list[Facts] = []
    _gather(components, data, (), Text(""), language, found)
    merged: list[Facts] = []
    for title, facts in found:
        if merged and merged[-1][0] == title:
            merged[-1][1].extend(facts)
        elif facts:
            merged.append((title, facts))
    return merged


def _gather(
    components: tuple[Component, ...],
    data: Mapping[str, Any],
    rows: tuple[int, ...],
    title: Text,
    language: str,
    found: list[Facts],
) -> None:
    facts: list[tuple[Text, str]] = []
    found.append((title, facts))
    for component in components:
        value = get(data, fill(component.path, rows)) if component.kind else MISSING
        if component.type == "group":
            _gather(component.children, data, rows, component.label if component.label.zh else title, language, found)
        elif component.kind == "rows":
            for index in range(len(value) if isinstance(value, list) else 0):
                _gather(component.children, data, (*rows, index), _numbered(component, index), language, found)
        else:
            if value is not MISSING:
                facts.append((component.label, shown(component, value).of(language)))
            continue
        facts = []  # what follows an inner group or row comes after it
        found.append((title, facts))


def _numbered(component: Component, index: int) -> Text:
    return row_title(component, index + 1)
