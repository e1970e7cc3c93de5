"""The one error of FEEL: what is wrong with an expression, where, in both languages."""

from __future__ import annotations

from app.errors import ProductError
from app.texts import Text


class FeelError(ProductError):
    """An expression that is no FEEL, or one that would outgrow its limits.

    `column` counts from 1 in `line`; column 0 means the expression as a whole (a budget that ran out, an assertion).
    """

    def __init__(self, column: int, text: Text, line: int = 1) -> None:
        if column:
            super().__init__(f"第 {line} 行第 {column} 列：{text.zh}", f"line {line}, column {column}: {text.of('en')}")
        else:
            super().__init__(text.zh, text.of("en"))
        self.column, self.line, self.reason = column, line, text


def error_at(source: str, position: int, zh: str, en: str) -> FeelError:
    """The error at `position` (from 0) of `source`, as line and column."""
    line = source.count("\n", 0, position) + 1
    column = position - (source.rfind("\n", 0, position) + 1) + 1
    return FeelError(column, Text(zh, en), line)
