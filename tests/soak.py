"""How long the random tests and simulations go on: short in `make test`, twenty times as long in `make soak`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

LENGTH = int(os.environ.get("SOAK", "1"))


def soaking(examples: int) -> Callable[[Any], Any]:
    """Marks a property test that is worth running for long; `examples` is its number in the short form."""

    def mark(test: Any) -> Any:
        return pytest.mark.soak(settings(max_examples=examples * LENGTH, deadline=None)(test))

    return mark


def longer(short: list[Any], rest: list[Any]) -> list[Any]:
    """Cases of a simulation: the `short` ones in `make test`, with the `rest` of them in `make soak`."""
    return short + (rest if LENGTH > 1 else [])
