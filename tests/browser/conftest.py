"""The product served to a real Chromium, with a thread in the worker's place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app.use_cases import dispatch
from tests.browser.people import Visitor


@dataclass(frozen=True)
class Site:
    """The product at an address, and the browser that people visit it with."""

    url: str
    browser: Browser
    folder: Path

    def visitor(self, login: str, *, language: str = "zh", dark: bool = False, width: int = 1440) -> Visitor:
        """A person in a browser of their own, logged in."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN" if language == "zh" else "en-GB",
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(15_000)
        page: Page = context.new_page()
        visitor = Visitor(page, self.url, self.folder)
        visitor.log_in(login)
        return visitor


@pytest.fixture
def site(demo_app: Flask, browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """The product after its first start; operations, messages and timers run as soon as they are due."""
    server = make_server("127.0.0.1", 0, demo_app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    stopping = threading.Event()
    failures: list[BaseException] = []
    working = threading.Thread(target=_work, args=(demo_app, stopping, failures), daemon=True)
    serving.start()
    working.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", browser, tmp_path)
    stopping.set()
    working.join(10)
    server.shutdown()
    for context in browser.contexts:
        context.close()
    assert failures == []


def _work(app: Flask, stopping: threading.Event, failures: list[BaseException]) -> None:
    while not stopping.wait(0.1):
        with app.app_context():
            try:
                dispatch.run_all_due()
            except Exception as error:
                failures.append(error)
