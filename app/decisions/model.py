"""A published DMN file: its decisions, evaluated with the decisions and knowledge models that they require (a DRG)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from app.decisions.functions import boxed_function
from app.decisions.logic import Logic, Run, conforming, trace_value
from app.decisions.plain_values import plain_of
from app.decisions.table import Table
from app.decisions.trace import TableTrace
from app.decisions.types import ANY, Type, from_variables
from app.errors import NotFound
from app.feel import DEFAULT_LIMITS, FeelError, Scope, to_feel
from app.feel import Run as FeelRun
from app.moment import Moment
from app.plain import Plain
from app.texts import Text


@dataclass(frozen=True)
class InputData:
    """A value that comes from outside, by name and type; `name_outside` where that is not its name in expressions."""

    id: str
    name: str
    kind: Type
    name_outside: str = ""

    @property
    def asked(self) -> str:
        """The name of the variable that gives the value."""
        return self.name_outside or self.name


@dataclass(frozen=True)
class Knowledge:
    """A business knowledge model: a function and the ids of the knowledge that it uses."""

    id: str
    name: str
    logic: Logic
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True)
class Service:
    """A decision service: some decisions as a function of input data and of other decisions."""

    id: str
    name: str
    outputs: tuple[str, ...]
    input_data: tuple[str, ...]
    input_decisions: tuple[str, ...]
    kind: Type = ANY


@dataclass(frozen=True)
class Decision:
    """One decision of a file.

    `kind` is the DMN tag of its logic ("decisionTable", "literalExpression", ...), `hit_policy` that of a table,
    `inputs` the variables that it and its required decisions read for certain (for a lint of unknown names),
    `reads` all names that they may look up,
    `requires` the ids of the decisions that it needs directly, `knowledge` those of knowledge models and services,
    `result_names` the names under which decisions that require this one see its result.
    """

    id: str
    name: Text
    kind: str
    hit_policy: str | None
    inputs: frozenset[str]
    requires: tuple[str, ...]
    logic: Logic = field(repr=False)
    result_names: tuple[str, ...] = ()
    result: Type = ANY
    input_data: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    reads: frozenset[str] = frozenset()

    @property
    def table(self) -> Table | None:
        """The decision table with its columns and rules, None where the logic is something else."""
        return self.logic.table


@dataclass(frozen=True)
class Evaluation:
    """The plain result, the traces of all decisions and tables (required ones first), and notes beyond them."""

    value: Plain
    traces: tuple[TableTrace, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Parts:
    """Decisions, input data, knowledge models and services by id."""

    decisions: Mapping[str, Decision] = field(default_factory=dict)
    input_data: Mapping[str, InputData] = field(default_factory=dict)
    knowledge: Mapping[str, Knowledge] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)

    def __or__(self, other: Parts) -> Parts:
        return Parts(
            {**self.decisions, **other.decisions},
            {**self.input_data, **other.input_data},
            {**self.knowledge, **other.knowledge},
            {**self.services, **other.services},
        )


@dataclass(frozen=True)
class DecisionModel:
    """All decisions of one file; made by `parse_dmn`, immutable, safe to keep and share.

    `tables` are all its decision tables, also those inside knowledge models and other boxed expressions, `imported`
    the parts of other files that it uses.
    """

    name: Text
    decisions: Mapping[str, Decision]
    input_data: Mapping[str, InputData]
    knowledge: Mapping[str, Knowledge]
    services: Mapping[str, Service]
    tables: tuple[Table, ...] = ()
    imported: Parts = Parts()

    def evaluate(self, decision_id: str, variables: Mapping[str, object], moment: Moment | None) -> Evaluation:
        """The result of a decision (or decision service) over plain variables; NotFound where there is no such id.

        Whatever the data, no match, a conflict or a misfit gives null and is said in the traces and notes; only a
        breach of FEEL's limits raises (FeelError).
        """
        run = Run(FeelRun(DEFAULT_LIMITS, moment))
        try:
            result, whole = plain_of(self._value(decision_id, variables, run), run.feel)
        except (RecursionError, MemoryError):
            raise FeelError(0, Text("规则过于复杂", "the rules are too complex")) from None
        if not whole:
            run.notes.append(
                Text("结果中的函数和区间按空值处理", "functions and ranges in the result are taken as null")
            )
        return Evaluation(result, tuple(run.traces), tuple(run.notes))

    def _value(self, decision_id: str, variables: Mapping[str, object], run: Run) -> object:
        if decision_id in self.decisions:
            return self._decided(self.decisions[decision_id], variables, run)
        if decision_id in self.services:
            return self._served(self.services[decision_id], variables, run)
        raise NotFound(
            f"规则文件里没有决策“{decision_id}”，现有：{'、'.join(self.decisions)}",
            f'the rule file has no decision "{decision_id}"; it has: {", ".join(self.decisions)}',
        )

    def _decided(self, decision: Decision, variables: Mapping[str, object], run: Run) -> object:
        # a variable that is absent is null, also where a built-in has its name ("product")
        given = Scope(dict.fromkeys(decision.inputs))
        given.update((name, to_feel(variables[name])) for name in decision.reads if name in variables)
        return _Asked(self, run, given).decide(decision)

    def _served(self, service: Service, variables: Mapping[str, object], run: Run) -> object:
        arguments: dict[str, object] = {}
        for name, kind in self.parameters(service):
            value = from_variables(to_feel(variables.get(name)), kind, run.feel)
            arguments[name] = conforming(value, kind, run, f"输入“{name}”", f'the input "{name}"')
        return _Asked(self, run, Scope()).serve(service, arguments)

    def parameters(self, service: Service) -> list[tuple[str, Type]]:
        """The service's parameters as (name, type): its input data, then the results of its input decisions."""
        data = [self.data(each) for each in service.input_data]
        decisions = [self.decision(each) for each in service.input_decisions]
        return [(each.name, each.kind) for each in data] + [(each.result_names[0], each.result) for each in decisions]

    def decision(self, id: str) -> Decision:
        """The decision of that id, here or in an imported file."""
        return self.decisions[id] if id in self.decisions else self.imported.decisions[id]

    def data(self, id: str) -> InputData:
        """The input data of that id, here or in an imported file."""
        return self.input_data[id] if id in self.input_data else self.imported.input_data[id]

    def callable(self, id: str) -> Knowledge | Service:
        """The knowledge model or service of that id, here or in an imported file."""
        for known in (self.knowledge, self.services, self.imported.knowledge):
            if id in known:
                return known[id]
        return self.imported.services[id]


