"""Knowledge models, boxed functions and decision services as FEEL functions, and how a boxed invocation calls one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from app.decisions import source
from app.decisions.logic import Logic, Run, Used, conforming
from app.decisions.reading import Place, Reading
from app.decisions.types import Type, as_feel
from app.feel import Function, Scope
from app.feel import Run as FeelRun

_OWN_KINDS = frozenset({"FEEL", "F"})  # "F" as in DMN 1.1
FRAMES_A_CALL = 8  # of FEEL's budget of nesting, so that functions that call each other end in a FeelError

CompileWithin: TypeAlias = Callable[[Reading, source.Element, Place], Logic]


def compile_function(reading: Reading, element: source.Element, place: Place, compile_within: CompileWithin) -> Logic:
    """The logic of a functionDefinition or encapsulatedLogic: it gives a function over the scope where it stands."""
    kind = source.attribute(element, "kind") or "FEEL"
    if kind.upper() not in _OWN_KINDS:
        reading.refuse(element, f"不支持 {kind} 函数，只能用 FEEL", f"{kind} functions are not supported, only FEEL")
        return Logic("functionDefinition", Used(), lambda scope, run: None)
    parameters = [(source.name_of(each), reading.type_of(each)) for each in source.children(element, "formalParameter")]
    names = frozenset(name for name, _ in parameters)
    body = compile_within(reading, element, place.knowing(names))

    def evaluate(scope: Scope, run: Run) -> object:
        return boxed_function(parameters, lambda given: body.evaluate(run.scope(scope, given), run), run)

    return Logic("functionDefinition", body.used - names, evaluate)


def boxed_function(
    parameters: Sequence[tuple[str, Type]], body: Callable[[Mapping[str, object]], object], run: Run
) -> Function:
    """A FEEL function of typed parameters; null where an argument does not conform, and that is said in the notes."""

    def invoke(feel: FeelRun, arguments: list[object]) -> object:
        given = {}
        for (name, kind), value in zip(parameters, arguments, strict=True):
            given[name] = conforming(value, kind, run, f"参数“{name}”的值", f'the argument "{name}"')
            if value is not None and given[name] is None:
                return None
        feel.enter(FRAMES_A_CALL)
        try:
            return body(given)
        finally:
            feel.leave(FRAMES_A_CALL)

    return Function([name for name, _ in parameters], invoke, types=[as_feel(kind, {}) for _, kind in parameters])


def call(function: object, arguments: Mapping[str, object], run: Run) -> object:
    """What the function gives for arguments by name; null where it is no function or the names are others."""
    return function.call_named(run.feel, dict(arguments)) if isinstance(function, Function) else None
