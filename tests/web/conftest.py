"""Cases in different places for the tests of pages, and the people who look at them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desk import Desk
from tests.web.visitor import Visitor


@pytest.fixture
def visit(desk: Desk) -> Callable[..., Visitor]:
    """visit(login, place=None, language="zh") is that person at a browser; visit() is somebody who is not logged in."""

    def visiting(login: str = "", place: str | None = None, language: str = "zh") -> Visitor:
        return Visitor(desk, login, place, language)

    return visiting
