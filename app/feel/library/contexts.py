"""Built-ins that read contexts or make new ones."""

from __future__ import annotations

from typing import Any

from app.feel.comparison import MAX_VALUE_DEPTH, too_deep
from app.feel.library.registry import builtin
from app.feel.run import Run, Value

Context = dict[str, Any]


@builtin("get value", "m: context", "key: string")
def get_value(run: Run, m: Context, key: str) -> Value:
    """The entry of that key, null where there is none."""
    return m.get(key)


@builtin("get value", "context: context", "keys: list")
def get_value_at(run: Run, m: Context, keys: list[Value]) -> Value:
    """The entry that a path of keys leads to (Camunda)."""
    value: Value = m
    for key in keys:
        value = value.get(key) if type(value) is dict and type(key) is str else None
    return value


@builtin("get entries", "m: context")
def get_entries(run: Run, m: Context) -> list[Value]:
    """A list of contexts with key and value."""
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context put", "context: context", "key: string", "value: any")
@builtin("put", "context: context", "key: string", "value: any")
def put(run: Run, context: Context, key: str, value: Value) -> Context:
    """The context with one entry added or replaced."""
    run.spend(len(context))
    return {**context, key: value}


@builtin("context put", "context: context", "keys: list", "value: any")
def put_at(run: Run, context: Context, keys: list[Value], value: Value) -> Context | None:
    """The context with the entry at a path of keys added or replaced; contexts on the way are made where missing."""
    if not keys or not all(type(key) is str for key in keys):
        return None
    if len(keys) > MAX_VALUE_DEPTH:
        raise too_deep()
    run.spend(len(context))
    inner = context.get(keys[0])
    if len(keys) == 1:
        return {**context, keys[0]: value}
    if inner is not None and type(inner) is not dict:
        return None
    made = put_at(run, inner or {}, keys[1:], value)
    return None if made is None else {**context, keys[0]: made}


@builtin("context merge", "contexts: list")
@builtin("put all", "contexts: list")
def merge(run: Run, contexts: list[Value]) -> Context | None:
    """All entries of all contexts, the later ones winning; null where an element is no context."""
    merged: Context = {}
    for context in contexts:
        if type(context) is not dict:
            return None
        run.spend(len(context))
        merged.update(context)
    return merged


@builtin("context", "entries: list")
def context_of(run: Run, entries: list[Value]) -> Context | None:
    """The context of a list of key and value pairs; null for a key twice, a missing part, or a key that is no text."""
    made: Context = {}
    for entry in entries:
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            return None
        if entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made
