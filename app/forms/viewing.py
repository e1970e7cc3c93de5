"""Builds the nodes of a page from a form, its entries and its errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.errors import FieldError
from app.forms.changes import row_summary
from app.forms.checking import row_title
from app.forms.choices import options_at, slots_at
from app.forms.column_layout import lines_of
from app.forms.component import Component, Option, walk
from app.forms.entries import REFERENCE, is_reference
from app.forms.grid import column_heads, terms_of
from app.forms.node import EMPTY, Node, NodeOption, NodeRow, NodeSlot, field_id
from app.forms.paths import MISSING, get, join
from app.forms.shown import DASH, shown, typed
from app.forms.situation import Place, Situation
from app.forms.templates import filled
from app.texts import Text

COLUMNS = 16
GRID_TYPES = frozenset({"textfield", "number", "select", "datetime"})  # what fits a line of the decision grid
NUMERIC = frozenset({"money", "whole", "percent", "number"})
INPUT_MODES = {
    "money": "decimal",
    "percent": "decimal",
    "number": "decimal",
    "whole": "numeric",
    "phone": "tel",
    "email": "email",
}
UNITS = {"money": Text("元", "CNY"), "percent": Text("%")}


@dataclass(frozen=True)
class Page:
    """What all nodes of one page share."""

    situation: Situation
    raw: Mapping[str, Any]
    errors: Mapping[str, Text]
    readonly: bool
    watched: frozenset[str]  # names that conditions use


def view_nodes(
    situation: Situation, raw: Mapping[str, Any], errors: Sequence[FieldError], readonly: bool
) -> list[Node]:
    """The visible nodes, each group and row with its children."""
    watched = frozenset(name for c in walk(situation.components) if c.hide for name in c.hide.names)
    page = Page(situation, raw, {error.path: error.text for error in errors}, readonly, watched)
    return list(_nodes(page, situation.components, ()))


def _nodes(
    page: Page, components: tuple[Component, ...], rows: tuple[int, ...], heads: tuple[Text, ...] = ()
) -> tuple[Node, ...]:
    visible = [p for c in components if (p := Place(c, rows)).key not in page.situation.hidden]
    spans = _spans([place.component for place in visible])
    return tuple(
        Node(span=span, starts_row=starts, **_common(page, place), **_own(page, place, heads))
        for place, (span, starts) in zip(visible, spans, strict=True)
    )


def _spans(components: list[Component]) -> Iterator[tuple[int, bool]]:
    """(columns of 16, begins a line) of each; neighbours of the same layout row share a line."""
    for index, component in enumerate(components):
        line = [c for c in components if c.row and c.row == component.row] or [component]
        free = [c for c in line if not c.columns]
        taken = sum(c.columns or 0 for c in line)
        share = max((COLUMNS - taken) // len(free), 2) if free else COLUMNS
        if free and component is free[-1]:  # what does not divide goes to the last, so that lines end together
            share = max(COLUMNS - taken - share * (len(free) - 1), 2)
        starts = index == 0 or not component.row or components[index - 1].row != component.row
        yield min(component.columns or share, COLUMNS), starts


def _own(page: Page, place: Place, heads: tuple[Text, ...]) -> dict[str, Any]:
    """What a node has by its type, beyond what all have."""
    component = place.component
    if component.type == "group":
        inner = column_heads(component) if component.properties.get("layout") == "terms" else ()
        return {"heads": inner, "children": _nodes(page, component.children, place.rows, inner)}
    if component.kind == "rows":
        return _list(page, place)
    if not component.kind:
        return {}
    terms = terms_of(page.situation, place, heads) if heads and component.type in GRID_TYPES else None
    return {**_entry(page, place), "refreshes": terms is not None or _watched(page, component), "terms": terms}


def _watched(page: Page, component: Component) -> bool:
    """Whether conditions or the grid's words depend on the entry: the page asks the server again when it changes."""
    return bool(page.watched & set(component.path.replace("[]", "").split(".")))


def _common(page: Page, place: Place) -> dict[str, Any]:
    component, situation = place.component, page.situation
    scope = situation.scope(place) if component.wording else {}
    label = filled(component.label, component.wording, scope, situation.moment)
    hint = filled(component.hint, component.wording, scope, situation.moment)
    readonly = page.readonly or component.fixed or place.path in situation.given
    wanted = "required_expression" in component.depending
    asks = bool(component.kind) and not readonly
    least_rows = component.min_rows if component.kind == "rows" else 0
    return dict(
        type=component.type,
        id=field_id(place.path) if place.path else f"field-{component.id}" + "".join(f"-{i}" for i in place.rows),
        path=place.path,
        kind=component.kind,
        label=label,
        hint=hint,
        error=page.errors.get(place.path) if place.path else None,
        required=component.required or least_rows > 0,
        optional=asks and not (component.required or wanted or least_rows) and component.kind not in ("flag", "slots"),
        readonly=readonly,
        conditional=component.hide is not None,
        prefix=component.prefix,
        suffix=_unit(component),
        layout=component.properties.get("layout", ""),
    )


