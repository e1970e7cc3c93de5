"""The DMN Technology Compatibility Kit: its test files read into cases, and what our model gives for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from app.decisions import DecisionModel, parse_dmn
from app.errors import DefinitionRefused
from app.feel import parse_expression, to_plain
from tests.decisions.dmn_texts import NOON

FOLDER = Path(__file__).parents[2] / "../shared/cases/dmn-tck"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_LITERALS = {
    "date": parse_expression("date(text)"),
    "time": parse_expression("time(text)"),
    "dateTime": parse_expression("date and time(text)"),
    "duration": parse_expression("duration(text)"),
}


@dataclass(frozen=True)
class Node:
    """One expected result: where, the decision's name (and the service's), the variables, the expected plain value."""

    where: str
    decision: str
    service: str
    variables: dict[str, Any]
    expected: Any


def model_of(folder: Path) -> Iterator[tuple[Path, list[Node]]]:
    """Each model file of a folder with the results that its test files expect of it."""
    for tests in sorted(folder.glob("*-test-*.xml")):
        root = etree.parse(tests).getroot()
        model = folder / root.findtext("{*}modelName", "").strip()
        nodes = [node for case in root.iterfind("{*}testCase") for node in _nodes(folder.name, case)]
        yield model, nodes


def read_model(path: Path) -> DecisionModel:
    """The model; where the file is refused for wrong FEEL, those expressions become null, as the TCK expects."""
    xml = path.read_bytes()
    try:
        return parse_dmn(xml)
    except DefinitionRefused as refused:
        lines = {problem.line for problem in refused.problems if "FEEL error" in problem.text.en}
        root = etree.fromstring(xml)
        for text in root.iter("{*}text"):
            if lines & set(range(text.sourceline, text.sourceline + (text.text or "").count("\n") + 1)):
                text.text = "null"
        return parse_dmn(etree.tostring(root))


def passes(model: DecisionModel, node: Node) -> bool:
    """Whether the model gives the expected value."""
    if node.service:
        return _serves(model, node)
    by_name = {name: each.id for each in model.decisions.values() for name in each.result_names}
    if node.decision not in by_name:
        return False
    return _same(model.evaluate(by_name[node.decision], node.variables, NOON).value, node.expected)


def _serves(model: DecisionModel, node: Node) -> bool:
    service = next(each for each in model.services.values() if each.name == node.service)
    found = model.evaluate(service.id, node.variables, NOON).value
    value = found[node.decision] if len(service.outputs) > 1 and node.decision != node.service else found
    return _same(value, node.expected)


def _nodes(folder: str, case: Any) -> Iterator[Node]:
    variables = {each.get("name"): _value(each) for each in case.iterfind("{*}inputNode")}
    for result in case.iterfind("{*}resultNode"):
        expected = result.find("{*}expected")
        value = None if expected is None else to_plain(_value(expected))
        where, service = f"{folder} {case.get('id')} {result.get('name')}", case.get("invocableName", "")
        yield Node(where, result.get("name"), service, variables, value)


def _value(holder: Any) -> Any:
    """The FEEL value of an inputNode, expected, item or component: a value, a list or components."""
    if holder.get(_NIL) == "true":
        return None
    components = holder.findall("{*}component")
    if components:
        return {each.get("name"): _value(each) for each in components}
    listed = holder.find("{*}list")
    if listed is not None:
        return None if listed.get(_NIL) == "true" else [_value(item) for item in listed.iterfind("{*}item")]
    value = holder.find("{*}value")
    return None if value is None or value.get(_NIL) == "true" else _simple(value)


def _simple(value: Any) -> Any:
    kind, text = (value.get(_TYPE) or "xsd:string").split(":")[-1], value.text or ""
    if kind in _LITERALS:
        return _LITERALS[kind].evaluate({"text": text.strip()}, NOON)
    if kind == "boolean":
        return text.strip() == "true"
    return text if kind == "string" else Decimal(text.strip())


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, int | Decimal) and isinstance(expected, int | Decimal):
        return abs(found - expected) <= Decimal("1e-8") * max(1, abs(expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(_same(found[key], expected[key]) for key in found)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(_same, found, expected))
    return bool(found == expected)
