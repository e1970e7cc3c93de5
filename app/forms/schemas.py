"""Compiles a form's components into marshmallow schemas, nested as its data is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import EXCLUDE, Schema
from marshmallow.fields import Field

from app.forms.component import Component
from app.forms.fields import Part, Purpose, Rows, field_of


class FormSchema(Schema):
    """Base of every compiled schema: what the form does not know is left out."""

    class Meta:
        unknown = EXCLUDE


def compile_schema(components: tuple[Component, ...], purpose: Purpose, prefix: str = "") -> type[Schema]:
    """The schema of all entries below `prefix` ("" or a row such as "orders[]").

    One schema a purpose: to check, to read for conditions, to keep a draft.
    """
    tree: dict[str, Any] = {}
    for component in bound_here(components):
        steps = component.path[len(prefix) :].lstrip(".").split(".")
        at = tree
        for step in steps[:-1]:
            at = at.setdefault(step, {})
        at[steps[-1]] = _field(component, purpose)
    return _schema(tree)


def _field(component: Component, purpose: Purpose) -> Field[Any]:
    if component.kind == "rows":
        return Rows(component, compile_schema(component.children, purpose, f"{component.path}[]"), purpose)
    return field_of(component, purpose)


def _schema(tree: dict[str, Any]) -> type[Schema]:
    members = {name: Part(_schema(item)) if isinstance(item, dict) else item for name, item in tree.items()}
    return FormSchema.from_dict(members, name="FormPart")


def bound_here(components: tuple[Component, ...]) -> Iterator[Component]:
    """The components with a value at this level: through groups, not into rows."""
    for component in components:
        if component.kind and component.path:
            yield component
        elif not component.kind:
            yield from bound_here(component.children)
