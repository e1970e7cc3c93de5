"""The grid of a decision: what was asked, what the system bounds, what the earlier review said, what I say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.feel import FeelError
from app.forms.component import Component
from app.forms.limits import amount
from app.forms.node import EMPTY, Terms
from app.forms.paths import get
from app.forms.shown import DASH, difference, shown
from app.forms.situation import Place, Situation
from app.texts import Text

HEADS = {
    "item": Text("授信要素", "Term"),
    "asked": Text("申请", "Asked"),
    "bound": Text("系统限制", "System bound"),
    "earlier": Text("初审", "Initial review"),
    "mine": Text("本次决定", "This decision"),
}

MARKS = {">=": "≥", "<=": "≤", "=": ""}


def column_heads(group: Component) -> tuple[Text, ...]:
    """The five heads, empty where no field fills the column; the properties `head_asked_zh` ... replace them."""
    used = {name for child in group.children for name in child.displays} | {"item", "mine"}
    return tuple(group.property_text(f"head_{name}", head) if name in used else EMPTY for name, head in HEADS.items())


def terms_of(situation: Situation, place: Place, heads: tuple[Text, ...]) -> Terms:
    """One line of the grid; a bound that is a number is shown with ≤ or ≥ by the bound that the field enforces."""
    values = {name: _value(situation, place, name) for name in ("asked", "bound", "earlier")}
    component = place.component
    mine = get(situation.entered, place.path)
    before, than = ("asked", heads[1]) if values["earlier"] is None else ("earlier", heads[3])
    return Terms(
        asked=shown_plainly(component, values["asked"]),
        bound=_bound(component, values["bound"]),
        earlier=shown_plainly(component, values["earlier"]),
        difference=difference(component, values[before], mine, than),
    )


def shown_plainly(component: Component, value: Any) -> Text:
    """A value for the narrow grid: money without its unit, which the head or the input says."""
    if component.kind == "money" and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Text(f"{value:,.2f}".removesuffix(".00"))
    return shown(component, value)


def _bound(component: Component, value: Any) -> Text:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return shown(component, value) if value is not None else DASH
    only_least = component.min_from is not None and component.max_from is None
    sign = MARKS.get(component.properties.get("bound_mark", ""), "≥" if only_least else "≤")
    text = shown_plainly(component, value) if component.kind == "money" else amount(component, value)
    return Text(f"{sign} {text.zh}".strip(), f"{sign} {text.of('en')}".strip())


def _value(situation: Situation, place: Place, name: str) -> Any:
    expression = place.component.displays.get(name)
    if expression is None:
        return None
    try:
        return situation.value(expression, place)
    except FeelError:
        return None
