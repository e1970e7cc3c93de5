"""Texts of a form with FEEL inside: "=..." as a whole or {{...}} in places, filled when they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.feel import Expression, FeelError, to_plain
from app.forms.numbers import written
from app.moment import Moment
from app.texts import Text

PLACE = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
# the word behind a place says what its number is: "{{overdue}} 元" and "{{overdue}} yuan" are amounts
UNIT_OF_MONEY = re.compile(r"(?:\*\*)?\s*(?:元|yuan\b)")
HEADING = re.compile(r"(#{1,6})\s+(.*)")
BULLET = re.compile(r"[-*]\s+(.*)")
MARKS = re.compile(r"\*\*|__|`|<br\s*/?>|</?[a-zA-Z][^>]*>")
LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")


def expressions_in(text: str) -> list[str]:
    """The FEEL texts inside a text, as they stand there."""
    if text.startswith("="):
        return [text]
    return [match[1] for match in PLACE.finditer(text)]


def filled(text: Text, wording: Mapping[str, Expression], scope: Mapping[str, Any], moment: Moment) -> Text:
    """The text with its expressions' values; an expression that has none leaves a dash."""
    if not wording:
        return text
    return Text(_fill(text.zh, wording, scope, moment), _fill(text.en, wording, scope, moment))


def _fill(text: str, wording: Mapping[str, Expression], scope: Mapping[str, Any], moment: Moment) -> str:
    if text.startswith("="):
        return _shown(wording[text], scope, moment, "") if text in wording else text

    def value(match: re.Match[str]) -> str:
        kind = "money" if UNIT_OF_MONEY.match(text, match.end()) else ""
        return _shown(wording[match[1]], scope, moment, kind) if match[1] in wording else match[0]

    return PLACE.sub(value, text)


def _shown(expression: Expression, scope: Mapping[str, Any], moment: Moment, kind: str) -> str:
    try:
        value = to_plain(expression.evaluate(scope, moment))
    except FeelError:
        return "—"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return written(value, kind)
    return "—" if value is None else str(value)


def blocks(text: str) -> list[tuple[str, str]]:
    """The headings, items, lines and paragraphs of a Markdown text: ("heading"|"item"|"line"|"paragraph", its text).

    Only this much of Markdown is kept: texts come from form files, and no HTML of theirs reaches a page.
    """
    found: list[tuple[str, str]] = []
    for raw in text.splitlines():
        line = LINK.sub(r"\1", MARKS.sub("", raw)).strip()
        if heading := HEADING.fullmatch(line):
            found.append(("heading", heading[2]))
        elif line == "---":
            found.append(("line", ""))
        elif bullet := BULLET.fullmatch(line):
            found.append(("item", bullet[1]))
        elif line:
            found.append(("paragraph", line))
    return found
