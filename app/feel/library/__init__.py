"""The built-in functions of FEEL by name: those of DMN 1.3 to 1.5 and the ones Camunda adds.

Left out on purpose: uuid() and random number(), because an evaluation must give the same again for an audit.
"""

from app.feel.library import (
    aggregates,
    contexts,
    conversions,
    lists,
    logic,
    numeric,
    patterns,
    range_relations,
    strings,
    temporals,
)
from app.feel.library.registry import BUILTIN_NAMES, BUILTINS

__all__ = [
    "BUILTINS",
    "BUILTIN_NAMES",
    "aggregates",
    "contexts",
    "conversions",
    "lists",
    "logic",
    "numeric",
    "patterns",
    "range_relations",
    "strings",
    "temporals",
]
