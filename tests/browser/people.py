"""A person at a browser: logs in, opens tasks, fills in forms, reads what the page says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

PASSWORD = "demo-2026"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Visitor:
    """One person with a page; everything is done through what the page shows."""

    def __init__(self, page: Page, url: str, folder: Path) -> None:
        self.page, self.url, self.folder = page, url, folder
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)

    def log_in(self, login: str) -> None:
        """Logs in on the log-in page."""
        self.page.goto(f"{self.url}/login")
        self.page.fill("#account", login)
        self.page.fill("#password", PASSWORD)
        self.page.click(".login-card button")
        expect(self.page.locator(".login-card")).to_have_count(0)

    def go(self, path: str) -> None:
        """Opens an address of the product."""
        self.page.goto(f"{self.url}{path}")

    def start(self, product: str, funder: str = "之江银行") -> str:
        """Starts an application for a funder's product; gives the case number."""
        self.go("/applications/new")
        card = self.page.locator("section.product", has_text=funder).filter(
            has=self.page.locator(f'form[action*="{product}:"]')
        )
        card.locator("button").click()
        self.page.wait_for_url("**/tasks/*")
        return self.page.locator(".crumbs .code").inner_text()

    def open_task(self, number: str) -> None:
        """Opens the person's task of a case as soon as it stands in the inbox."""
        link = self.page.locator(".cell-number a", has_text=number)
        self.until_shown("/inbox", link)
        link.first.click()  # of several votes any one

    def open_own_task(self, number: str, title: str) -> None:
        """A firm opens its next step of an application as soon as it is there."""
        self.until_shown(f"/applications/{number}", self.page.locator(".next h2", has_text=title))
        self.page.locator(".next-act a").click()

    def until_shown(self, path: str, wanted: Locator) -> None:
        """Loads a page until it shows something; the worker has to get there first."""
        for _ in range(60):
            self.go(path)
            if wanted.count():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{path} never showed what was waited for:\n{self.page.locator('main').inner_text()}")

    def fill(self, values: Mapping[str, Any]) -> None:
        """Fills in a form by the names of its entries, in the given order."""
        for name, value in entries(values):
            field = self.page.locator(f'[name="{name}"]:not([type=hidden])')
            kind = field.first.get_attribute("type")
            if kind in ("radio", "checkbox"):
                wanted = field.first if kind == "checkbox" else self.page.locator(f'[name="{name}"][value="{value}"]')
                with (
                    self.page.expect_response("**/preview")
                    if wanted.get_attribute("data-refresh") is not None
                    else _nothing()
                ):
                    wanted.check()
            elif field.first.evaluate("element => element.tagName") == "SELECT":
                refreshes = field.first.get_attribute("data-refresh") is not None
                with self.page.expect_response("**/preview") if refreshes else _nothing():
                    field.first.select_option(value)
            else:
                field.first.fill(value)

    def upload_all(self) -> None:
        """Puts a file into every place of the form that must have one."""
        file = self.folder / "资料.pdf"
        file.write_bytes(PDF)
        names = self.page.locator("input[type=file]").evaluate_all("inputs => inputs.map(input => input.name)")
        for name in names:
            with self.page.expect_navigation():
                self.page.set_input_files(f'input[type=file][name="{name}"]', str(file))

    def submit(self, *, refused: bool = False) -> None:
        """Presses the page's main button of the form; `refused` where faults are expected."""
        with self.page.expect_navigation():
            self.page.locator(".decision-foot .button-primary, .foot-main .button-primary").first.click()
        faults = self.page.locator("[data-form-errors]").all_inner_texts()
        assert bool(faults) == refused, faults

    def says(self, text: str) -> None:
        """The page shows this text."""
        expect(self.page.locator("body")).to_contain_text(text)

    def is_healthy(self) -> None:
        """No script of any page failed so far."""
        assert self.faults == []


class _nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def entries(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """(name of the entry, value) of nested answers, as an HTML form names them."""
    for key, value in values.items():
        name = f"{before}.{key}" if before else key
        if isinstance(value, Mapping):
            yield from entries(value, name)
        else:
            yield name, value
