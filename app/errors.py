"""The named errors of the product: what went wrong in both languages, and no HTTP numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.texts import Text


class ProductError(Exception):
    """Something that a person can be told; `text` says what happened, what was expected and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


class NotFound(ProductError):
    """There is no such thing, or none that this person may know of."""

    def __init__(
        self,
        zh: str = "找不到这项内容，或者您无权查看。",
        en: str = "Nothing was found here, or it is not open to you.",
    ) -> None:
        super().__init__(zh, en)


class Forbidden(ProductError):
    """The person is known and so is the thing, but this act is not theirs."""


class FourEyes(Forbidden):
    """The act must be done by another person than one who already worked on the case."""


class Conflict(ProductError):
    """Somebody else was first; nothing was changed and what was typed is kept."""

    def __init__(self, zh: str, en: str, *, by: str = "", at: Any = None) -> None:
        super().__init__(zh, en)
        self.by, self.at = by, at


class Refused(ProductError):
    """A rule of the product refuses this, for example a limit that is used up."""


@dataclass(frozen=True)
class FieldError:
    """One field's fault: `path` as in the form ("orders[0].amount"), its label, what was entered and what may be."""

    path: str
    label: Text
    text: Text


class InvalidForm(ProductError):
    """What was entered does not fit the form; `errors` has one entry a field, nothing was changed."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(f"有 {len(errors)} 处需要修改", f"{len(errors)} entries need a change")
        self.errors = tuple(errors)


@dataclass(frozen=True)
class Problem:
    """One fault of a diagram, form or table: where (element id, line in the file) and what."""

    where: str
    line: int | None
    text: Text


class DefinitionRefused(ProductError):
    """A diagram, form or rule file cannot be published; `problems` has each fault with its element and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        shown = "；".join(f"{p.where}（第 {p.line} 行）：{p.text.zh}" for p in problems)
        super().__init__(shown, "; ".join(f"{p.where} (line {p.line}): {p.text.of('en')}" for p in problems))
        self.problems = tuple(problems)
