"""Reading test cases in the XML format of the DMN Technology Compatibility Kit (TCK, namespace 20160719 and later)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree

from app.decisions.examples import Example, ExampleFile, Expected
from app.decisions.source import Element, attribute, line, local, read_guarded
from app.errors import DefinitionRefused, Problem
from app.feel import FeelError, parse_expression, to_plain
from app.texts import Text

_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}"
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})
_TEMPORAL = {
    "date": parse_expression("date(text)"),
    "time": parse_expression("time(text)"),
    "dateTime": parse_expression("date and time(text)"),
    "duration": parse_expression("duration(text)"),
    "dayTimeDuration": parse_expression("duration(text)"),
    "yearMonthDuration": parse_expression("duration(text)"),
}
_NUMBERS = frozenset({"decimal", "double", "float", "integer", "int", "long", "short"})


def is_test_file(xml: bytes) -> bool:
    """Whether the bytes look like test cases of the kit, before anything parses them."""
    return b"testCases" in xml[:4096]


def read_test_cases(xml: bytes) -> ExampleFile:
    """The test cases of a file; DefinitionRefused where it is no XML, is hostile or has other content.

    A case with a value that cannot be read stands in the result with its fault, so that it is counted.
    """
    root = read_guarded(xml)
    if local(root) != "testCases":
        text = Text("根元素应为 DMN TCK 的 testCases", "the root element must be the testCases of the DMN TCK")
        raise DefinitionRefused([Problem("testCases", line(root), text)])
    model = next((_text(each) for each in _children(root, "modelName")), "")
    return ExampleFile(model, tuple(_example(each, at) for at, each in enumerate(_children(root, "testCase"), 1)))


def _example(case: Element, number: int) -> Example:
    key = attribute(case, "id") or str(number)
    about = next((_text(each) for each in _children(case, "description")), "")
    fault, inputs, expected = None, {}, []
    try:
        inputs = {str(each.get("name") or ""): _value(each) for each in _children(case, "inputNode")}
    except (_Unreadable, FeelError) as error:
        fault = _fault(error)
    for result in _children(case, "resultNode"):
        value = None
        try:
            value = to_plain(next((_value(each) for each in _children(result, "expected")), None))
        except (_Unreadable, FeelError) as error:
            fault = fault or _fault(error)
        is_error = attribute(result, "errorResult") in _TRUE
        expected.append(Expected(str(result.get("name") or ""), value, is_error=is_error))
    kind, invoked = attribute(case, "type"), str(case.get("invocableName") or "")
    return Example(key, Text(about or key), inputs, tuple(expected), line(case), invoked, kind, fault=fault)


class _Unreadable(Exception):
    """A value that is not of the type that stands beside it."""


def _fault(error: _Unreadable | FeelError) -> Text:
    if isinstance(error, FeelError):
        return error.reason
    return Text(f"用例里的值读不出来：{error}", f"a value of the test case cannot be read: {error}")


def _value(holder: Element) -> object:
    """The FEEL value of an inputNode, expected, item or component: one value, a list or components."""
    if _is_nil(holder):
        return None
    components = list(_children(holder, "component"))
    if components:
        return {str(each.get("name") or ""): _value(each) for each in components}
    for found in _children(holder, "list", "value"):
        if _is_nil(found):
            return None
        return [_value(item) for item in _children(found, "item")] if local(found) == "list" else _simple(found)
    return None


def _simple(value: Element) -> object:
    kind, text = attribute(value, f"{_SCHEMA}type").rpartition(":")[2] or "string", "".join(value.itertext())
    if kind in _TEMPORAL:
        return _read(_TEMPORAL[kind].evaluate({"text": text.strip()}), text)
    if kind in _NUMBERS:
        try:
            number = Decimal(text.strip())
        except InvalidOperation:
            raise _Unreadable(text[:100]) from None
        return _read(number if number.is_finite() else None, text)
    if kind == "boolean":
        return _read({**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(text.strip()), text)
    return text


def _read(value: object, text: str) -> object:
    if value is None:
        raise _Unreadable(text[:100])
    return value


def _children(element: Element, *names: str) -> Iterator[Element]:
    """The children of any of these names, whatever namespace the kit's version has."""
    return (found for found in element.iterchildren(etree.Element) if local(found) in names)


def _is_nil(element: Element) -> bool:
    return attribute(element, f"{_SCHEMA}nil") in _TRUE


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()
