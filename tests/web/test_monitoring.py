"""What machines ask: answers without a session, without secrets, and numbers only for those who may read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.config import Settings
from app.gateways import queue
from app.storage.database import db
from bench.figure import counted
from tests.databases import SECRETS
from tests.desk import Desk

TOKEN = "m" * 40


def samples(text: str) -> dict[str, float]:
    """Name with labels -> number of every line of the text format."""
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}


def with_token(app: Flask) -> Flask:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], metrics_token=TOKEN)
    return app


def test_a_probe_starts_no_session_and_asks_the_database_nothing_but_its_version(app: Flask) -> None:
    client = app.test_client()
    client.get("/readyz")
    for path, most in (("/healthz", 0), ("/readyz", 2)):
        with counted(app) as seen:
            got = client.get(path)
        assert got.status_code == 200 and "Set-Cookie" not in got.headers
        assert seen.queries <= most


def test_the_product_is_ready_and_degraded_while_its_queue_is_away(app: Flask) -> None:
    got = app.test_client().get("/readyz")

    assert got.status_code == 200
    assert got.json == {
        "status": "degraded",
        "database": "up",
        "queue": "away; the poller does its work, more slowly",
    }


def test_with_its_queue_it_is_ready(app: Flask, redis_url: str) -> None:
    queue.connect(redis_url)

    assert app.test_client().get("/readyz").json == {"status": "ready", "database": "up", "queue": "up"}


def test_a_database_of_another_version_is_not_ready(make_app: Callable[[str], Flask], tmp_path: Path) -> None:
    app = make_app(f"sqlite:///{tmp_path / 'empty.db'}")

    got = app.test_client().get("/readyz")

    assert (got.status_code, got.json["status"], got.json["database"]) == (503, "not ready", "not upgraded")


def test_a_database_that_is_away_is_not_ready_and_the_answer_does_not_say_where_it_was(
    make_app: Callable[[str], Flask],
) -> None:
    app = make_app("postgresql://clerk:hidden@127.0.0.1:1/loan")

    got = app.test_client().get("/readyz")

    assert (got.status_code, got.json["database"]) == (503, "away")
    assert "hidden" not in got.text and "127.0.0.1" not in got.text and "clerk" not in got.text


def test_numbers_are_read_on_the_machine_itself(app: Flask) -> None:
    client = app.test_client()
    client.get("/healthz")

    got = client.get("/metrics")

    assert got.status_code == 200 and got.content_type.startswith("text/plain")
    assert "Set-Cookie" not in got.headers
    read = samples(got.text)
    assert read["loan_open_tasks"] == read["loan_ledger_imbalance_yuan"] == 0
    assert read['loan_http_requests_total{endpoint="monitoring.health",method="GET",status="200"}'] >= 1
    assert read['loan_http_request_seconds_count{endpoint="monitoring.health"}'] >= 1


@pytest.mark.parametrize("forwarded", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_who_comes_through_a_proxy_is_not_on_the_machine(app: Flask, forwarded: str) -> None:
    assert app.test_client().get("/metrics", headers={forwarded: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", ""])
def test_another_machine_finds_nothing_without_the_token(app: Flask, address: str) -> None:
    client = with_token(app).test_client()
    elsewhere = {"REMOTE_ADDR": address}

    assert client.get("/metrics", environ_overrides=elsewhere).status_code == 404
    wrong = {"Authorization": f"Bearer {TOKEN}x"}
    assert client.get("/metrics", environ_overrides=elsewhere, headers=wrong).status_code == 404
    right = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", environ_overrides=elsewhere, headers=right).status_code == 200


def test_no_token_is_no_empty_token(app: Flask) -> None:
    elsewhere = {"REMOTE_ADDR": "10.1.2.3"}

    for header in ("Bearer", "Bearer ", "Bearer None"):
        got = app.test_client().get("/metrics", environ_overrides=elsewhere, headers={"Authorization": header})
        assert got.status_code == 404


def test_a_proxy_that_is_trusted_is_believed_about_the_client(tmp_path: Path, sqlite_url: str) -> None:
    given = {"VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": sqlite_url, "TRUSTED_PROXIES": "1", **SECRETS}
    app = create_app(Settings.from_environment(given))
    try:
        seen = app.test_client().get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
        assert seen.status_code == 404
    finally:
        with app.app_context():
            db.engine.dispose()
        queue.connect(None)


def test_labels_name_no_case_no_person_and_no_address(desk: Desk) -> None:
    number = desk.at_initial_review(requested_amount="400000.00")
    client = desk.app.test_client()
    client.get(f"/cases/{number}")
    client.get("/13800138000/no-such-page")

    text = client.get("/metrics").text

    labels = set(re.findall(r'(\w+)="', text))
    assert labels == {"endpoint", "method", "status", "le", "process"}
    assert number not in text and "13800138000" not in text
    assert samples(text)['loan_running_instances{process="initial_review"}'] == 1
