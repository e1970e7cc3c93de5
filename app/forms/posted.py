"""Turns what a browser posts (names such as "orders[0].amount") into nested raw entries of a form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from app.forms.component import HARD_MAX_ROWS, Component
from app.forms.entries import REFERENCE
from app.forms.paths import MISSING, get, join, put

INDEX = re.compile(r"\[(\d{1,6})\]")
SLOT = re.compile(r"[A-Za-z0-9_-]{1,64}")


class MultiDict(Protocol):
    """What Flask gives as request.form: several values a name."""

    def getlist(self, key: str) -> list[str]: ...

    def keys(self) -> Any: ...


class Posted:
    """The posted values by name; built from a multidict or a plain mapping (for tests and the command line)."""

    def __init__(self, given: MultiDict | Mapping[str, Any]) -> None:
        self.values: dict[str, list[Any]] = {}
        for name in given.keys():  # noqa: SIM118 - a multidict's iteration would repeat names in some versions
            if hasattr(given, "getlist"):
                self.values[name] = list(given.getlist(name))
            else:
                value = given[name]
                self.values[name] = list(value) if isinstance(value, list | tuple) else [value]

    def last(self, name: str) -> Any:
        """The last value of a name (a ticked box comes after its hidden twin), MISSING where it was not sent."""
        found = self.values.get(name)
        return found[-1] if found else MISSING

    def all(self, name: str) -> Any:
        """All non-empty values of a name, MISSING where it was not sent."""
        return [item for item in self.values[name] if item != ""] if name in self.values else MISSING

    def indices(self, path: str) -> list[int]:
        """The row numbers sent below `path`, in order; at most one more than any form allows."""
        found = set()
        for name in self.values:
            if name.startswith(f"{path}[") and (match := INDEX.match(name, len(path))):
                found.add(int(match[1]))
        return sorted(found)[: HARD_MAX_ROWS + 1]

    def below(self, path: str) -> list[str]:
        """The last steps of the names sent below `path`: the slots of a checklist."""
        steps = [name[len(path) + 1 :] for name in self.values if name.startswith(f"{path}.")]
        return [step for step in steps if SLOT.fullmatch(step)]


# nested entries, or what a browser posted and only the form can read
Entered = Mapping[str, Any] | Posted


def decoded(components: tuple[Component, ...], given: MultiDict | Mapping[str, Any] | Posted) -> dict[str, Any]:
    """The raw entries: texts, True/False, lists; names that the form does not know are left out.

    The submit buttons `_add` (value: a list's path), `_remove` (a row's path, or path=document id) change the rows.
    """
    posted = given if isinstance(given, Posted) else Posted(given)
    raw = _level(components, posted, "", "")
    _remove(raw, posted)
    _add(raw, posted, components)
    return raw


def rearranges(given: MultiDict | Mapping[str, Any]) -> bool:
    """Whether the browser asked to add or remove rows or files, or to refresh: show the form again, submit nothing."""
    return any(name in Posted(given).values for name in ("_add", "_remove", "_upload", "_refresh"))


def _level(components: tuple[Component, ...], posted: Posted, pattern: str, here: str) -> dict[str, Any]:
    """The raw entries of one level: `pattern` is its path pattern ("orders[]"), `here` its path ("orders[3]")."""
    raw: dict[str, Any] = {}
    for component in components:
        if not component.kind:
            _merge(raw, _level(component.children, posted, pattern, here))
            continue
        name = component.path[len(pattern) :].lstrip(".")
        value = _value(component, posted, join(here, name))
        if value is not MISSING:
            put(raw, name, value)
    return raw


def _merge(raw: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(raw.get(name), dict):
            _merge(raw[name], value)
        else:
            raw[name] = value


def _value(component: Component, posted: Posted, name: str) -> Any:
    if component.kind == "rows":
        indices = posted.indices(name)
        if not indices and name not in posted.values:
            return MISSING
        removed = {value for value in posted.values.get("_remove", [])}
        return [
            _level(component.children, posted, f"{component.path}[]", f"{name}[{index}]")
            for index in indices
            if f"{name}[{index}]" not in removed
        ]
    if component.kind in ("choices", "files"):
        found = posted.all(name)
        return found[-1:] if found and component.kind == "files" and not component.multiple else found
    if component.kind == "slots":
        kinds = posted.below(name)
        return {kind: posted.all(f"{name}.{kind}") for kind in kinds} if kinds or name in posted.values else MISSING
    value = posted.last(name)
    if component.kind == "flag" and value is not MISSING:
        return value not in ("", "off", "false", False)
    party = posted.last(f"{name}.{REFERENCE}")
    if component.sensitive and party is not MISSING and value is not MISSING:
        return {REFERENCE: party, "masked": value}
    return value


def _remove(raw: dict[str, Any], posted: Posted) -> None:
    for value in posted.values.get("_remove", []):
        path, _, document = str(value).partition("=")
        files = get(raw, path)
        if document and isinstance(files, list) and document in files:
            files.remove(document)


def _add(raw: dict[str, Any], posted: Posted, components: tuple[Component, ...]) -> None:
    lists = _list_patterns(components)
    for value in posted.values.get("_add", []):
        path = str(value)
        component = lists.get(INDEX.sub("[]", path))
        rows = get(raw, path)
        if component is None or (rows is not MISSING and not isinstance(rows, list)):
            continue
        if rows is MISSING and "[" not in path:
            put(raw, path, [{}])
        elif rows is not MISSING and len(rows) < component.max_rows:
            rows.append({})


def _list_patterns(components: tuple[Component, ...]) -> dict[str, Component]:
    found = {}
    for component in components:
        if component.kind == "rows":
            found[component.path] = component
        found |= _list_patterns(component.children)
    return found
