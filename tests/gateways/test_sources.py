"""Which outside sources an installation asks."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from app import create_app
from app.config import SOURCES, Settings, SourceAddress, sources_port_file
from app.gateways import clock, sources
from app.gateways.source_answers import FACTS
from app.gateways.sources import SourceUnavailable
from app.sandbox_sources.answers import SAYS
from tests.sources import SECRET, served


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


def test_a_source_with_an_address_is_asked_there_and_the_others_stay_silent(
    make_settings: Callable[[str], Settings], sqlite_url: str, tmp_path: Path
) -> None:
    with served(tmp_path / "sources") as running:
        given = {"risk_platform": SourceAddress(running.address("risk_platform"), SECRET)}
        app = create_app(replace(make_settings(sqlite_url), mode="production", sources=given))
        current, now = sources.current(), clock.real_now()
        with app.app_context():
            answer = current.risk_platform.ask("LN1-1", "91330100MA2D3M001C", "A firm", now)
    assert answer.data["score"] > 0 and answer.source == sources.NAMES["risk_platform"]
    with pytest.raises(SourceUnavailable, match="not connected"):
        current.credit_bureau.ask("LN1-1", "91330100MA2D3M001C", "A firm", now)
    assert set(current.secrets) == {"risk_platform"}


def test_the_demo_asks_the_sandbox_process_where_one_was_started(
    make_settings: Callable[[str], Settings], sqlite_url: str
) -> None:
    settings = make_settings(sqlite_url)
    app = create_app(settings)
    file = sources_port_file(settings.var_dir)
    with app.app_context(), socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        file.write_text(str(taken.getsockname()[1]), "ascii")  # a process that has died since
        with pytest.raises(SourceUnavailable, match="did not answer"):
            sources.current().risk_platform.ask("LN1-1", "91330100MA2D3M001C", "A firm", clock.real_now())


def test_every_source_of_the_settings_has_a_port_a_name_a_schema_and_a_sandbox() -> None:
    ports = {one.name for one in fields(sources.Sources)} - {"secrets"}
    assert ports == set(SOURCES) == set(sources.NAMES) == set(FACTS) == set(SAYS)