def _unit(component: Component) -> Text:
    """The unit beside an input, where neither the file nor the label says it."""
    unit = UNITS.get(component.kind, EMPTY)
    return component.suffix if component.suffix.zh or (unit.zh and unit.zh in component.label.zh) else unit


def _entry(page: Page, place: Place) -> dict[str, Any]:
    component = place.component
    value = get(page.raw, place.path)
    value = component.default if value is MISSING and not page.readonly else value
    known = get(page.situation.entered, place.path)
    options = options_at(page.situation, place) if component.kind in ("choice", "choices") else ()
    readable = None if known is MISSING else known
    words = shown(component, readable, options) if readable is not None else Text(typed(component, value) or DASH.zh)
    return dict(
        value=typed(component, readable if component.kind in ("money", "date") and readable is not None else value),
        shown=words,
        checked=readable is True,
        options=_options(field_id(place.path), options, value),
        reference=str(value[REFERENCE]) if is_reference(value) else "",
        limits=_length_hint(component),
        input_mode=INPUT_MODES.get(component.kind, ""),
        autocomplete=component.properties.get("autocomplete", "off" if component.sensitive else ""),
        min_length=component.min_length,
        max_length=component.max_length if component.kind == "text" else 0,
        accept=component.accept,
        multiple=component.multiple,
        slots=_slots(page, place, value) if component.kind in ("files", "slots") else (),
    )


def _length_hint(component: Component) -> Text:
    if component.type != "textarea" or not component.min_length:
        return EMPTY
    least, most = component.min_length, component.max_length
    if str(least) in component.hint.zh:
        return EMPTY
    return Text(f"{least} 到 {most} 个字", f"{least} to {most} characters")


def _options(id_: str, options: tuple[Option, ...], value: Any) -> tuple[NodeOption, ...]:
    chosen = {str(item) for item in value} if isinstance(value, list | tuple) else {str(value)}
    return tuple(
        NodeOption(option.value, option.label, option.value in chosen, id_ if not index else f"{id_}-{index}")
        for index, option in enumerate(options)
    )


def _slots(page: Page, place: Place, value: Any) -> tuple[NodeSlot, ...]:
    component, path = place.component, place.path
    if component.kind == "files":
        files = tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()
        return (
            NodeSlot(path, field_id(path), component.label, EMPTY, component.required, files, page.errors.get(path)),
        )
    given = value if isinstance(value, Mapping) else {}
    found = []
    for slot in slots_at(page.situation, place):
        at = join(path, slot.kind)
        ids = given.get(slot.kind)
        files = tuple(str(item) for item in ids) if isinstance(ids, list | tuple) else ()
        found.append(NodeSlot(at, field_id(at), slot.label, slot.hint, slot.mandatory, files, page.errors.get(at)))
    return tuple(found)


def _list(page: Page, place: Place) -> dict[str, Any]:
    component = place.component
    rows = get(page.raw, place.path)
    count = len(rows) if isinstance(rows, list) else 0
    entered = get(page.situation.entered, place.path)
    entered = entered if isinstance(entered, list) else []
    drawn = tuple(_row(page, place, index, entered, index == count - 1) for index in range(count))
    changeable = not page.readonly and not component.fixed and not component.rows_stay
    return dict(
        rows=drawn,
        lines=lines_of(drawn) if component.properties.get("layout") == "columns" else (),
        can_add=changeable and count < component.max_rows,
        can_remove=changeable,
        add_label=component.property_text("add", Text("再加一项", "Add another")),
        total=_total(component, entered),
    )


def _row(page: Page, place: Place, index: int, entered: list[Any], last: bool) -> NodeRow:
    path = f"{place.path}[{index}]"
    summary = row_summary(place.component, entered[index]) if index < len(entered) else DASH
    faulty = any(error.startswith((f"{path}.", f"{path}[")) for error in page.errors)
    children = _nodes(page, place.component.children, (*place.rows, index))
    # rows that the form brings along are there to be answered
    opened = faulty or last or summary == DASH or page.readonly or place.component.rows_stay
    return NodeRow(path, row_title(place.component, index + 1), summary, opened, children)


def _total(component: Component, entered: list[Any]) -> Text:
    """The count of the rows and the sum of the entry that the property `total` names: 2 笔，合计 1,105,000.00 元."""
    name = component.properties.get("total", "")
    summed = next((c for c in component.children if c.path == f"{component.path}[].{name}" and c.kind in NUMERIC), None)
    if not summed or not entered:
        return EMPTY
    values = (get(row, name) for row in entered)
    total = shown(summed, sum((v for v in values if isinstance(v, int | Decimal)), Decimal(0)))
    number = len(entered)
    noun = "entry" if number == 1 else "entries"
    return Text(f"{number} 笔，合计 {total.zh}", f"{number} {noun}, {total.of('en')} in all")
