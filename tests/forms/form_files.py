"""Form files for tests, written as short as the format allows, and what tests ask of them again and again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import orjson

from app.forms import Form, parse_form
from app.moment import Moment

MOMENT = Moment(datetime(2026, 11, 21, 2, 0, tzinfo=UTC), date(2026, 11, 21))
NUMBERS = count(1)

Json = dict[str, Any]


def component(type_: str, key: str = "", **more: Any) -> Json:
    """A component with an id of its own; `key` is also its label where none is given."""
    names: Json = {"key": key} if key else {}
    return {"type": type_, "id": f"c{next(NUMBERS)}", "label": key, **names, **more}


def text(key: str, kind: str = "", **more: Any) -> Json:
    """A text field; `kind` as in the property of that name."""
    properties = {**({"kind": kind} if kind else {}), **more.pop("properties", {})}
    return component("textfield", key, properties=properties, **more)


def radio(key: str, *values: str, **more: Any) -> Json:
    return component("radio", key, values=[{"value": value, "label": value.upper()} for value in values], **more)


def group(path: str, *children: Json, **more: Any) -> Json:
    return component("group", path=path, components=list(children), **more)


def rows(path: str, *children: Json, **more: Any) -> Json:
    return component("dynamiclist", path=path, components=list(children), **more)


def required(**more: Any) -> Json:
    return {"required": True, **more}


def written(*components: Json, **root: Any) -> bytes:
    """The bytes of a form file."""
    return orjson.dumps({"schemaVersion": 19, "type": "default", "id": "demo", "components": list(components), **root})


def form_of(*components: Json, **root: Any) -> Form:
    return parse_form(written(*components, **root))


def checked(form: Form, raw: Json, context: Json | None = None, **more: Any) -> Any:
    return form.check(raw, context or {}, MOMENT, **more)


def faults(form: Form, raw: Json, context: Json | None = None, **more: Any) -> dict[str, str]:
    """{path: Chinese text} of a check's errors."""
    return {error.path: error.text.zh for error in checked(form, raw, context, **more).errors}