@dataclass
class _Asked:
    """What one evaluation, or one call of a service, knows so far: given variables and results by id."""

    model: DecisionModel
    run: Run
    given: Scope
    results: dict[str, object] = field(default_factory=dict)
    functions: dict[str, object] = field(default_factory=dict)

    def decide(self, decision: Decision) -> object:
        """The decision's FEEL value, worked out once, after what it requires."""
        if decision.id not in self.results:
            scope, before = self._scope(decision), len(self.run.traces)
            value = decision.logic.evaluate(scope, self.run)
            zh, en = f"决策“{decision.name.zh}”的结果", f'the result of "{decision.name.of("en")}"'
            value = self.results[decision.id] = conforming(value, decision.result, self.run, zh, en)
            key = decision.id.rpartition("#")[2]
            if all(trace.decision_id != key for trace in self.run.traces[before:]):  # no table within left its own
                self.run.traces.append(trace_value(key, decision.name, decision.logic, scope, value, self.run))
        return self.results[decision.id]

    def _scope(self, decision: Decision) -> Scope:
        if not (decision.input_data or decision.requires or decision.knowledge):
            return self.given
        scope = Scope(self.given)
        for data in map(self.model.data, decision.input_data):
            scope[data.name] = self._input(data)
        for required in map(self.model.decision, decision.requires):
            scope.update(dict.fromkeys(required.result_names, self.decide(required)))
        scope.update(self._functions(decision.knowledge))
        return scope

    def _input(self, data: InputData) -> object:
        if data.id not in self.results:
            given = self.given.get(data.name) if data.name in self.given else self.given.get(data.asked)
            value = from_variables(given, data.kind, self.run.feel)
            what = f"输入“{data.asked}”", f'the input "{data.asked}"'
            self.results[data.id] = conforming(value, data.kind, self.run, *what)
        return self.results[data.id]

    def _functions(self, ids: tuple[str, ...]) -> dict[str, object]:
        """Knowledge models and services by name; each is made once, for many may use the same."""
        found: dict[str, object] = {}
        for each in ids:
            named = self.model.callable(each)
            if each not in self.functions:
                self.functions[each] = self._function(named)
            found[named.name] = self.functions[each]
        return found

    def _function(self, named: Knowledge | Service) -> object:
        self.run.feel.spend(1)
        if isinstance(named, Service):
            return boxed_function(self.model.parameters(named), partial(self.serve, named), self.run)
        return named.logic.evaluate(Scope(self._functions(named.knowledge)), self.run)

    def serve(self, service: Service, arguments: Mapping[str, object]) -> object:
        """What the service gives for its arguments by name: one output's value, or a context of several."""
        decisions = [self.model.decision(each) for each in service.input_decisions]
        results = {each.id: arguments[each.result_names[0]] for each in decisions}
        asked = _Asked(self.model, self.run, Scope(arguments), results)
        outputs = [self.model.decision(each) for each in service.outputs]
        values = {each.result_names[0]: asked.decide(each) for each in outputs}
        value = next(iter(values.values())) if len(values) == 1 else values
        what = f"“{service.name}”的结果", f'the result of "{service.name}"'
        return conforming(value, service.kind, self.run, *what)
