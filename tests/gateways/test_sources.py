"""Which outside sources an installation asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from app import create_app
from app.config import Settings
from app.gateways import clock, sources
from app.gateways.sources import SourceUnavailable


@pytest.fixture(autouse=True)
def _sources_as_before() -> Iterator[None]:
    before = sources._current[:]
    yield
    sources._current[:] = before


def test_production_never_judges_a_firm_by_a_sandbox(make_settings: Callable[[str], Settings], sqlite_url: str) -> None:
    create_app(replace(make_settings(sqlite_url), mode="production"))
    current, now = sources.current(), clock.real_now()
    for firm_source in (current.enterprise_registry, current.risk_platform, current.credit_bureau):
        with pytest.raises(SourceUnavailable, match="not connected"):
            firm_source.ask("key", "91330100MA2D3M001C", "A firm", now)
    with pytest.raises(SourceUnavailable, match="Loan prime rate is not connected"):
        current.market_rates.ask("key", now)


def test_demo_answers_say_that_they_are_made_up(make_settings: Callable[[str], Settings], sqlite_url: str) -> None:
    create_app(make_settings(sqlite_url))
    answer = sources.current().credit_bureau.ask("key", "91330100MA2D3M001C", "A firm", clock.real_now())
    assert answer.source.zh.endswith("（演示数据）") and "demo data" in answer.source.of("en")
