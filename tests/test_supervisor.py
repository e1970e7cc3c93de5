"""`make run` end to end: real processes start, heal, stop in time and leave nothing behind, however they are ended."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from app import signatures
from app.config import Settings, sandbox_port_file
from app.supervisor import __main__ as supervisor
from tests.databases import SECRETS, Databases
from tests.machine import elapsed
from tests.product import HEAL_SECONDS, START_SECONDS, Product, until

PARTS = ("valkey-server", "gunicorn", "app.jobs.worker", "app.jobs.poller", "app.sandbox_bank")
STOP_SECONDS = 3.0


@pytest.fixture
def product(tmp_path: Path, databases: Databases) -> Iterator[Product]:
    made = installed(tmp_path / "var", databases)
    yield made
    made.clean_up()


@pytest.fixture
def running(product: Product) -> Product:
    return started(product)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Product]:
    """A running product that several tests use one after the other: each leaves it as healthy as it was."""
    made = installed(tmp_path_factory.mktemp("shared") / "var", databases)
    yield started(made)
    made.clean_up()


def installed(var_dir: Path, databases: Databases) -> Product:
    var_dir.mkdir()
    databases.sqlite("demo", var_dir / "loan.db")
    return Product(var_dir)


def started(product: Product) -> Product:
    product.start()
    until(product.answers, START_SECONDS)
    assert product.answers(), (product.var_dir / "log" / "web.log").read_text()
    return product


def test_a_running_product_knows_that_its_processes_live_and_nothing_is_stuck(shared: Product) -> None:
    until(lambda: shared.flask("work", "stuck").returncode == 0, HEAL_SECONDS)
    found = shared.flask("work", "stuck", "--language", "en")
    assert (found.returncode, found.stdout.strip()) == (0, "nothing is stuck"), found.stdout + found.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "ctrl-c"])
def test_it_says_its_address_and_stops_within_three_seconds_leaving_nothing(running: Product, number: int) -> None:
    (process,) = running.started
    until(lambda: all(running.find(part) for part in PARTS), HEAL_SECONDS)
    assert [part for part in PARTS if not running.find(part)] == []

    with elapsed() as stopping:
        process.send_signal(number)
        output, _ = process.communicate()

    assert process.returncode == 0 and stopping.own < STOP_SECONDS
    assert f"http://127.0.0.1:{running.port}" in output and "demo-2026" in output
    assert running.processes() == [] and not running.answers()


def test_after_kill_9_nothing_is_left_and_the_next_start_works(running: Product) -> None:
    (process,) = running.started

    process.kill()
    second = running.start()

    old = [p for p in running.processes() if p.create_time() < psutil.Process(second.pid).create_time()]
    seconds = until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in old), HEAL_SECONDS)
    assert seconds < HEAL_SECONDS
    assert until(running.answers, START_SECONDS) < START_SECONDS and second.poll() is None


def test_a_valkey_that_outlived_everything_does_not_hinder_a_start(running: Product) -> None:
    (guardian,) = running.find("app.supervisor.valkey")
    guardian.kill()
    running.started[0].kill()
    until(lambda: len(running.processes()) == 1, 10.0)
    assert [process.name() for process in running.processes()] == ["valkey-server"]

    running.start()

    assert until(running.answers, START_SECONDS) < START_SECONDS


def test_a_crashed_child_comes_back(shared: Product) -> None:
    until(lambda: shared.find("app.jobs.poller"), HEAL_SECONDS)
    (poller,) = shared.find("app.jobs.poller")
    master = min(shared.find("gunicorn"), key=lambda process: process.create_time())

    poller.kill()
    master.kill()
    until(lambda: not shared.answers(), HEAL_SECONDS)

    assert until(lambda: shared.find("app.jobs.poller"), HEAL_SECONDS) < HEAL_SECONDS
    assert until(shared.answers, HEAL_SECONDS) < HEAL_SECONDS


def test_a_stop_while_it_still_prepares_is_a_clean_stop(product: Product) -> None:
    process = product.start()
    until(lambda: product.find("app.cli.prepare"), START_SECONDS)

    with elapsed() as stopping:
        process.terminate()
        process.communicate()

    assert process.returncode == 0 and stopping.own < STOP_SECONDS
    assert product.processes() == []


def test_a_second_run_on_the_same_data_says_so_and_ends(shared: Product) -> None:
    second = shared.start()
    output, _ = second.communicate(timeout=30)

    assert "running already" in output and second.returncode == 1
    assert shared.answers()


def test_a_taken_port_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOCK_SECONDS", 0.2)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = Settings.from_environment({"VAR_DIR": str(tmp_path), "PORT": str(other.getsockname()[1])})

        assert supervisor._why_not_listening(taken) == os.strerror(98 if sys.platform == "linux" else 48)


def test_late_work_is_run_by_the_worker(shared: Product) -> None:
    with sqlite3.connect(shared.var_dir / "loan.db", timeout=10) as database:
        (row,) = database.execute(
            "INSERT INTO outbox (kind, name, element_id, name_zh, name_en, payload, headers, state, attempts,"
            " max_attempts, created_at)"
            " VALUES ('message', 'Nobody', '', '', '', ?, '{}', 'waiting', 0, 3, ?) RETURNING id",
            ('{"key": "C", "payload": {}}', datetime.now(UTC).isoformat()),
        ).fetchone()
        database.commit()

    def state() -> str:
        return str(database.execute("SELECT state FROM outbox WHERE id = ?", (row,)).fetchone()[0])

    until(lambda: state() == "done", HEAL_SECONDS)
    assert state() == "done"
    database.close()


def test_money_that_comes_to_the_sandbox_bank_is_booked_also_after_the_bank_was_killed(shared: Product) -> None:
    installation = Settings.from_environment(SECRETS | {"VAR_DIR": str(shared.var_dir)})
    port_file = sandbox_port_file(shared.var_dir)
    until(port_file.exists, HEAL_SECONDS)
    port = port_file.read_text()

    def credit(remark: str) -> int:
        body = json.dumps({"amount": "88.80", "remark": remark}).encode()
        signed = signatures.signed("sandbox", installation.payment_secret, "POST", "/credits", body, datetime.now(UTC))
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
        try:
            connection.request("POST", "/credits", body, signed)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def booked() -> list[str]:
        with closing(sqlite3.connect(shared.var_dir / "loan.db", timeout=10)) as database:
            return [row[0] for row in database.execute("SELECT purpose FROM payment ORDER BY id")]

    assert credit("before") == 200
    until(lambda: booked() == ["before"], HEAL_SECONDS)
    shared.find("app.sandbox_bank")[0].kill()
    until(lambda: credit("after") == 200, HEAL_SECONDS)
    until(lambda: len(booked()) == 2, HEAL_SECONDS)

    assert booked() == ["before", "after"] and port_file.read_text() == port
