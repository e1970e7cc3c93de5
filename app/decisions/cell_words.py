"""Table cells and values in words: ">= 750" is ≥ 750, "[620..749]" is 620–749, true is 是 or yes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from app.decisions.value_words import NO_WORDS, ColumnWords
from app.plain import Plain
from app.texts import Text

NOTHING = "—"
MOST_PLACES = 4  # of a number on a page; what is stored is exact
NO_VALUE = Text("没有值", "no value")

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
_PART = re.compile(
    r"""\s*(?:
        (?P<sign>>=|<=|>|<|=)?\s*(?P<value>-?\d+(?:\.\d+)?|"[^"\\]*"|true|false|null)
      | (?P<open>[\[(\]])\s*(?P<low>-?\d+(?:\.\d+)?)\s*\.\.\s*(?P<high>-?\d+(?:\.\d+)?)\s*(?P<close>[\])\[])
    )\s*(?:,|$)""",
    re.VERBOSE,
)
_WORD = re.compile(r'"[^"\\]*"|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*')  # a text, a variable or a path of one
_WRITTEN = {">=": "≥", "<=": "≤", "*": "×"}
_NOT = re.compile(r"not\s*\((.*)\)")
_CONTAINS = re.compile(r'list contains\(\?\s*,\s*("[^"\\]*")\)')


def condition_in_words(cell: str, column: ColumnWords = NO_WORDS) -> Text:
    """A cell in words where it lists values, comparisons and ranges, or reckons with names that have words.

    Anything else stays as it is written. Codes are called what the column calls them.
    """
    contained = _CONTAINS.fullmatch(cell.strip())
    if contained:
        within = value_in_words(contained.group(1)[1:-1], column)
        return Text(f"含 {within.zh}", f"includes {within.en}")
    inner = _NOT.fullmatch(cell.strip())
    words = _parts(inner.group(1) if inner else cell, column)
    if words is None:
        return formula_in_words(cell, column.names) or Text(cell, cell)
    return Text(f"非 {words.zh}", f"not {words.en}") if inner else words


def formula_in_words(cell: str, names: Mapping[str, Text]) -> Text | None:
    """A formula of numbers, signs and named variables ("LPR + 0.80"); None where it uses anything else."""
    words = {word for word in _WORD.findall(cell) if not word.startswith('"')}
    if not words or not all(word in names for word in words):
        return None
    signs = re.sub(r">=|<=|\*", lambda sign: _WRITTEN[sign[0]], cell)

    def said(language: str) -> str:
        return _WORD.sub(lambda word: names[word[0]].of(language) if word[0] in names else word[0], signs)

    return Text(said("zh"), said("en"))


def value_in_words(value: Plain, column: ColumnWords = NO_WORDS) -> Text:
    """A plain value for reading: numbers in groups of three, 是/否 or yes/no, a dash for null, lists joined.

    Codes are called what the column calls them.
    """
    if value is None:
        return Text(NOTHING, NOTHING)
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, int | Decimal):
        return _same(_written(value))
    if isinstance(value, list):
        items = [value_in_words(item, column) for item in value]
        return Text("；".join(item.zh for item in items) or "无", "; ".join(item.en for item in items) or "none")
    if isinstance(value, Mapping):
        entries = [(key, value_in_words(item)) for key, item in value.items()]
        return Text(
            "，".join(f"{key} {item.zh}" for key, item in entries),
            ", ".join(f"{key} {item.en}" for key, item in entries),
        )
    called = column.values.get(str(value))
    return Text(called.zh, called.of("en")) if called else _same(str(value))


def _parts(cell: str, column: ColumnWords) -> Text | None:
    found, position = [], 0
    while position < len(cell):
        match = _PART.match(cell, position)
        if match is None:
            return None
        found.append(_part(match, column))
        position = match.end()
    if not found:
        return None
    return Text("、".join(part.zh for part in found), ", ".join(part.en for part in found))


def _part(match: re.Match[str], column: ColumnWords) -> Text:
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
    elif value == "null":
        words = NO_VALUE
    else:
        words = value_in_words(value[1:-1], column) if value.startswith('"') else _same(_number(value))
    return Text(sign + words.zh, sign + words.en)


def _number(text: str) -> str:
    try:
        return f"{Decimal(text):,}"
    except InvalidOperation:
        return text


def _written(value: int | Decimal) -> str:
    """A number in groups of three; one with more places than anybody reads is said to be about what it is."""
    if isinstance(value, Decimal) and value.is_finite():
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -MOST_PLACES:
            return f"≈ {round(value, MOST_PLACES):,}"
    return f"{value:,}"


def _same(text: str) -> Text:
    return Text(text, text)
