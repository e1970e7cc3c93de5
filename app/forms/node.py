"""What a page draws of a form: nodes with every text in both languages and every value as it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from app.forms.templates import blocks
from app.texts import Text

EMPTY = Text("")


def field_id(path: str) -> str:
    """The HTML id of the field at a path: "field-orders[0].amount"."""
    return f"field-{path}"


@dataclass(frozen=True)
class NodeOption:
    """One choice; `id` is its input's HTML id."""

    value: str
    label: Text
    selected: bool
    id: str


@dataclass(frozen=True)
class NodeSlot:
    """One place for documents: `files` are the ids of those uploaded."""

    path: str
    id: str
    label: Text
    hint: Text
    mandatory: bool
    files: tuple[str, ...]
    error: Text | None


@dataclass(frozen=True)
class NodeRow:
    """One row of a list: its title, a line that sums it up, and whether it is drawn open."""

    path: str
    title: Text
    summary: Text
    opened: bool
    children: tuple[Node, ...]


@dataclass(frozen=True)
class NodeLine:
    """One line of a list whose rows stand as columns: its name and a cell for each row, None where a row has none.

    A line without cells is the heading of those below it.
    """

    label: Text
    hint: Text
    optional: bool
    cells: tuple[Node | None, ...]


@dataclass(frozen=True)
class Terms:
    """One line of the grid asked | bound | earlier | mine; `difference` says mine against earlier in words."""

    asked: Text
    bound: Text
    earlier: Text
    difference: Text


@dataclass(frozen=True)
class Node:
    """One thing to draw. `type` is the component type of the form file, `kind` how an entry is read (money, date ...).

    `value` is the text in an input, `shown` the value in words, `checked` a checkbox's state. `span` counts of 16
    columns, `starts_row` begins a new line. `refreshes` marks an entry on which conditions depend.
    """

    type: str
    id: str
    path: str = ""
    kind: str = ""
    label: Text = EMPTY
    hint: Text = EMPTY
    limits: Text = EMPTY
    value: str = ""
    shown: Text = EMPTY
    checked: bool = False
    error: Text | None = None
    required: bool = False
    optional: bool = False
    readonly: bool = False
    refreshes: bool = False
    conditional: bool = False
    reference: str = ""
    input_mode: str = ""
    autocomplete: str = ""
    min_length: int = 0
    max_length: int = 0
    prefix: Text = EMPTY
    suffix: Text = EMPTY
    accept: str = ""
    multiple: bool = False
    span: int = 16
    starts_row: bool = True
    layout: str = ""
    options: tuple[NodeOption, ...] = ()
    slots: tuple[NodeSlot, ...] = ()
    children: tuple[Node, ...] = ()
    rows: tuple[NodeRow, ...] = ()
    lines: tuple[NodeLine, ...] = ()
    can_add: bool = False
    can_remove: bool = False
    add_label: Text = EMPTY
    total: Text = EMPTY
    terms: Terms | None = None
    heads: tuple[Text, ...] = ()

    def blocks(self, language: str) -> list[tuple[str, str]]:
        """The headings, items and paragraphs of a text in one language."""
        return blocks(self.label.of(language))
