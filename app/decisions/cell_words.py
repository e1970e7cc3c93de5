"""Table cells and values in words: ">= 750" is ≥ 750, "[620..749]" is 620–749, true is 是 or yes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from app.plain import Plain
from app.texts import Text

NOTHING = "—"

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
_PART = re.compile(
    r"""\s*(?:
        (?P<sign>>=|<=|>|<|=)?\s*(?P<value>-?\d+(?:\.\d+)?|"[^"\\]*"|true|false)
      | (?P<open>[\[(\]])\s*(?P<low>-?\d+(?:\.\d+)?)\s*\.\.\s*(?P<high>-?\d+(?:\.\d+)?)\s*(?P<close>[\])\[])
    )\s*(?:,|$)""",
    re.VERBOSE,
)
_NOT = re.compile(r"not\s*\((.*)\)")


def condition_in_words(cell: str) -> Text:
    """A condition cell in words where it lists values, comparisons and ranges; anything else as it is written."""
    inner = _NOT.fullmatch(cell.strip())
    words = _parts(inner.group(1) if inner else cell)
    if words is None:
        return Text(cell, cell)
    return Text(f"非 {words.zh}", f"not {words.en}") if inner else words


def value_in_words(value: Plain) -> Text:
    """A plain value for reading: numbers in groups of three, 是/否 or yes/no, a dash for null, lists joined."""
    if value is None:
        return Text(NOTHING, NOTHING)
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, int | Decimal):
        return _same(f"{value:,}")
    if isinstance(value, list):
        items = [value_in_words(item) for item in value]
        return Text("；".join(item.zh for item in items) or "无", "; ".join(item.en for item in items) or "none")
    if isinstance(value, Mapping):
        entries = [(key, value_in_words(item)) for key, item in value.items()]
        return Text(
            "，".join(f"{key} {item.zh}" for key, item in entries),
            ", ".join(f"{key} {item.en}" for key, item in entries),
        )
    return _same(str(value))


def _parts(cell: str) -> Text | None:
    found, position = [], 0
    while position < len(cell):
        match = _PART.match(cell, position)
        if match is None:
            return None
        found.append(_part(match))
        position = match.end()
    if not found:
        return None
    return Text("、".join(part.zh for part in found), ", ".join(part.en for part in found))


def _part(match: re.Match[str]) -> Text:
    if match["low"] is not None:
        low, high = _number(match["low"]), _number(match["high"])
        if match["open"] == "[" and match["close"] == "]":
            return _same(f"{low}–{high}")
        lower, upper = "≥" if match["open"] == "[" else ">", "≤" if match["close"] == "]" else "<"
        return Text(f"{lower} {low} 且 {upper} {high}", f"{lower} {low} and {upper} {high}")
    sign = f"{_SIGNS[match['sign']]} " if match["sign"] else ""
    value = match["value"]
    if value in {"true", "false"}:
        words = value_in_words(value == "true")
    else:
        words = _same(value[1:-1] if value.startswith('"') else _number(value))
    return Text(sign + words.zh, sign + words.en)


def _number(text: str) -> str:
    try:
        return f"{Decimal(text):,}"
    except InvalidOperation:
        return text


def _same(text: str) -> Text:
    return Text(text, text)
