"""Where variables live: every process, sub-process and task has its own, and sees those of the scopes around it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.plain import Plain

if TYPE_CHECKING:
    from app.engine.tokens import Token


def visible(token: Token) -> Mapping[str, Plain]:
    """What an expression at the token sees: its own variables, then those of each scope around it up to its process."""
    sight = []
    at: Token | None = token
    while at is not None:
        sight.append(at.data)
        if at.task_spec.is_process:
            break
        at = at.parent
    return ChainMap(*sight)


def outward(token: Token) -> Token:
    """Where writing begins: the scope around the task, or the task itself within a multi-instance, as in Camunda 8."""
    return token if token.parent.task_spec.is_multi_instance else token.parent


def write(scope: Token, target: str, value: Plain) -> None:
    """Write a variable to the nearest scope from `scope` outwards that has it, else to the process.

    A dotted target writes into the context that the variable holds, and makes one where it holds none.
    """
    name = target.split(".", 1)[0]
    holder = scope
    while not holder.task_spec.is_process and name not in holder.data:
        holder = holder.parent
    assign(holder.data, target, value)


def assign(variables: dict[str, Plain], target: str, value: Plain) -> None:
    """Set `variables[a][b]...` for the target "a.b..."; contexts on the way are copied, as others may hold them too."""
    name, *path = target.split(".")
    if not path:
        variables[name] = value
        return
    held = variables.get(name)
    context = dict(held) if isinstance(held, dict) else {}
    assign(context, ".".join(path), value)
    variables[name] = context
