"""What changed between two rounds of a form, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from app.forms.checking import row_title
from app.forms.component import Component
from app.forms.entries import REFERENCE, is_reference
from app.forms.paths import MISSING, fill, get
from app.forms.shown import DASH, difference, shown
from app.plain import dumps
from app.texts import Text


@dataclass(frozen=True)
class Change:
    """One entry that differs: `before` and `after` as they are shown, `sentence` says it whole."""

    label: Text
    before: Text
    after: Text
    path: str
    sentence: Text


def changes_between(components: tuple[Component, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The changes in the form's order; rows are compared with the row that most likely was the same one."""
    return list(_changes(components, old, new, (), (), Text("")))


def _changes(
    components: tuple[Component, ...], old: Any, new: Any, was: tuple[int, ...], now: tuple[int, ...], within: Text
) -> Iterator[Change]:
    for component in components:
        if not component.kind:
            yield from _changes(component.children, old, new, was, now, within)
            continue
        before, after = get(old, fill(component.path, was)), get(new, fill(component.path, now))
        if component.kind == "rows":
            yield from _row_changes(component, old, new, was, now, within)
        elif not _same(before, after):
            yield _change(component, before, after, fill(component.path, now), within)


def _same(before: Any, after: Any) -> bool:
    blank: tuple[Any, ...] = (MISSING, None, "", [], {}, False)
    if any(before is item or before == item for item in blank):
        return any(after is item or after == item for item in blank)
    if is_reference(before) and is_reference(after):
        return bool(before[REFERENCE] == after[REFERENCE])
    return bool(before == after)


def _change(component: Component, before: Any, after: Any, path: str, within: Text) -> Change:
    label = _within(within, component.label)
    was = DASH if before is MISSING else shown(component, before)
    now = DASH if after is MISSING else shown(component, after)
    gap = difference(component, before, after, Text("上一轮", "in the earlier round"))
    zh = f"{label.zh}由 {was.zh} 改为 {now.zh}" + (f"，{gap.zh}" if gap.zh else "")
    en = f"{label.of('en')} changed from {was.of('en')} to {now.of('en')}" + (f", {gap.of('en')}" if gap.zh else "")
    if was == now:  # a masked number or other files: the change is real though it looks the same
        zh, en = (
            f"{label.zh}换了内容，显示仍为 {now.zh}",
            f"{label.of('en')} was replaced; it still shows as {now.of('en')}",
        )
    return Change(label, was, now, path, Text(zh, en))


def _within(within: Text, label: Text) -> Text:
    return Text(f"{within.zh}：{label.zh}", f"{within.of('en')}: {label.of('en')}") if within.zh else label


def _row_changes(
    component: Component, old: Any, new: Any, was: tuple[int, ...], now: tuple[int, ...], within: Text
) -> Iterator[Change]:
    path = fill(component.path, now)
    before, after = _rows(old, fill(component.path, was)), _rows(new, path)
    matcher = SequenceMatcher(None, [dumps(row) for row in before], [dumps(row) for row in after], autojunk=False)
    for kind, from_, to, start, stop in matcher.get_opcodes():
        if kind == "equal":
            continue
        paired = min(to - from_, stop - start)
        for step in range(paired):
            title = _within(within, row_title(component, start + step + 1))
            yield from _changes(component.children, old, new, (*was, from_ + step), (*now, start + step), title)
        for index in range(from_ + paired, to):
            yield _row_change(component, before[index], None, index, path, within)
        for index in range(start + paired, stop):
            yield _row_change(component, None, after[index], index, f"{path}[{index}]", within)


def _rows(data: Any, path: str) -> list[Any]:
    rows = get(data, path)
    return rows if isinstance(rows, list) else []


def _row_change(component: Component, before: Any, after: Any, index: int, path: str, within: Text) -> Change:
    label = _within(within, row_title(component, index + 1))
    was, now = (DASH if row is None else row_summary(component, row) for row in (before, after))
    if before is None:
        sentence = Text(f"新增{label.zh}：{now.zh}", f"{label.of('en')} was added: {now.of('en')}")
    else:
        sentence = Text(f"删除原{label.zh}：{was.zh}", f"Earlier {label.of('en')} was removed: {was.of('en')}")
    return Change(label, was, now, path, sentence)


def row_summary(component: Component, row: Any, at_most: int = 3) -> Text:
    """One row in a line: its first shown values, without personal numbers."""
    found: list[Text] = []
    for child in component.children:
        value = get(row, child.path[len(component.path) + 2 :].lstrip(".")) if child.is_field else MISSING
        if value is not MISSING and not child.sensitive and (text := shown(child, value)) != DASH:
            found.append(text)
    kept = found[:at_most]
    return Text(" · ".join(t.zh for t in kept), " · ".join(t.of("en") for t in kept)) if kept else DASH
