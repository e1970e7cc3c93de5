"""One component of a form file, parsed: what it asks, how it is bound to the data and what it allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.feel import Expression
from app.texts import Text

HARD_MAX_ROWS = 500


@dataclass(frozen=True)
class Option:
    """One choice of a select, radio or checklist."""

    value: str
    label: Text


@dataclass(frozen=True, eq=False)
class Component:
    """A field, group, list of rows or text of a form.

    `path` is the pattern of its place in the data ("orders[].amount"; empty where it binds none), `kind` says how an
    entry is read (money, whole, date, choice ...; empty for layout). Bounds are Decimal, lengths characters.
    """

    type: str
    id: str
    path: str = ""
    kind: str = ""
    label: Text = Text("")
    hint: Text = Text("")
    properties: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Component, ...] = ()
    options: tuple[Option, ...] = ()
    options_from: Expression | None = None
    required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int = 0
    max_length: int = 1000
    min_rows: int = 0  # of a list; of files, how many at least where there are any
    max_rows: int = 100
    start_rows: int = 0
    rows_stay: bool = False  # a list to which people neither add nor take away
    places: int = 10
    pattern: Any = None  # a compiled re2 pattern: linear in the length of the text
    hide: Expression | None = None
    min_from: Expression | None = None
    max_from: Expression | None = None
    may_be_unbounded: bool = False  # a bound's expression says null itself
    checklist: Expression | None = None
    displays: Mapping[str, Expression] = field(default_factory=dict)  # asked, bound, earlier
    depending: Mapping[str, Expression] = field(default_factory=dict)  # required_, allowed_, value_, check_expression
    wording: Mapping[str, Expression] = field(default_factory=dict)  # expressions inside label, hint and text
    disabled: bool = False
    readonly: bool = False
    default: Any = None
    default_from: Expression | None = None
    sensitive: bool = False
    multiple: bool = False
    accept: str = ""
    prefix: Text = Text("")
    suffix: Text = Text("")
    row: str = ""
    columns: int | None = None

    @property
    def is_field(self) -> bool:
        """Whether it holds one entry (and no rows)."""
        return bool(self.kind) and self.kind != "rows"

    @property
    def fixed(self) -> bool:
        """Whether people see it but cannot change it."""
        return self.disabled or self.readonly

    def property_text(self, name: str, default: Text) -> Text:
        """The Text of the properties `name_zh` and `name_en`."""
        zh, en = self.properties.get(f"{name}_zh", ""), self.properties.get(f"{name}_en", "")
        return Text(zh or en, en) if zh or en else default


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """All components, parents before their children, in the file's order."""
    for component in components:
        yield component
        yield from walk(component.children)
