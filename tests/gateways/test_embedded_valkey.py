"""The embedded Valkey starts, stops, survives a kill, and is private to its user."""

from __future__ import annotations

import os
import signal
import stat
import threading
from pathlib import Path

import pytest
from redis import Redis

from app.gateways import embedded_valkey
from app.gateways.embedded_valkey import ValkeyUnavailable, answers, make_private, serve
from tests.conftest import running_valkey


def test_it_answers_while_it_serves_and_is_gone_afterwards(tmp_path: Path) -> None:
    with running_valkey(tmp_path) as url:
        assert Redis.from_url(url).ping()

    assert not answers(tmp_path / "s" / "valkey.sock")


def test_what_was_queued_is_there_after_a_restart(tmp_path: Path) -> None:
    with running_valkey(tmp_path) as url:
        Redis.from_url(url).set("k", "v")

    with running_valkey(tmp_path) as url:
        assert Redis.from_url(url).get("k") == b"v"


def test_only_its_user_may_enter_the_sockets_directory(tmp_path: Path) -> None:
    with running_valkey(tmp_path):
        assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700


def test_a_path_with_spaces_and_quotes_works(tmp_path: Path) -> None:
    with running_valkey(tmp_path / 'my "loans"'):
        assert answers(tmp_path / 'my "loans"' / "s" / "valkey.sock")


def test_a_socket_file_that_a_killed_server_left_does_not_hinder_a_start(tmp_path: Path) -> None:
    with running_valkey(tmp_path) as url:
        os.kill(Redis.from_url(url).info()["process_id"], signal.SIGKILL)

    with running_valkey(tmp_path) as url:
        assert Redis.from_url(url).ping()


def test_a_server_that_outlived_its_run_is_taken_over_and_stopped(tmp_path: Path) -> None:
    socket_path = tmp_path / "s" / "valkey.sock"
    make_private(socket_path.parent)
    (tmp_path / "data").mkdir()
    orphan = embedded_valkey.start(tmp_path / "data", socket_path)
    stopping = threading.Event()
    serving = threading.Thread(target=serve, args=(tmp_path / "data", socket_path, stopping.is_set))
    serving.start()
    stopping.set()
    serving.join(5)

    assert orphan.wait(5) == 0


def test_a_second_run_on_the_same_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_valkey, "LOCK_SECONDS", 0.1)
    with running_valkey(tmp_path), pytest.raises(ValkeyUnavailable, match="Another process"):
        serve(tmp_path / "data", tmp_path / "s" / "valkey.sock", lambda: True)


def test_a_directory_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    with pytest.raises(ValkeyUnavailable, match="link"):
        make_private(tmp_path / "link")
