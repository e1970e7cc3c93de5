"""`make gallery`: every page that the demo's people reach by links, looked at by axe-core, and photographed on demand.

Walks as each person from their first page over the links of the page and the menu, one page of each kind, in both
languages, both themes, on a desk and on a telephone. GALLERY_URL names a product that runs already, with its demo;
GALLERY_PICTURES a folder for the pictures; GALLERY_SETTINGS some of the settings, as zh-light-desk,en-dark-phone; with
GALLERY_ONCE=1 a kind of page is looked at as the first person who reaches it, first pages and tasks as everybody. The
last line says how many pages were looked at and how many faults were found.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from html import unescape
from itertools import product as combinations
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from app.use_cases.demo.demo_data import demo_data
from tests.browser.people import PASSWORD

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
NUMBERS = re.compile(r"\d+")
NAMED = re.compile(r"/(processes|forms|rules|rights)/[\w-]+")  # one stands for all
# what opens no page: files, and addresses that change something
NO_PAGES = re.compile(r"/(static|logout|login|documents?|download|export|metrics)\b")
KEPT_QUERY = re.compile(r"[?&](tab|show|kind)=[^&]*")
MOST_PAGES = 60
LINK = re.compile(r'<a\b[^>]*?\bhref="([/?][^"]*)"')
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"


@dataclass(frozen=True)
class Setting:
    """How a page is looked at: language, theme and width."""

    language: str
    theme: str
    width: str

    @property
    def name(self) -> str:
        return f"{self.language}-{self.theme}-{self.width}"


SETTINGS = tuple(Setting(*parts) for parts in combinations(("zh", "en"), ("light", "dark"), tuple(WIDTHS)))


@dataclass
class Finding:
    """What is wrong with a page in a setting, in the words of the checker."""

    login: str
    path: str
    setting: Setting
    what: str

    def __str__(self) -> str:
        return f"{self.login} {self.path} {self.setting.name}: {self.what}"


@dataclass
class Gallery:
    """Looks at pages of the product at `address`; `pictures` None keeps none."""

    address: str
    browser: Browser
    pictures: Path | None = None
    once: bool = False
    looked: int = 0
    known: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def visit(self, login: str, settings: Sequence[Setting], place: str = "") -> None:
        """Looks at every kind of page that this person reaches, in each of the settings."""
        page = self._entered(login, settings[0], place)
        paths = self._reached(page)
        page.context.close()
        if self.once:
            paths = [path for path in paths if path == paths[0] or "/tasks/" in path or _kind(path) not in self.known]
            self.known |= {_kind(path) for path in paths}
        for setting in settings:
            page = self._entered(login, setting, place)
            for number, path in enumerate(paths):
                self._look(page, login, path, setting, number)
            page.context.close()

    def _entered(self, login: str, setting: Setting, place: str) -> Page:
        width, height = WIDTHS[setting.width]
        context = self.browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.set_default_timeout(30_000)
        for name, value in (("language", setting.language), ("theme", setting.theme)):
            context.add_cookies([{"name": name, "value": value, "url": self.address}])
        page = context.new_page()
        page.goto(f"{self.address}/login")
        page.fill("#account", login)
        page.fill("#password", PASSWORD)
        page.click(".login-card button")
        if "/acting-as" in page.url:
            page.locator("button.choice").filter(has_text=place).first.click()
        return page

    def _reached(self, page: Page) -> list[str]:
        """One address of each kind, the first page first, breadth first."""
        first = page.url.removeprefix(self.address) or "/"
        paths, kinds = list[str](), set[str]()
        found = [first]
        for path in found:
            answer = page.context.request.get(self.address + path)
            if answer.ok and not answer.headers.get("content-type", "").startswith("text/html"):
                continue  # a file
            paths.append(path)
            for link in LINK.findall(answer.text()):
                address = path.partition("?")[0] + unescape(link) if link.startswith("?") else unescape(link)
                kind = _kind(address)
                if kind not in kinds and kind != _kind(first) and not NO_PAGES.search(address):
                    kinds.add(kind)
                    found.append(address.partition("#")[0])
        return paths[:MOST_PAGES]

    def _look(self, page: Page, login: str, path: str, setting: Setting, number: int) -> None:
        answer = page.goto(self.address + path)
        self.looked += 1
        if answer is None or answer.status >= 400:
            self._note(login, path, setting, f"answered {answer.status if answer else 'nothing'}")
            return
        page.evaluate(AXE_SCRIPT)
        result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for one in result["violations"]:
            html = "; ".join(node["html"][:120] for node in one["nodes"][:2])
            self._note(login, path, setting, f"{one['id']} ({one['help']}): {html}")
        if page.evaluate(OVERFLOW) > 1:
            self._note(login, path, setting, "the page is wider than its window")
        if self.pictures is not None:
            folder = self.pictures / setting.name
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(
                path=folder / f"{login}-{number:02d}{NUMBERS.sub('', _kind(path)).replace('/', '-')[:60]}.png"
            )

    def _note(self, login: str, path: str, setting: Setting, what: str) -> None:
        self.findings.append(Finding(login, path, setting, what))


def _kind(address: str) -> str:
    """Addresses that differ by a number alone are of one kind; a pane of a page is a kind of its own."""
    path = address.partition("#")[0]
    panes = "".join(sorted(found.group(0).replace("&", "?") for found in KEPT_QUERY.finditer(path)))
    return NAMED.sub(r"/\1/one", NUMBERS.sub("0", path.partition("?")[0])) + panes


def chromium() -> str:
    """The system's Chromium; SystemExit where there is none."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("no Chromium on this machine: install the Debian package chromium (see .ci/run)")
    return found


def people() -> list[str]:
    """The demo's log-ins, in the file's order."""
    return [person["login"] for person in demo_data()["people"]]


def main(names: Iterable[str]) -> int:
    """Looks as the named people, or as all of them, in all settings."""
    chosen = list(names) or people()
    pictures = os.environ.get("GALLERY_PICTURES")
    wanted = os.environ.get("GALLERY_SETTINGS", "")
    settings = [one for one in SETTINGS if not wanted or one.name in wanted.split(",")]
    address = os.environ.get("GALLERY_URL", "http://127.0.0.1:8000")
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        gallery = Gallery(
            address.rstrip("/"), browser, Path(pictures) if pictures else None, "GALLERY_ONCE" in os.environ
        )
        for login in chosen:
            before = gallery.looked, len(gallery.findings)
            gallery.visit(login, settings)
            print(
                f"{login}: {gallery.looked - before[0]} pages, {len(gallery.findings) - before[1]} faults", flush=True
            )
            for one in gallery.findings[before[1] :]:
                print("  ", one, flush=True)
        browser.close()
    print(f"{gallery.looked} pages of {len(chosen)} people in {len(settings)} settings, {len(gallery.findings)} faults")
    return 1 if gallery.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
