"""Boxed expressions other than tables, compiled to closures (DMN 1.5, 10.2): literals, contexts, invocations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from operator import or_

from app.decisions import source
from app.decisions.functions import call, compile_function
from app.decisions.iteration import ITERATIONS
from app.decisions.logic import Logic, Run, Used, conforming
from app.decisions.reading import Place, Reading
from app.decisions.table_parser import compile_table
from app.decisions.types import ANY, Type
from app.feel import BUILTINS, Scope
from app.texts import Text


def _no_logic(scope: Scope, run: Run) -> None:
    run.notes.append(Text("此决策没有规则内容，由人决定", "this decision has no logic, people take it"))


NO_LOGIC = Logic("none", Used(), _no_logic)


def find_logic(holder: source.Element) -> source.Element | None:
    """The expression element inside a decision, context entry, binding and the like."""
    return next(source.children(holder, *_COMPILERS), None)


def compile_within(reading: Reading, holder: source.Element, place: Place) -> Logic:
    """The logic of the expression inside `holder`; a problem where there is none."""
    element = find_logic(holder)
    if element is None:
        reading.refuse(
            holder, "没有规则内容（缺少表达式或决策表）", "there is no logic: an expression or table is missing"
        )
        return NO_LOGIC
    return compile_logic(reading, element, place)


def compile_logic(reading: Reading, element: source.Element, place: Place) -> Logic:
    """The logic of one expression element, its result held to the element's own typeRef."""
    kind = source.local(element)
    logic = _COMPILERS[kind](reading, element, place)
    expected = ANY if kind == "decisionTable" else reading.type_of(element)
    if expected is ANY:
        return logic
    plain, zh, en = logic.evaluate, f"“{place.owner.zh}”的值", f'the value of "{place.owner.of("en")}"'
    return replace(logic, evaluate=lambda scope, run: conforming(plain(scope, run), expected, run, zh, en))


def _literal(reading: Reading, element: source.Element, place: Place) -> Logic:
    expression = reading.expression(element, place)
    return Logic(
        "literalExpression", Used.by([expression]), lambda scope, run: expression.evaluate(scope, run=run.feel)
    )


def _context(reading: Reading, element: source.Element, place: Place) -> Logic:
    entries: list[tuple[str, Type, Logic]] = []
    known, used = place, Used()
    for entry in source.children(element, "contextEntry"):
        variable = source.child(entry, "variable")
        name = "" if variable is None else source.name_of(variable)
        expected = ANY if variable is None else reading.type_of(variable)
        own = replace(known, owner=Text(name) if name else known.owner)
        logic = compile_within(reading, entry, own)
        used |= logic.used - {earlier for earlier, _, _ in entries}
        entries.append((name, expected, logic))
        known = known.knowing({name}) if name else known

    def evaluate(scope: Scope, run: Run) -> object:
        result: dict[str, object] = {}
        inner = Scope(scope)
        for name, expected, logic in entries:
            value = logic.evaluate(inner, run)
            if not name:  # the result cell
                return value
            result[name] = inner[name] = conforming(value, expected, run, f"“{name}”的值", f'the value of "{name}"')
        return result

    return Logic("context", used, evaluate)


def _list(reading: Reading, element: source.Element, place: Place) -> Logic:
    items = [compile_logic(reading, each, place) for each in source.children(element, *_COMPILERS)]
    return Logic("list", _used(items), lambda scope, run: [item.evaluate(scope, run) for item in items])


def _relation(reading: Reading, element: source.Element, place: Place) -> Logic:
    columns = [source.name_of(column) for column in source.children(element, "column")]
    rows = []
    for row in source.children(element, "row"):
        cells = [compile_logic(reading, each, place) for each in source.children(row, *_COMPILERS)]
        if len(cells) != len(columns):
            reading.refuse(
                row,
                f"这一行有 {len(cells)} 格，应为 {len(columns)} 格",
                f"the row has {len(cells)} cells, not {len(columns)}",
            )
        rows.append(cells)

    def evaluate(scope: Scope, run: Run) -> object:
        return [{name: cell.evaluate(scope, run) for name, cell in zip(columns, row, strict=False)} for row in rows]

    return Logic("relation", _used(cell for row in rows for cell in row), evaluate)


def _invocation(reading: Reading, element: source.Element, place: Place) -> Logic:
    called = _called(reading, element, place)
    arguments: dict[str, Logic] = {}
    for binding in source.children(element, "binding"):
        parameter = source.child(binding, "parameter")
        if parameter is None or find_logic(binding) is None:
            reading.refuse(binding, "调用的参数缺少名称或值", "a binding lacks its parameter or its value")
            continue
        arguments[source.name_of(parameter)] = compile_within(reading, binding, place)

    def evaluate(scope: Scope, run: Run) -> object:
        values = {name: logic.evaluate(scope, run) for name, logic in arguments.items()}
        return call(called.evaluate(scope, run), values, run)

    return Logic("invocation", _used([called, *arguments.values()]), evaluate)


def _called(reading: Reading, element: source.Element, place: Place) -> Logic:
    """What is invoked: a function in scope, or the built-in of that name."""
    expression = source.child(element, "literalExpression")
    builtin = BUILTINS.get(source.text_of(expression))
    if builtin is None or builtin.name in place.names:
        return compile_within(reading, element, place)
    return Logic("literalExpression", Used(), lambda scope, run: builtin)


def _conditional(reading: Reading, element: source.Element, place: Place) -> Logic:
    parts = [part for part in (source.child(element, name) for name in ("if", "then", "else")) if part is not None]
    if len(parts) != 3:
        reading.refuse(element, "条件表达式缺少 if、then 或 else", "the conditional lacks its if, then or else")
        return NO_LOGIC
    test, then, otherwise = (compile_within(reading, part, place) for part in parts)

    def evaluate(scope: Scope, run: Run) -> object:
        verdict = test.evaluate(scope, run)
        if verdict is not None and not isinstance(verdict, bool):
            return None
        return (then if verdict else otherwise).evaluate(scope, run)

    return Logic("conditional", _used([test, then, otherwise]), evaluate)


def _iteration(reading: Reading, element: source.Element, place: Place) -> Logic:
    kind = source.local(element)
    variable, body_tag, known, over = ITERATIONS[kind]
    variable = " ".join(source.attribute(element, "iteratorVariable").split()) or variable
    listed, body = source.child(element, "in"), source.child(element, body_tag)
    if listed is None or body is None or not variable:
        reading.refuse(element, f"{kind} 表达式不完整", f"the {kind} expression is incomplete")
        return NO_LOGIC
    items = compile_within(reading, listed, place)
    each = compile_within(reading, body, place.knowing({variable, *known}))
    recalls = not known.isdisjoint(each.used.reads)

    def evaluate(scope: Scope, run: Run) -> object:
        values = items.evaluate(scope, run)
        if not isinstance(values, list):
            return None
        return over(values, variable, lambda more: each.evaluate(run.scope(scope, more), run), run if recalls else None)

    return Logic(kind, items.used | (each.used - {variable, *known}), evaluate)


def _function(reading: Reading, element: source.Element, place: Place) -> Logic:
    return compile_function(reading, element, place, compile_within)


def _used(parts: Iterable[Logic]) -> Used:
    return reduce(or_, (part.used for part in parts), Used())


_COMPILERS: dict[str, Callable[[Reading, source.Element, Place], Logic]] = {
    "literalExpression": _literal,
    "decisionTable": compile_table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _iteration,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
}
