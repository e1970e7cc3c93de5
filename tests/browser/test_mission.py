"""The mission in a browser, against the running product: each role's inbox fills in turn, and is photographed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.people import Visitor
from tests.browser.player import BrowserPlayer
from tests.databases import Databases
from tests.mission.cast import Part
from tests.mission.person import Person
from tests.mission.stage import Stage
from tests.mission.story import Story, bad, good
from tests.product import START_SECONDS, Product, until
from tests.soak import longer

Tale = Callable[..., Story]


@pytest.fixture
def product(tmp_path: Path, databases: Databases) -> Iterator[Product]:
    """The product as after its first start, with worker, queue and sandbox bank."""
    var_dir = tmp_path / "var"
    var_dir.mkdir()
    databases.sqlite("demo", var_dir / "loan.db")
    made = Product(var_dir)
    made.start()
    until(made.answers, START_SECONDS)
    assert made.answers(), (var_dir / "log" / "web.log").read_text()
    yield made
    made.clean_up()


class Album:
    """Pictures of inboxes, numbered in the order of the story; INBOX_PICTURES names a folder that keeps them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pictures = folder, list[str]()
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, player: BrowserPlayer, part: Part, title: str) -> None:
        """The person's page with the work on it, before it is done."""
        name = f"{len(self.pictures) + 1:02d}-{part.login}-{title}.png"
        player.page.screenshot(path=self.folder / name)
        self.pictures.append(name)


# the stories with the number of their lines and of the people who play, in `make soak`: minutes each. In short, other
# tests of this folder play the reviews in a browser, and `make mission` plays both stories without one.
STORIES = longer([], [pytest.param(good, 6, 7, id="the_good_loan"), pytest.param(bad, 7, 14, id="the_bad_loan")])


@pytest.mark.soak
@pytest.mark.parametrize(("story", "stages", "cast"), STORIES)
def test_a_loan_is_played_in_a_browser_and_every_inbox_fills(
    product: Product, browser: Browser, tmp_path: Path, story: Tale, stages: int, cast: int
) -> None:
    address = f"http://127.0.0.1:{product.port}"
    album = Album(Path(os.environ.get("INBOX_PICTURES") or tmp_path) / f"{cast}-people")
    players: dict[str, BrowserPlayer] = {}

    def enter(part: Part) -> BrowserPlayer:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        context.set_default_timeout(30_000)
        visitor = Visitor(context.new_page(), address, tmp_path)
        visitor.log_in(part.login)
        players[part.login] = BrowserPlayer(visitor, Person(address, part.login, part.organisation))
        return players[part.login]

    stage, lines = Stage(address, enter), list[str]()
    story(stage, lines.append, lambda part, title: album.take(players[part.login], part, title))

    assert len(lines) == stages and all(line.endswith("trial balance 0.00") for line in lines), lines
    assert len({name.split("-")[1] for name in album.pictures}) >= cast, album.pictures
    assert all((album.folder / name).stat().st_size > 10_000 for name in album.pictures)
    for player in players.values():
        player.visitor.is_healthy()
    audited = product.flask("ledger", "check", "--language", "en")
    assert audited.returncode == 0, audited.stdout
