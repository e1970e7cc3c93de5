"""Parses a form file (form-js JSON) into a Form, or refuses it with each fault's component and line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from app.errors import DefinitionRefused, Problem
from app.forms.file_reader import FileReader
from app.forms.form import Form
from app.texts import Text

MAX_BYTES = 1_000_000
SCHEMA_VERSION = 19


def parse_form(json: bytes) -> Form:
    """The form of a form-js file with schema version up to 19; DefinitionRefused names every fault."""
    given = _loaded(json)
    reader = FileReader(json.decode("utf-8"))
    version = given.get("schemaVersion", 1)
    if not isinstance(version, int) or not 1 <= version <= SCHEMA_VERSION:
        reader.fault(
            "schemaVersion",
            f"只支持到 {SCHEMA_VERSION}，写了 {version}",
            f"supported up to {SCHEMA_VERSION}, not {version}",
        )
    key = str(given.get("id") or "")
    if not key:
        reader.fault("", "缺少 id（表单的键）", "the id (the form's key) is missing")
    properties = _properties(given, reader)
    components = reader.components(given.get("components"))
    if reader.problems:
        raise DefinitionRefused(reader.problems)
    name = Text(properties.get("name_zh") or str(given.get("name") or key), properties.get("name_en", ""))
    return Form(key, name, properties, components)


def _loaded(json: bytes) -> Mapping[str, Any]:
    if len(json) > MAX_BYTES:
        raise _refused("form", None, "文件超过 1 MB", "the file is larger than 1 MB")
    try:
        given = orjson.loads(json)
    except orjson.JSONDecodeError as error:
        zh = f"不是有效的 JSON，第 {error.colno} 个字符处中断"
        raise _refused("form", error.lineno, zh, f"this is no JSON, it breaks at character {error.colno}") from None
    if not isinstance(given, Mapping):
        raise _refused("form", 1, "表单文件必须是一个 JSON 对象", "a form file is one JSON object")
    return given


def _properties(given: Mapping[str, Any], reader: FileReader) -> dict[str, str]:
    properties = given.get("properties") or {}
    if isinstance(properties, Mapping):
        return {str(key): str(value) for key, value in properties.items()}
    reader.fault("properties", "properties 必须是 JSON 对象", "properties is a JSON object")
    return {}


def _refused(where: str, line: int | None, zh: str, en: str) -> DefinitionRefused:
    return DefinitionRefused([Problem(where, line, Text(zh, en))])
