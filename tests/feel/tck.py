"""The DMN Technology Compatibility Kit as a corpus of FEEL: literal expressions with inputs and expected values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from app.feel import FeelError, parse_expression
from app.feel.comparison import equal
from app.feel.run import DEFAULT_LIMITS, Run
from app.moment import Moment

FOLDER = Path(__file__).parents[2] / "../shared/cases/dmn-tck"
MOMENT = Moment.at(datetime(2026, 3, 2, 4, 0, tzinfo=UTC))
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_READERS = {
    "date": parse_expression("date(text)"),
    "time": parse_expression("time(text)"),
    "dateTime": parse_expression("date and time(text)"),
    "duration": parse_expression("duration(text)"),
    "decimal": parse_expression("number(text)"),
    "double": parse_expression("number(text)"),
    "integer": parse_expression("number(text)"),
    "boolean": parse_expression('text = "true"'),
}
_CLOSE = parse_expression("abs(a - b) < 0.00000001")


@dataclass(frozen=True)
class Case:
    """One expected value: where it stands, the expression, the values of its inputs, what is expected."""

    where: str
    text: str
    inputs: dict[str, Any]
    expected: Any


def cases(level: int) -> Iterator[Case]:
    """Every expected value of a decision that is one literal expression over nothing but input data."""
    for folder in sorted((FOLDER / f"compliance-level-{level}").iterdir()):
        for tests in sorted(folder.glob("*-test-*.xml")):
            root = etree.parse(tests).getroot()
            literals = _literals(folder / root.findtext("{*}modelName", "").strip())
            for case in root.iterfind("{*}testCase"):
                yield from _of_case(folder.name, case, literals)


def _of_case(folder: str, case: Any, literals: dict[str, str]) -> Iterator[Case]:
    inputs = {node.get("name"): _value(node) for node in case.iterfind("{*}inputNode")}
    for node in case.iterfind("{*}resultNode"):
        expected = node.find("{*}expected")
        if node.get("name") in literals and expected is not None:
            where = f"{folder} {case.get('id')} {node.get('name')}"
            yield Case(where, literals[node.get("name")], inputs, _value(expected))


def _literals(model: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for decision in etree.parse(model).getroot().iterfind("{*}decision"):
        requirements = [n for n in decision if _is(n, "informationRequirement", "knowledgeRequirement")]
        needs = {etree.QName(requirement[0]).localname for requirement in requirements}
        text = decision.findtext("{*}literalExpression/{*}text")
        if text is not None and needs <= {"requiredInput"}:
            found[decision.get("name")] = text
    return found


def _is(node: Any, *names: str) -> bool:
    return isinstance(node.tag, str) and etree.QName(node).localname in names


def passes(case: Case) -> bool:
    """Whether our value is the expected one; an expression that we refuse counts as null, as the TCK wants it."""
    try:
        value = parse_expression(case.text, case.inputs).evaluate(case.inputs, MOMENT)
    except FeelError:
        value = None
    return _same(value, case.expected)


def _same(value: Any, expected: Any) -> bool:
    if isinstance(expected, list) and isinstance(value, list) and len(expected) == len(value):
        return all(_same(one, other) for one, other in zip(value, expected, strict=True))
    if isinstance(expected, dict) and isinstance(value, dict) and expected.keys() == value.keys():
        return all(_same(value[key], expected[key]) for key in expected)
    if _CLOSE.evaluate({"a": value, "b": expected}) is True:
        return True
    return equal(value, expected, Run(DEFAULT_LIMITS, None)) is True


def _value(holder: Any) -> Any:
    """The FEEL value of an inputNode, an expected, an item or a component: one value, a list, or components."""
    if holder.get(_NIL) == "true":
        return None
    children = [child for child in holder if isinstance(child.tag, str)]
    components = [child for child in children if _is(child, "component")]
    if components:
        return {child.get("name"): _value(child) for child in components}
    if not children:
        return None
    if _is(children[0], "list"):
        return [_value(item) for item in children[0].iterfind("{*}item")]
    return _simple(children[0])


def _simple(value: Any) -> Any:
    if value.get(_NIL) == "true":
        return None
    kind = (value.get(_TYPE) or "string").split(":")[-1]
    text = value.text or ""
    return _READERS[kind].evaluate({"text": text}) if kind in _READERS else text
