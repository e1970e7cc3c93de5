"""Values of a diagram: literal text, or FEEL after an equals sign; parsed at publication, evaluated for a task."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app.engine.failures import EngineFailure
from app.engine.scopes import visible
from app.feel import Expression, FeelError, parse_expression, to_plain
from app.plain import Plain
from app.texts import Text

if TYPE_CHECKING:
    from app.engine.tokens import Token


class Value:
    """One attribute of a diagram: `source` as written; FEEL where it begins with "="."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.expression: Expression | None = parse_expression(source[1:]) if is_feel(source) else None

    def evaluate(self, token: Token) -> object:
        """The FEEL value of the expression in the token's sight, or the literal text; EngineFailure where it fails."""
        if self.expression is None:
            return self.source
        try:
            return self.expression.evaluate(visible(token), token.workflow.moment)
        except FeelError as fault:
            raise failure(token, self._failed(fault.text)) from fault

    def plain(self, token: Token) -> Plain:
        """The plain value, as variables hold it."""
        value = self.evaluate(token)
        if isinstance(value, str):
            return value
        try:
            return to_plain(value)
        except FeelError as fault:
            raise failure(token, self._failed(fault.text)) from fault

    def text(self, token: Token) -> str:
        """The value as text: a string or a number; EngineFailure for null and anything else."""
        value = self.plain(token)
        if value is None or isinstance(value, bool | list | dict) or value == "":
            zh, en = f"表达式 {self.source} 没有给出文字。", f"The expression {self.source} gave no text."
            raise failure(token, Text(zh, en))
        return str(value)

    def truth(self, token: Token) -> bool:
        """True or false; EngineFailure for null and anything else, which a misspelt variable gives."""
        value = self.evaluate(token)
        if value is True or value is False:
            return bool(value)
        shown = "null" if value is None else type(value).__name__
        zh = f"条件 {self.source} 应当为真或假，结果却是 {shown}；请检查变量名。"
        en = f"The condition {self.source} must be true or false but is {shown}; check its names."
        raise failure(token, Text(zh, en))

    def _failed(self, text: Text) -> Text:
        zh, en = f"表达式 {self.source} 无法计算：{text.zh}", f"The expression {self.source} failed: {text.of('en')}"
        return Text(zh, en)


def is_feel(source: str) -> bool:
    """Whether an attribute's text is FEEL: it begins with an equals sign."""
    return source.startswith("=")


@lru_cache(maxsize=8192)
def value_of(source: str) -> Value:
    """The value of an attribute's text, parsed once; FeelError where it is no FEEL."""
    return Value(source)


def failure(token: Token, text: Text) -> EngineFailure:
    """The failure of the token's element."""
    element = token.task_spec.element
    return EngineFailure(element.id, element.name, text)
