"""The one clock: real time, a moved business date, a stopped clock, and the seal of production."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.gateways import clock

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Moved:
    """An offset of as many days as told."""

    def __init__(self, days: int) -> None:
        self.known = days

    def days(self) -> int:
        return self.known

    def remember(self, days: int | None) -> None:
        self.known = days or 0


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "_offset", [])
    yield


def test_the_products_time_is_real_time_moved_by_whole_days() -> None:
    clock.follow(Moved(30))

    ahead = clock.moment().now - clock.real_now()

    assert abs(ahead - timedelta(days=30)) < timedelta(seconds=5)


def test_a_move_leaves_leases_and_real_time_alone() -> None:
    clock.follow(Moved(400))

    assert abs(clock.unmoved_now() - clock.real_now()) < timedelta(seconds=5)


def test_a_stopped_clock_stands_for_leases_too_and_ignores_the_offset() -> None:
    clock.follow(Moved(400))

    with clock.fixed_at(NOW):
        assert (clock.moment().now, clock.unmoved_now()) == (NOW, NOW)


def test_a_sealed_clock_shows_real_time_and_remembers_no_offset() -> None:
    clock.follow(Moved(30))
    clock.follow(None)
    clock.remember_offset(30)

    assert (clock.is_sealed(), clock.offset_days()) == (True, 0)


def test_what_is_remembered_is_not_asked_again() -> None:
    clock.follow(Moved(0))

    clock.remember_offset(3)

    assert clock.offset_days() == 3
