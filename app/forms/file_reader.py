"""Reads the components of a form file (form-js JSON, schema version up to 19) and notes every fault with its place."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import re2

from app.errors import Problem
from app.feel import Expression, FeelError, parse_expression
from app.forms.component import HARD_MAX_ROWS, Component, Option
from app.forms.paths import PART, join
from app.forms.templates import expressions_in
from app.texts import Text

INPUT_TYPES = {
    "textfield": "text",
    "textarea": "text",
    "number": "number",
    "select": "choice",
    "radio": "choice",
    "checkbox": "flag",
    "checklist": "choices",
    "taglist": "choices",
    "datetime": "date",
    "filepicker": "files",
    "dynamiclist": "rows",
}
LAYOUT = frozenset({"group", "text", "separator", "spacer"})
KINDS_BY_TYPE = {
    "textfield": frozenset({"text", "money", "whole", "percent", "uscc", "id_card", "phone", "bank_account", "email"}),
    "number": frozenset({"number", "money", "whole", "percent"}),
}
DEPENDING = ("required_expression", "allowed_expression", "value_expression", "check_expression")
MAX_COMPONENTS = 500
MAX_DEPTH = 8


class FileReader:
    """Reads one file's components; `problems` gathers the faults, so that all are told at once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.ids: set[str] = set()
        self.paths: set[str] = set()

    def fault(self, where: str, zh: str, en: str) -> None:
        """Note one fault of the component `where`."""
        at = self.text.find(f'"{where}"') if where else -1
        line = self.text.count("\n", 0, at) + 1 if at >= 0 else None
        self.problems.append(Problem(where or "form", line, Text(zh, en)))

    def components(self, given: Any, prefix: str = "", depth: int = 0) -> tuple[Component, ...]:
        """The components of one level; `prefix` is the path pattern of the enclosing group or row."""
        if not isinstance(given, list) or depth > MAX_DEPTH:
            self.fault(
                "",
                f"components 必须是列表，最多 {MAX_DEPTH} 层",
                f"components is a list, at most {MAX_DEPTH} levels deep",
            )
            return ()
        found = [self.component(item, prefix, depth) for item in given]
        if len(self.ids) > MAX_COMPONENTS:
            self.fault("", f"最多 {MAX_COMPONENTS} 个组件", f"at most {MAX_COMPONENTS} components")
        return tuple(item for item in found if item)

    def component(self, given: Any, prefix: str, depth: int) -> Component | None:
        """One component, None where its fault was noted."""
        if not isinstance(given, Mapping):
            self.fault("", "组件必须是 JSON 对象", "a component is a JSON object")
            return None
        kind = str(given.get("type", ""))
        name = str(given.get("id") or given.get("key") or kind)
        if kind not in INPUT_TYPES and kind not in LAYOUT:
            known = ", ".join(sorted([*INPUT_TYPES, *LAYOUT]))
            self.fault(
                name,
                f"不支持组件类型“{kind}”，可用：{known}",
                f'component type "{kind}" is not supported; known are: {known}',
            )
            return None
        if name in self.ids and given.get("id"):
            self.fault(name, "组件 id 重复", "this component id is used twice")
        self.ids.add(name)
        try:
            return self._build(given, kind, name, prefix, depth)
        except (TypeError, ValueError, AttributeError):
            zh = "组件写法有误：有一项不是它该有的类型（数字、文字、列表或对象）"
            self.fault(name, zh, "the component is malformed: an entry is not of its type (number, text, list, object)")
            return None

    def _build(self, given: Mapping[str, Any], type_: str, name: str, prefix: str, depth: int) -> Component:
        properties = {str(k): str(v) for k, v in (given.get("properties") or {}).items()}
        validate = given.get("validate") or {}
        path = self._path(given, type_, name, prefix)
        inner = f"{path}[]" if type_ == "dynamiclist" else path or prefix
        label, hint = self._texts(given, type_, properties)
        told = Text(properties.get("check_zh", ""), properties.get("check_en", ""))
        layout = given.get("layout") or {}
        appearance = given.get("appearance") or {}
        return Component(
            type=type_,
            id=name,
            path=path,
            kind=self._kind(given, type_, name, properties, validate),
            label=label,
            hint=hint,
            properties=properties,
            children=self.components(given["components"], inner, depth + 1) if "components" in given else (),
            options=self._options(given, name, properties) if INPUT_TYPES.get(type_) in ("choice", "choices") else (),
            options_from=self._options_from(given, name),
            pattern=self._pattern(validate, name),
            hide=self.expression((given.get("conditional") or {}).get("hide"), name),
            checklist=self.expression(properties.get("checklist"), name),
            displays=self._named(properties, name, "asked", "bound", "earlier"),
            depending=self._named(properties, name, *DEPENDING),
            wording=self._wording((label, hint, told), name),
            rows_stay=given.get("allowAddRemove") is False,
            disabled=bool(given.get("disabled")),
            readonly=bool(given.get("readonly")),
            default=given.get("defaultValue"),
            default_from=self.expression(properties.get("default_expression"), name),
            sensitive=properties.get("sensitive") == "true",
            multiple=bool(given.get("multiple")),
            accept=str(given.get("accept") or ""),
            prefix=Text(str(appearance.get("prefixAdorner") or ""), properties.get("prefix_en", "")),
            suffix=Text(str(appearance.get("suffixAdorner") or ""), properties.get("suffix_en", "")),
            row=str(layout.get("row") or ""),
            columns=int(layout["columns"]) if layout.get("columns") else None,
            **self._limits(given, type_, name, properties, validate),
        )

    def _path(self, given: Mapping[str, Any], type_: str, name: str, prefix: str) -> str:
        own = str(given.get("path" if type_ in ("group", "dynamiclist") else "key") or "")
        if type_ == "group":
            return join(prefix, own) if own else ""
        if type_ not in INPUT_TYPES:
            return ""
        if not own or any(not PART.fullmatch(step) or step[0] in "[$" or step == "Meta" for step in own.split(".")):
            self.fault(name, f"缺少 key，或 key 写法有误：“{own}”", f'the key is missing or malformed: "{own}"')
            return ""
        path = join(prefix, own)
        if any(path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.") for other in self.paths):
            self.fault(name, f"key “{path}” 用了两次", f'the key "{path}" is used twice')
        self.paths.add(path)
        return path

    def _texts(self, given: Mapping[str, Any], type_: str, properties: Mapping[str, str]) -> tuple[Text, Text]:
        label = str(given.get("dateLabel") or given.get("timeLabel") or given.get("label") or "")
        if type_ == "text":
            label = str(given.get("text") or "")
        english = properties.get("text_en" if type_ == "text" else "label_en", "")
        return Text(label, english), Text(str(given.get("description") or ""), properties.get("description_en", ""))

    def _kind(
        self,
        given: Mapping[str, Any],
        type_: str,
        name: str,
        properties: Mapping[str, str],
        validate: Mapping[str, Any],
    ) -> str:
        if type_ in LAYOUT:
            return ""
        if type_ == "datetime":
            return self._date_kind(given, name)
        if type_ == "filepicker":
            return "slots" if properties.get("checklist") else "files"
        kind = INPUT_TYPES[type_]
        if type_ == "number" and given.get("decimalDigits") == 0:
            kind = "whole"
        if type_ == "textfield" and validate.get("validationType") in ("email", "phone"):
            kind = str(validate["validationType"])
        asked = properties.get("kind", kind)
        allowed = KINDS_BY_TYPE.get(type_, frozenset({kind}))
        if asked not in allowed:
            names = ", ".join(sorted(allowed))
            self.fault(
                name,
                f"{type_} 的 kind 只能是 {names}，写了“{asked}”",
                f'kind of {type_} is one of {names}, not "{asked}"',
            )
            return kind
        return asked

    def _date_kind(self, given: Mapping[str, Any], name: str) -> str:
        subtype = str(given.get("subtype") or "date")
        if subtype not in ("date", "time"):
            self.fault(
                name,
                f"datetime 的 subtype 只支持 date 和 time，写了“{subtype}”",
                f'subtype "{subtype}" is not supported',
            )
        return subtype

    def _options(self, given: Mapping[str, Any], name: str, properties: Mapping[str, str]) -> tuple[Option, ...]:
        values = [(str(item.get("value", "")), item) for item in given.get("values") or []]
        options = [
            Option(value, Text(str(item.get("label") or value), properties.get(f"option_en:{value}", "")))
            for value, item in values
        ]
        if len({option.value for option in options}) != len(options):
            self.fault(name, "选项的 value 重复", "two options have the same value")
        if not options and not given.get("valuesExpression") and not given.get("valuesKey"):
            self.fault(name, "没有选项", "there are no options")
        return tuple(options)

    def _options_from(self, given: Mapping[str, Any], name: str) -> Expression | None:
        return self.expression(given.get("valuesExpression") or given.get("valuesKey"), name)

    def _pattern(self, validate: Mapping[str, Any], name: str) -> Any:
        text = validate.get("pattern")
        if not text:
            return None
        options = re2.Options()
        options.max_mem, options.log_errors = 1 << 20, False
        try:
            return re2.compile(str(text), options)
        except re2.error as error:
            self.fault(
                name,
                f"pattern 不能用（不支持回溯）：{error}",
                f"the pattern cannot be used (no back-references): {error}",
            )
            return None

    def _limits(
        self,
        given: Mapping[str, Any],
        type_: str,
        name: str,
        properties: Mapping[str, str],
        validate: Mapping[str, Any],
    ) -> dict[str, Any]:
        low, high = validate.get("min"), validate.get("max")
        earliest = properties.get("min_expression") or _expression_text(low)
        if given.get("disallowPassedDates") and not earliest:
            earliest = "today()"
        latest = properties.get("max_expression") or _expression_text(high)
        limits: dict[str, Any] = {
            "required": bool(validate.get("required")) or properties.get("required") == "true",
            "minimum": self._bound(low, name),
            "maximum": self._bound(high, name),
            "min_length": int(validate.get("minLength") or 0),
            "max_length": int(validate.get("maxLength") or (10_000 if type_ == "textarea" else 1000)),
            "min_rows": int(properties.get("min_rows") or properties.get("min_files") or 0),
            "max_rows": min(int(properties.get("max_rows") or 100), HARD_MAX_ROWS),
            "start_rows": int(given.get("defaultRepetitions") or 0),
            "places": int(given["decimalDigits"]) if given.get("decimalDigits") is not None else 10,
            "min_from": self.expression(earliest, name),
            "max_from": self.expression(latest, name),
            "may_be_unbounded": "null" in f"{earliest} {latest}",
        }
        for least, most in (("minimum", "maximum"), ("min_length", "max_length"), ("min_rows", "max_rows")):
            if limits[least] is not None and limits[most] is not None and limits[least] > limits[most]:
                self.fault(name, f"{least} 大于 {most}", f"{least} is above {most}")
        return limits

    def _bound(self, given: Any, name: str) -> Decimal | None:
        if given is None or given == "" or _expression_text(given):
            return None
        try:
            value = Decimal(str(given))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            self.fault(name, f"上下限不是数字：{given}", f"the bound is not a number: {given}")
            return None
        return value

    def _wording(self, texts: tuple[Text, ...], name: str) -> dict[str, Expression]:
        found = {}
        for source in (part for text in texts for part in (text.zh, text.en)):
            for inner in expressions_in(source):
                if expression := self.expression(inner, name):
                    found[inner] = expression
        return found

    def _named(self, properties: Mapping[str, str], name: str, *parts: str) -> dict[str, Expression]:
        found = ((part, self.expression(properties.get(part), name)) for part in parts)
        return {part: expression for part, expression in found if expression}

    def expression(self, text: Any, name: str) -> Expression | None:
        """The FEEL expression of a text with or without its leading "="; None where there is none or it has a fault."""
        if not isinstance(text, str) or not text.strip():
            return None
        try:
            return parse_expression(text.strip().removeprefix("="))
        except FeelError as error:
            self.fault(
                name, f"FEEL 表达式“{text}”有误：{error.text.zh}", f'FEEL expression "{text}": {error.text.of("en")}'
            )
            return None


def _expression_text(given: Any) -> str:
    return given if isinstance(given, str) and given.startswith("=") else ""
