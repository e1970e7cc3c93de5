"""How a value of a form is shown to people, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.forms.component import Component, Option
from app.forms.entries import is_reference
from app.forms.identifiers import mask
from app.forms.limits import amount
from app.forms.numbers import written
from app.texts import Text

DASH = Text("—")
YES, NO = Text("是", "Yes"), Text("否", "No")


def shown(component: Component, value: Any, options: tuple[Option, ...] | None = None) -> Text:
    """A value in words: 4,000,000.00 元, an option's label, 是, 3 份文件; a dash where there is none."""
    if is_reference(value):
        return Text(str(value.get("masked", "")) or "****")
    if isinstance(value, bool):
        return YES if value else NO
    if component.sensitive and isinstance(value, str) and value:
        return Text(mask(component.kind, value))
    if value is None or value == "" or value == [] or value == {}:
        return DASH
    if isinstance(value, int | Decimal):
        return amount(component, value)
    labels = {option.value: option.label for option in (component.options if options is None else options)}
    if component.kind == "choice":
        return labels.get(str(value), Text(str(value)))
    if component.kind == "choices" and isinstance(value, list):
        found = [labels.get(str(item), Text(str(item))) for item in value]
        return Text("、".join(item.zh for item in found), ", ".join(item.of("en") for item in found))
    if component.kind in ("files", "slots", "rows"):
        return count(component, value)
    return Text(str(value))


def count(component: Component, value: Any) -> Text:
    """How many files or rows there are."""
    number = sum(len(ids) for ids in value.values()) if isinstance(value, Mapping) else len(value)
    if component.kind == "rows":
        return Text(f"{number} 笔", f"{number} entries" if number != 1 else "1 entry")
    return Text(f"{number} 份文件", f"{number} files" if number != 1 else "1 file")


def typed(component: Component, value: Any) -> str:
    """The text in an input: a read number as people write it, what could not be read as it was typed."""
    if is_reference(value):
        return str(value.get("masked", ""))
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | Decimal):
        return written(value, component.kind) if component.kind == "money" else str(value)
    return value if isinstance(value, str) else ""


def difference(component: Component, before: Any, after: Any, than: Text) -> Text:
    """How a number differs from an earlier one, in words: 比初审少 200,000.00 元（−6.7%）; empty where it does not."""
    if not _numbers(before, after) or before == after:
        return Text("")
    gap = amount(component, abs(after - before))
    if component.kind == "percent":
        step = written(abs(Decimal(after) - Decimal(before)), "percent")
        gap = Text(f"{step} 个百分点", f"{step} percentage points")
    zh, en = ("多", "more") if after > before else ("少", "less")
    share = "" if component.kind == "percent" or not before else _share(before, after)
    zh_share, en_share = (f"（{share}）", f" ({share})") if share else ("", "")
    return Text(f"比{than.zh}{zh} {gap.zh}{zh_share}", f"{gap.of('en')} {en} than {than.of('en')}{en_share}")


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in values)


def _share(before: Any, after: Any) -> str:
    percent = (Decimal(after) - Decimal(before)) / abs(Decimal(before)) * 100
    return f"{'+' if percent > 0 else '−'}{abs(percent):,.1f}%"
