"""What the answers of outside sources are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.texts import Text
from app.use_cases.parties.report_words import LABELS, WORDS, row_words
from app.web.page_models import Fact


def report_facts(kind: str, data: Mapping[str, Any], reference: str) -> tuple[Fact, ...]:
    """The facts of one report with the source's own number; what has no name here is left out."""
    found = [_fact(key, value) for key, value in data.items() if key in LABELS]
    return (*found, Fact(Text("来源编号", "Source's number"), reference, "code"))


def _fact(key: str, value: Any) -> Fact:
    label, kind = LABELS[key]
    if isinstance(value, list):
        shown = tuple(_item(item) for item in value)
        return Fact(label, shown or Text("无", "none"), kind if shown else "text")
    return Fact(label, WORDS.get(value, value) if isinstance(value, str) else value, kind)


def _item(item: Any) -> Text:
    return row_words(item) if isinstance(item, Mapping) else WORDS.get(str(item), Text(str(item)))
