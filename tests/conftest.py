"""Fixtures of all tests: databases (SQLite and a real PostgreSQL), the app on them, a real Valkey, Chromium."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from redis import Redis

from app import create_app
from app.config import Settings
from app.gateways import embedded_valkey, queue
from app.sandbox_bank.bank import Bank
from app.storage.database import db
from tests import books, thrift
from tests.bank import sandbox_bank
from tests.databases import Databases, settings
from tests.demo.playing import begin
from tests.desk import Desk
from tests.kept_stages import KeptStages

CHROMIUM_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VALKEY_START_SECONDS = 10.0
LONGEST = ("tests/browser", "tests/faults", "tests/test_supervisor", "tests/web/test_access", "tests/demo/test_todays")


thrift.hash_quickly()
thrift.share_addresses()
thrift.keep_keys()

# How fast examples are drawn and run by the clock on the wall is no property of the product: a busy machine slows it.
hypothesis.settings.register_profile(
    "any machine",
    parent=hypothesis.settings(),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    deadline=None,
)
hypothesis.settings.load_profile("any machine")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no worker is left alone with one at the end; what waits for the demo's year last."""
    items.sort(key=lambda item: 2 if _needs_the_played_year(item) else int(not item.nodeid.startswith(LONGEST)))


def _needs_the_played_year(item: pytest.Item) -> bool:
    return "played_once" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def playing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """Where the demo's year is played beside the tests of all workers, if any test of the run needs it."""
    place = tmp_path_factory.getbasetemp().parent / f"demo-{testrun_uid[:12]}"
    if any(_needs_the_played_year(item) for item in request.session.items):
        begin(place)
    return place


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str, worker_id: str) -> Iterator[Databases]:
    """Copies of prepared databases; one PostgreSQL server for all xdist workers of a run, started when needed."""
    made = Databases(tmp_path_factory.mktemp("databases"), testrun_uid, worker_id)
    yield made
    made.close()


@pytest.fixture
def sqlite_url(databases: Databases, tmp_path: Path) -> str:
    """A new SQLite database with the newest schema and the shipped roles."""
    return databases.sqlite("schema", tmp_path / "loan.db")


@pytest.fixture
def postgresql_url(databases: Databases) -> Iterator[str]:
    """A new database with the same on a real PostgreSQL server."""
    with databases.postgresql("schema") as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """For tests that have to hold on both kinds of database: they run twice."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[[str], Settings]:
    """Settings of an installation in the test's own directory, on the given database; its queue is away."""

    def made(database_url: str) -> Settings:
        return settings(tmp_path / "var", database_url)

    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test that touches money ends with an audit of its books, while its database is still there."""
    yield
    books.audit(item)


@pytest.fixture
def make_app(
    make_settings: Callable[[str], Settings], request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Flask]]:
    """Makes apps on given databases and closes their connections after the test."""
    apps: list[Flask] = []

    def made(database_url: str) -> Flask:
        apps.append(create_app(make_settings(database_url)))
        thrift.spare(apps[-1])
        books.touches(request.node, apps[-1])
        return apps[-1]

    yield made
    for app in apps:
        with app.app_context():
            db.engine.dispose()
    queue.connect(None)


@pytest.fixture
def app(make_app: Callable[[str], Flask], sqlite_url: str) -> Flask:
    """The app on SQLite with roles only. A test opens its own context: a shared one would keep the first user."""
    return make_app(sqlite_url)


@pytest.fixture
def demo_app(make_app: Callable[[str], Flask], databases: Databases, tmp_path: Path) -> Flask:
    """The app as after the first `make run`: shipped definitions published, the demo loaded (SQLite)."""
    return make_app(databases.sqlite("demo", tmp_path / "demo.db"))


@pytest.fixture
def desk(demo_app: Flask) -> Desk:
    """The demo's people at work on SQLite."""
    return Desk(demo_app, KeptStages(demo_app))


@pytest.fixture
def bank(desk: Desk) -> Iterator[Bank]:
    """A running sandbox bank through which the desk's people pay; it calls back when the test lets it work."""
    with sandbox_bank(desk.app) as (running, _server):
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def desk_on_each_database(
    request: pytest.FixtureRequest, make_app: Callable[[str], Flask], databases: Databases, tmp_path: Path
) -> Iterator[Desk]:
    """The demo's people at work on SQLite, and in a second run of the test on PostgreSQL."""
    if request.param == "sqlite":
        app = make_app(databases.sqlite("demo", tmp_path / "demo.db"))
        yield Desk(app, KeptStages(app))
        return
    with databases.postgresql("demo") as url:
        yield Desk(make_app(url))


@pytest.fixture
def app_on_each_database(make_app: Callable[[str], Flask], database_url: str) -> Flask:
    """The app of `app`, on SQLite and then on PostgreSQL."""
    return make_app(database_url)


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real embedded Valkey server, one for each xdist worker."""
    directory = tmp_path_factory.mktemp("valkey")
    with running_valkey(directory) as url:
        yield url


@pytest.fixture
def redis_url(valkey_url: str) -> Iterator[str]:
    """An empty Valkey."""
    with Redis.from_url(valkey_url) as redis:
        redis.flushall()
    yield valkey_url


class running_valkey:
    """Serves an embedded Valkey from `directory` within a block; gives its URL."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.socket = directory, directory / "s" / "valkey.sock"
        self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=embedded_valkey.serve, args=(directory / "data", self.socket, self._stopping.is_set), daemon=True
        )

    def __enter__(self) -> str:
        self._thread.start()
        until = time.monotonic() + VALKEY_START_SECONDS
        while not embedded_valkey.answers(self.socket):
            assert time.monotonic() < until, "the embedded Valkey did not start"
            time.sleep(0.02)
        return f"unix://{self.socket}"

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(5.0)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium for browser tests, which are skipped without one."""
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium on this machine: browser tests need the Debian package chromium (see .ci/run)")


@pytest.fixture
def browser(chromium_path: str) -> Iterator[Browser]:
    """A Chromium for one test: while Playwright's own event loop runs, no other test of the process could run one."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_ARGUMENTS))
        yield running
        running.close()
