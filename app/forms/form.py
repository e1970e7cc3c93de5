"""A form, parsed: what it asks, and everything that is done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marshmallow import Schema

from app.errors import FieldError
from app.forms.changes import Change, changes_between
from app.forms.checking import Checked, run_checks, too_much
from app.forms.component import Component, walk
from app.forms.entries import UNCHECKED, is_reference
from app.forms.facts import Facts, facts_of
from app.forms.fields import Purpose
from app.forms.limits import is_checked
from app.forms.node import Node
from app.forms.paths import INDEX_FREE, replaced
from app.forms.posted import Entered, MultiDict, Posted, decoded
from app.forms.prefill import prefilled, with_fixed, with_references
from app.forms.schemas import compile_schema
from app.forms.situation import Situation
from app.forms.viewing import view_nodes
from app.moment import Moment
from app.texts import Text


@dataclass(frozen=True, eq=False)
class Form:
    """One form file: `key` is its id, `properties` the root's properties (product, process, order ...)."""

    key: str
    name: Text
    properties: Mapping[str, str]
    components: tuple[Component, ...]

    @cached_property
    def schema(self) -> type[Schema]:
        """The marshmallow schema that checks submitted entries; the API describes itself with it."""
        return compile_schema(self.components, Purpose.CHECK)

    @cached_property
    def _loaders(self) -> Mapping[Purpose, Schema]:
        return {purpose: compile_schema(self.components, purpose)() for purpose in Purpose}

    @cached_property
    def fields(self) -> tuple[Component, ...]:
        """All components that hold an entry, in the file's order."""
        return tuple(component for component in walk(self.components) if component.is_field)

    def decode(self, posted: MultiDict | Mapping[str, Any]) -> dict[str, Any]:
        """The nested raw entries of a posted HTML form; `_add` and `_remove` buttons are carried out."""
        return decoded(self.components, posted)

    def entries(self, entered: Entered) -> dict[str, Any]:
        """Nested raw entries as they are, or decoded where a browser posted them."""
        return decoded(self.components, entered) if isinstance(entered, Posted) else dict(entered)

    def check(
        self,
        raw: Mapping[str, Any],
        context: Mapping[str, Any],
        moment: Moment,
        *,
        lenient: bool = False,
        stored: Mapping[str, Any] | None = None,
    ) -> Checked:
        """The plain data of the raw entries and the faults, in the form's order; never raises for what was entered.

        `stored` is the last saved data (draft or earlier round): its references stand again where a masked text came
        back unchanged. Lenient is for drafts: all that was typed is kept and nothing is an error, but for entries that
        are more than any form holds; then there is no data, and what was stored before should stay.
        """
        if told := too_much(raw):
            return Checked({}, (FieldError("", self.name, told),))
        entries = with_references(self.sensitive_paths(), raw, stored or {}, context)
        if lenient:
            kept: dict[str, Any] = self._loaders[Purpose.KEEP].load(entries)
            return Checked(kept, ())
        entries = with_fixed(self.components, entries, context)
        return run_checks(self._loaders[Purpose.CHECK], self.situation(entries, context, moment), entries)

    def situation(self, raw: Mapping[str, Any], context: Mapping[str, Any], moment: Moment) -> Situation:
        """The readable entries and what the conditions hide."""
        return Situation(self.components, self._loaders[Purpose.READ].load(raw), context, moment)

    def view(
        self,
        raw: Mapping[str, Any],
        context: Mapping[str, Any],
        moment: Moment,
        errors: Sequence[FieldError] = (),
        readonly: bool = False,
    ) -> list[Node]:
        """The visible nodes for a page; absent entries are filled from the context and the file's defaults.

        Answers that are only shown are not filled up, so that nobody reads what was never entered.
        """
        only_shown = readonly and raw
        entries = (
            with_fixed(self.components, raw, context)
            if only_shown
            else prefilled(self.components, raw, context, moment)
        )
        return view_nodes(self.situation(entries, context, moment), entries, errors, readonly)

    def read(self, data: Mapping[str, Any], language: str) -> list[Facts]:
        """The submitted data as facts to read: (group title, [(label, shown value in the language)])."""
        return facts_of(self.components, data, language)

    def diff(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
        """What changed between two rounds, in words."""
        return changes_between(self.components, old, new)

    def sensitive_paths(self) -> tuple[str, ...]:
        """The path patterns whose values must not be stored in clear ("guarantors[].id_number")."""
        return self._sensitive

    @cached_property
    def _sensitive(self) -> tuple[str, ...]:
        return tuple(component.path for component in self.fields if component.sensitive)

    def columns(self) -> dict[str, str]:
        """{path pattern: name of the typed case column}, from the property `column`."""
        return {c.path: c.properties["column"] for c in self.fields if c.properties.get("column")}

    def swap_sensitive(self, data: Mapping[str, Any], swap: Callable[[str, str, Any], Any]) -> dict[str, Any]:
        """A copy of the data with `swap(path, kind, value)` at every sensitive place that holds something.

        A reference that swap makes for a text that no check would give (a half-typed number in a draft) is marked
        unchecked: it is shown masked, and submitting asks for the entry again.
        """
        components = {component.path: component for component in self.fields}

        def change(path: str, value: Any) -> Any:
            if value is None or value == "":
                return value
            component = components[INDEX_FREE.sub("[]", path)]
            swapped = swap(path, component.kind, value)
            half_typed = not is_reference(value) and is_reference(swapped) and not is_checked(component, value)
            return {**swapped, UNCHECKED: True} if half_typed else swapped

        return replaced(data, self._sensitive, change)
