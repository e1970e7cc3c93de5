"""What an entry holds before anybody typed: the context's variable of the same path, else the file's default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.feel import Expression, FeelError, to_plain
from app.forms.component import Component
from app.forms.entries import REFERENCE, is_reference
from app.forms.paths import MISSING, copied, get, places, put
from app.forms.situation import places as component_places
from app.moment import Moment


def prefilled(
    components: tuple[Component, ...], raw: Mapping[str, Any], context: Mapping[str, Any], moment: Moment
) -> dict[str, Any]:
    """The raw entries, with those that are absent filled in; what people cannot change always shows the context."""
    result: dict[str, Any] = copied(raw)
    for place in component_places(components, result):
        component, path = place.component, place.path
        if not path or component.fixed or get(result, path) is not MISSING:
            continue
        given = get(context, path)
        if given is not MISSING and given is not None:
            put(result, path, copied(given))
        elif component.kind == "rows" and max(component.start_rows, component.min_rows):
            count = min(max(component.start_rows, component.min_rows), component.max_rows)
            put(result, path, [{} for _ in range(count)])
        elif component.default_from is not None:
            put(result, path, _evaluated(component.default_from, context, moment))
        elif component.default is not None:
            put(result, path, component.default)
    return with_fixed(components, result, context)


def _evaluated(default: Expression, context: Mapping[str, Any], moment: Moment) -> Any:
    """The default's value; None where what it needs is not known yet: the entry is then empty."""
    try:
        return to_plain(default.evaluate(context, moment))
    except FeelError:
        return None


def with_fixed(components: tuple[Component, ...], raw: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """The raw entries, where what people cannot change is the context's, whatever a browser sent."""
    result: dict[str, Any] = copied(raw)
    for place in component_places(components, result):
        if place.component.fixed and place.path:
            given = get(context, place.path)
            put(result, place.path, copied(given) if given is not MISSING else place.component.default)
    return result


def with_references(
    patterns: tuple[str, ...], raw: Mapping[str, Any], stored: Mapping[str, Any], context: Mapping[str, Any]
) -> dict[str, Any]:
    """The raw entries, where a sensitive text that came back masked and unchanged is the known reference again.

    A reference that is not known here (a browser can send any) counts as the text it shows.
    """
    result: dict[str, Any] = copied(raw)
    for pattern in patterns:
        known = [
            (p, value) for source in (stored, context) for p, value in places(source, pattern) if is_reference(value)
        ]
        for path, value in list(places(result, pattern)):
            put(result, path, _resolved(path, value, known))
    return result


def _resolved(path: str, value: Any, known: list[tuple[str, Any]]) -> Any:
    if is_reference(value):
        text = str(value.get("masked", ""))
        same = [
            item for _, item in known if str(item[REFERENCE]) == str(value[REFERENCE]) and item.get("masked") == text
        ]
        return dict(same[0]) if same else text
    text = value.strip() if isinstance(value, str) else ""
    matching = [(p, item) for p, item in known if text and item.get("masked") == text]
    here = [item for p, item in matching if p == path]
    parties = {str(item[REFERENCE]) for _, item in matching}
    if here or len(parties) == 1:
        return dict((here or [matching[0][1]])[0])
    return value
