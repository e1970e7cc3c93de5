"""A counter with a running sandbox bank for the tests of holds: on SQLite, and on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desk import Desk
from tests.use_cases.payments import counter as counters
from tests.use_cases.payments.counter import Counter


@pytest.fixture
def counter(desk: Desk) -> Iterator[Counter]:
    """On SQLite."""
    with counters.counter(desk) as made:
        yield made


@pytest.fixture
def counter_on_each_database(desk_on_each_database: Desk) -> Iterator[Counter]:
    """The same, and in a second run of the test on PostgreSQL."""
    with counters.counter(desk_on_each_database) as made:
        yield made
