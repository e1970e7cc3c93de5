"""Functions as FEEL values: written in an expression, built in, or made by the packages above (knowledge models)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.feel.run import Run, Value

Invoke = Callable[[Run, list[Value]], Value]


class Function:
    """A function with named parameters; `invoke` gets the run (to share its budget) and one value a parameter."""

    __slots__ = ("invoke", "name", "parameters", "types")

    def __init__(self, parameters: Sequence[str], invoke: Invoke, name: str = "", types: Sequence[Any] = ()) -> None:
        self.parameters, self.invoke, self.name = tuple(parameters), invoke, name
        self.types = tuple(types)

    def call(self, run: Run, arguments: list[Value]) -> Value:
        """The result, null where the number of arguments is wrong."""
        run.spend(1)
        return self.invoke(run, arguments) if len(arguments) == len(self.parameters) else None

    def call_named(self, run: Run, arguments: Mapping[str, Value]) -> Value:
        """As `call`, with arguments by name, those not given being null; null for a name that no parameter has."""
        if not arguments.keys() <= set(self.parameters):
            return None
        return self.call(run, [arguments.get(name) for name in self.parameters])
