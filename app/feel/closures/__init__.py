"""Syntax trees to Python closures, made once; importing this package makes every kind of node known to the compiler."""

from app.feel.closures import calls, constructs, lists, loops, operators, tests
from app.feel.closures.compiler import Closure, Compiler

__all__ = ["Closure", "Compiler", "calls", "constructs", "lists", "loops", "operators", "tests"]
