"""Examples of decisions: what each node must give for given inputs, run against a model and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

from app.decisions.functions import call
from app.decisions.logic import Run
from app.decisions.model import DecisionModel, Service
from app.decisions.plain_values import plain_of
from app.decisions.trace import TableTrace
from app.feel import DEFAULT_LIMITS, FeelError, Scope, to_feel
from app.feel import Run as FeelRun
from app.moment import BUSINESS_ZONE, Moment
from app.plain import Plain
from app.texts import Text

TOLERANCE = Decimal("1e-8")  # of a number's size, as the DMN compatibility kit rounds what it expects


@dataclass(frozen=True)
class Expected:
    """What one node must give: `node` names a decision or a service's output, `value` is plain.

    Where `parts_only`, of a context only the entries that are named count. `is_error` says that the evaluation may
    end in an error.
    """

    node: str
    value: Plain
    parts_only: bool = False
    is_error: bool = False


@dataclass(frozen=True)
class Example:
    """Inputs by name, and what the nodes must give.

    `key` tells it from the file's others, `line` is where it stands. `invoked` names a decision service or knowledge
    model that is called with the inputs, as `invoked_kind` says ("decisionService", "bkm"). `moment` is when it
    plays, where it says so. `fault` is why it cannot be run.
    """

    key: str
    name: Text
    inputs: Mapping[str, object]
    expected: tuple[Expected, ...]
    line: int | None = None
    invoked: str = ""
    invoked_kind: str = ""
    moment: Moment | None = None
    fault: Text | None = None


@dataclass(frozen=True)
class ExampleFile:
    """The examples of one file; `model` is the DMN file's name or the decision's key, as the file says it."""

    model: str
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Outcome:
    """What a node gave for an example; `fault` says why there is no value, `traces` which rows applied."""

    example: Example
    expected: Expected
    got: Plain
    passed: bool
    fault: Text | None = None
    traces: tuple[TableTrace, ...] = ()


def noon_of(day: str) -> Moment:
    """Noon in China on a day given as ISO text; ValueError where it is none."""
    at = datetime.combine(datetime.fromisoformat(day).date(), time(12), BUSINESS_ZONE)
    return Moment.at(at.astimezone(UTC))


def run_example(model: DecisionModel, example: Example, moment: Moment | None) -> Iterator[Outcome]:
    """What the model gives for each node of an example; `moment` is today where the example names no day."""
    for expected in example.expected:
        if example.fault is not None:
            yield Outcome(example, expected, None, False, example.fault)
            continue
        try:
            got, traces = _given_by(model, example, expected.node, example.moment or moment)
        except FeelError as error:
            passed = expected.is_error and expected.value is None
            yield Outcome(example, expected, None, passed, error.reason)
        except _NoSuchNode as missing:
            yield Outcome(example, expected, None, False, missing.text)
        else:
            yield Outcome(example, expected, got, same(got, expected.value, expected.parts_only), traces=traces)


class _NoSuchNode(Exception):
    """The model has nothing of the name that an example asks for."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.text = Text(f"规则文件里没有“{name}”", f'the rule file has no "{name}"')


def _given_by(
    model: DecisionModel, example: Example, node: str, moment: Moment | None
) -> tuple[Plain, tuple[TableTrace, ...]]:
    if example.invoked_kind == "bkm":
        return _of_knowledge(model, example, moment), ()
    if example.invoked and example.invoked_kind != "decision":
        service = _service(model, example.invoked)
        found = model.evaluate(service.id, example.inputs, moment)
        several = len(service.outputs) > 1 and node != service.name and isinstance(found.value, dict)
        return (found.value.get(node) if several else found.value), found.traces
    found = model.evaluate(_node_id(model, node), example.inputs, moment)
    return found.value, found.traces


def _node_id(model: DecisionModel, name: str) -> str:
    """The id of the decision (else service) that is called so, else that has the name as its id."""
    for decision in model.decisions.values():
        if name in decision.result_names:
            return decision.id
    return _service(model, name).id


def _service(model: DecisionModel, name: str) -> Service:
    for service in model.services.values():
        if name in (service.name, service.id):
            return service
    raise _NoSuchNode(name)


def _of_knowledge(model: DecisionModel, example: Example, moment: Moment | None) -> Plain:
    """What a knowledge model's function gives for the inputs as its arguments."""
    for known in model.knowledge.values():
        if example.invoked in (known.name, known.id):
            run = Run(FeelRun(DEFAULT_LIMITS, moment))
            arguments = {name: to_feel(value) for name, value in example.inputs.items()}
            return plain_of(call(known.logic.evaluate(Scope(), run), arguments, run))[0]
    raise _NoSuchNode(example.invoked)


def same(got: Plain, expected: Plain, parts_only: bool = False) -> bool:
    """Whether two plain values are equal, numbers but for a rounding in the ninth digit; true is not 1 here."""
    if isinstance(got, bool) or isinstance(expected, bool):
        return got is expected
    if isinstance(got, int | Decimal) and isinstance(expected, int | Decimal):
        return abs(Decimal(got) - expected) <= TOLERANCE * max(Decimal(1), abs(Decimal(expected)))
    if isinstance(got, dict) and isinstance(expected, dict):
        alike = expected.keys() <= got.keys() if parts_only else expected.keys() == got.keys()
        return alike and all(same(got[key], value, parts_only) for key, value in expected.items())
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(
            same(one, other, parts_only) for one, other in zip(got, expected, strict=True)
        )
    return bool(got == expected)
