"""An installation that tests prepare in their own process, and that runs with a fault planted afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from flask import Flask

from tests.databases import Databases
from tests.desk import Desk
from tests.mission.person import Person, Stuck
from tests.product import HEAL_SECONDS, START_SECONDS, Product, until

PLANT = Path(__file__).parent / "plant"
WAIT_SECONDS = 3.0
# for a step that died: its lease, the poller's round, a restart of worker and web
PATIENCE_SECONDS = 90.0


@dataclass
class Site:
    """The demo's people at their desk before the product runs, and the product with its fault after that."""

    desk: Desk
    var_dir: Path
    mark: Path
    products: list[Product] = field(default_factory=list)

    def run(self, point: str, victim: str) -> Product:
        """Starts the product; at `point` ("module:function:before|after") the victim is killed, once."""
        fault = {"FAULT": f"{point}:{victim}", "FAULT_MARK": str(self.mark), "WAIT_SECONDS": str(WAIT_SECONDS)}
        product = Product(self.var_dir, PYTHONPATH=str(PLANT), **fault)
        self.products.append(product)
        product.start()
        until(product.answers, START_SECONDS)
        assert product.answers(), (self.var_dir / "log" / "web.log").read_text()
        return product

    def person(self, login: str) -> Person:
        """Somebody at the running product."""
        return Person(f"http://127.0.0.1:{self.products[-1].port}", login)

    def struck(self) -> bool:
        """Whether the kill happened."""
        return self.mark.exists()

    def comes(self, condition: Callable[[], bool], what: str) -> None:
        """Waits until the condition holds; an AssertionError after too long: something waits for ever."""
        seconds = until(condition, PATIENCE_SECONDS)
        assert condition(), f"{what} never came ({seconds:.0f} s)\n{self._log()}"

    def tries(self, act: Callable[[], object]) -> None:
        """Does something at the product as a person does: where it dies in the middle, once more when it is back."""
        for _ in range(3):
            try:
                act()
                return
            except requests.RequestException:
                until(self.products[-1].answers, HEAL_SECONDS)
            except Stuck:
                if not self.struck():
                    raise
                time.sleep(0.5)
        act()

    def _log(self) -> str:
        logs = sorted((self.var_dir / "log").glob("*.log"))
        return "\n".join(f"--- {path.name}\n{path.read_text()[-1500:]}" for path in logs)


@pytest.fixture
def site(tmp_path: Path, databases: Databases, make_app: Callable[[str], Flask]) -> Iterator[Site]:
    """An installation with the demo's people (SQLite), not running yet."""
    var_dir = tmp_path / "var"
    var_dir.mkdir()
    made = Site(Desk(make_app(databases.sqlite("demo", var_dir / "loan.db"))), var_dir, tmp_path / "struck")
    yield made
    for product in made.products:
        product.clean_up()
