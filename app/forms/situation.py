"""What holds while a form is filled in: the entries read so far, the scope of expressions and what is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.feel import Expression, FeelError, to_plain
from app.forms.component import Component
from app.forms.paths import copied, fill, get, put
from app.moment import Moment

Key = tuple[str, tuple[int, ...]]  # a component's id and the rows it stands in, outermost first
MAX_ROUNDS = 8  # conditions that depend on conditions; a form that needs more is seen as it is then


@dataclass(frozen=True)
class Place:
    """One component in one row: `path` is where its entry stands ("orders[0].amount")."""

    component: Component
    rows: tuple[int, ...]

    @property
    def path(self) -> str:
        return fill(self.component.path, self.rows)

    @property
    def key(self) -> Key:
        return self.component.id, self.rows


def row_count(data: Any, path: str) -> int:
    """How many rows the data has at `path`."""
    rows = get(data, path)
    return len(rows) if isinstance(rows, list) else 0


def places(components: tuple[Component, ...], data: Any, rows: tuple[int, ...] = ()) -> Iterator[Place]:
    """Every component in every row that the data has, in the form's order."""
    for component in components:
        place = Place(component, rows)
        yield place
        if component.kind != "rows":
            yield from places(component.children, data, rows)
            continue
        for index in range(row_count(data, place.path)):
            yield from places(component.children, data, (*rows, index))


@dataclass
class Situation:
    """The entries (`entered`, plain values), the context's variables and what the conditions hide (once settled)."""

    components: tuple[Component, ...]
    entered: dict[str, Any]
    context: Mapping[str, Any]
    moment: Moment
    hidden: set[Key] = field(default_factory=set)
    visible: dict[str, Any] = field(default_factory=dict)  # the entries; what is hidden is None
    given: set[str] = field(default_factory=set)  # the paths of entries that follow from others

    def __post_init__(self) -> None:
        self._settle()
        if self._give():  # what is given may change what conditions hide
            self._settle()

    def _give(self) -> bool:
        """Put what the properties `value_expression` give over what was typed; null gives nothing."""
        for place in places(self.components, self.entered):
            expression = place.component.depending.get("value_expression")
            if expression is None or place.key in self.hidden:
                continue
            try:
                value = self.value(expression, place)
            except FeelError:
                continue
            if value is not None:
                put(self.entered, place.path, value)
                self.given.add(place.path)
        return bool(self.given)

    def _settle(self) -> None:
        self.hidden, self.visible = set(), self.entered
        for _ in range(MAX_ROUNDS):
            before, self.hidden = self.hidden, self._hidden_now()
            if self.hidden == before:
                return
            self.visible = copied(self.entered)
            for place in places(self.components, self.visible):  # a hidden list loses its rows before they are visited
                if place.key in self.hidden and place.path:
                    put(self.visible, place.path, None)

    def _hidden_now(self) -> set[Key]:
        """A hidden entry counts as absent for the conditions of others; what stands in a hidden group is hidden too."""
        found: set[Key] = set()
        for place in places(self.components, self.entered):
            if place.key in found or self._hides(place):
                inside = (place.component,)
                found |= {inner.key for inner in places(inside, self.entered, place.rows)}
        return found

    def _hides(self, place: Place) -> bool:
        if place.component.hide is None:
            return False
        try:
            return self.value(place.component.hide, place) is True
        except FeelError:
            return False  # a condition that cannot be computed shows the field: asking too much loses nothing

    def scope(self, place: Place) -> dict[str, Any]:
        """The names an expression sees: context, entries without what is hidden, and nearest first those of its row.

        As in form-js, `this` is the row or group, `parent` the whole form, `i` the row's number from 1.
        """
        scope = {**self.context, **self.visible}
        prefix = place.component.path.rpartition(".")[0]
        if prefix:
            here = get(self.visible, fill(prefix, place.rows))
            local = here if isinstance(here, Mapping) else {}
            scope |= {**local, "this": dict(local), "parent": self.visible}
        if place.rows:
            scope["i"] = place.rows[-1] + 1
        return scope

    def value(self, expression: Expression | None, place: Place) -> Any:
        """The plain value of an expression at a place; None where it has none. FeelError beyond the limits."""
        if expression is None:
            return None
        return to_plain(expression.evaluate(self.scope(place), self.moment))

    def unknown_names(self, expression: Expression, place: Place) -> list[str]:
        """The names the expression uses that nothing here gives."""
        known = self.scope(place)
        return sorted(name for name in expression.names if name not in known)

    def visible_places(self) -> Iterator[Place]:
        """Every component that is not hidden, in every row."""
        return (place for place in places(self.components, self.entered) if place.key not in self.hidden)
