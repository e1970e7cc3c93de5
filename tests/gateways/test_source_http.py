"""Outside sources over HTTP: a good answer is taken, and of anything else nothing is believed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.gateways.sandboxes import sandboxes
from app.gateways.source_http import AnswerPending
from app.gateways.sources import NAMES, Goods, Reply, Sources, SourceUnavailable
from app.sandbox_sources.behaviour import BEHAVIOURS
from app.sandbox_sources.enquiries import Pace
from tests.sources import PACE, SOON, Running, served

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
FIRM = ("91330500MA2D3M005D", "清溪织造有限公司")
GOOD = ("ok", "slow", "duplicated")
PENDING = ("late", "pushed")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One process of sources for all tests of this file."""
    with served(tmp_path_factory.mktemp("sources"), pace=Pace(0.05, 1.0, late=60.0, push=60.0)) as made:
        yield made


def asked_of_all(ports: Sources, key: str) -> list[Reply]:
    """What every source answers."""
    firm = [ports.enterprise_registry, ports.risk_platform, ports.credit_bureau, ports.court_records]
    return [
        *(port.ask(key, *FIRM, AT) for port in firm),
        ports.market_rates.ask(key, AT),
        ports.goods_prices.ask(key, Goods("nonferrous", "电解铜", "吨"), AT),
        ports.goods_prices.ask(key + "b", Goods("other", "地毯", "件"), AT),
        ports.screening_lists.ask(key, ["钟岳鸣", FIRM[1]], AT),
    ]


def test_over_http_every_source_says_what_it_says_in_this_process(running: Running) -> None:
    running.behave("ok")
    over_http, inside = asked_of_all(running.ports(), "LN1-1"), asked_of_all(sandboxes(), "LN1-1")
    assert [(one.reference, one.at, one.data) for one in over_http] == [
        (one.reference, one.at, one.data) for one in inside
    ]
    assert over_http[5].data["unit_price"] == Decimal(70200) and over_http[6].data["unit_price"] is None


@pytest.mark.parametrize("behaviour", [name for name in BEHAVIOURS if name not in GOOD + PENDING])
def test_a_source_that_misbehaves_is_unavailable_and_says_so_in_words(running: Running, behaviour: str) -> None:
    running.behave(behaviour)
    waits = {"answer_seconds": SOON} if behaviour == "stalled" else {}
    with pytest.raises(SourceUnavailable) as failed:
        running.ports(**waits).risk_platform.ask(f"LN2-{behaviour}", *FIRM, AT)
    assert NAMES["risk_platform"].zh in failed.value.text.zh and NAMES["risk_platform"].en in failed.value.text.en
    assert not isinstance(failed.value, AnswerPending)


@pytest.mark.parametrize("source", NAMES)
@pytest.mark.parametrize("behaviour", ["wrong_type", "wrong_firm"])
def test_no_source_is_believed_with_wrong_types_or_about_something_else(
    running: Running, source: str, behaviour: str
) -> None:
    running.behave("ok")
    running.behave(behaviour, source)
    with pytest.raises(SourceUnavailable, match="answered wrongly"):
        asked_of_all(running.ports(), f"LN3-{source}-{behaviour}")


@pytest.mark.parametrize("behaviour", GOOD)
def test_a_slow_or_repeated_answer_is_an_answer(running: Running, behaviour: str) -> None:
    running.behave(behaviour)
    first = running.ports().credit_bureau.ask("LN4-1", *FIRM, AT)
    assert running.ports().credit_bureau.ask("LN4-1", *FIRM, AT) == first


def test_the_same_key_for_another_firm_is_not_answered(running: Running) -> None:
    running.behave("ok")
    running.ports().credit_bureau.ask("LN5-1", *FIRM, AT)
    with pytest.raises(SourceUnavailable, match="code 409"):
        running.ports().credit_bureau.ask("LN5-1", "91330500MA2D3M006G", "南浦纸业有限公司", AT)


def test_accepted_is_no_answer_and_asking_again_later_is(tmp_path: Path) -> None:
    with served(tmp_path, pace=PACE) as eager, served(tmp_path / "b", pace=Pace(late=60.0)) as patient:
        eager.behave("late")
        patient.behave("late")
        assert eager.ports().risk_platform.ask("LN6-1", *FIRM, AT).data["score"] > 0
        with pytest.raises(AnswerPending, match="answers later"):
            patient.ports().risk_platform.ask("LN6-1", *FIRM, AT)


def test_who_does_not_know_the_secret_is_neither_answered_nor_believed(running: Running) -> None:
    running.behave("ok")
    with pytest.raises(SourceUnavailable, match="code 401"):
        running.ports(secret="another secret").risk_platform.ask("LN7-1", *FIRM, AT)


def test_a_source_that_nobody_can_reach_is_unavailable(running: Running) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{taken.getsockname()[1]}"
        teller = running.ports().risk_platform.teller  # type: ignore[attr-defined]
        object.__setattr__(teller, "address", lambda: away)
        with pytest.raises(SourceUnavailable, match="no connection"):
            teller.said("LN8-1", {}, AT)


def test_an_answer_that_drips_is_cut_after_the_time_for_all_of_it(running: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = threading.Event()
        threading.Thread(target=drip, args=(listener, done), daemon=True).start()
        teller = running.ports(answer_seconds=SOON).risk_platform.teller  # type: ignore[attr-defined]
        object.__setattr__(teller, "address", lambda: f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(SourceUnavailable):
            teller.said("LN9-1", {}, AT)
        assert done.wait(30.0), "the connection was not closed"


def drip(listener: socket.socket, done: threading.Event) -> None:
    """Sends a byte of a header at a time, faster than any time-out for one of them, until it is cut off."""
    connection, _ = listener.accept()
    with connection:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            while not done.wait(0.02):
                connection.sendall(b"x")
        except OSError:
            done.set()


def test_a_proxy_of_the_environment_is_not_used(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    running.behave("ok")
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert running.ports().risk_platform.ask("LN10-1", *FIRM, AT).data["score"] > 0
