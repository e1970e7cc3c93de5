"""A player of the mission in a real browser: finds tasks in the inbox, fills in their forms, signs contracts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import expect

from tests.browser.people import PASSWORD, Visitor
from tests.mission.answers import expanded
from tests.mission.cast import Work
from tests.mission.person import Person

NAMES = "fields => fields.map(field => field.name)"


class BrowserPlayer:
    """Somebody with a page of their own; `visitor` knows how the product's pages are filled in.

    Whether there is work is looked up without the browser by `lookout`, the same person: a story asks many times.
    """

    def __init__(self, visitor: Visitor, lookout: Person) -> None:
        self.visitor, self.page, self.lookout = visitor, visitor.page, lookout
        self.is_firm = self.page.locator('a[href="/applications/new"]').count() > 0
        self.leave()

    def works(self, number: str) -> list[Work]:
        """The open tasks of a case that this person may do, as the page shows them."""
        if not self.lookout.works(number):
            return []
        if self.is_firm:
            self.visitor.go(f"/applications/{number}")
            step = self.page.locator("section.next").filter(has=self.page.locator('a[href^="/tasks/"]'))
            if not step.count():
                return []
            address = step.locator('a[href^="/tasks/"]').first.get_attribute("href")
            return [Work(step.locator("h2").first.inner_text(), str(address))]
        self.visitor.go(f"/inbox?q={number}")
        rows = self.page.locator("tr[data-row]").filter(has_text=number)
        return [
            Work(row.locator(".cell-step").inner_text(), str(row.locator(".cell-number a").get_attribute("href")))
            for row in rows.all()
        ]

    def answer(self, address: str, answers: Mapping[str, Any]) -> bool:
        """Fills in and submits the form; False where the case went on without it."""
        self.visitor.go(address)
        if self.page.locator("form[data-form] button.button-primary").count() == 0:
            return False
        if self.page.locator("input[type=file]").count():
            self.visitor.upload_all()
        for closed in self.page.locator("details.form-row:not([open]) > summary").all():
            closed.click()
        names = self.page.locator("form[data-form] [name]").evaluate_all(NAMES)
        for name, value in _flat(expanded(answers, names)):
            if isinstance(value, list):
                self._add_rows(name, value)
            else:
                self.visitor.fill({name: value})
        self._give_password()
        self.visitor.submit()
        self.leave()
        return True

    def sign(self, address: str) -> bool:
        """Reads and signs the contract that the task leads to; False where that is done already."""
        self.visitor.go(address)
        link = self.page.locator('a.button-primary[href^="/contracts/"]')
        if not link.count():
            return False
        link.click()
        form = self.page.locator('form[action$="/sign"]')
        if not form.count():
            return False
        self._give_password()
        with self.page.expect_navigation():
            form.locator("button.button-primary").click()
        expect(self.page.locator("#sign-error")).to_have_count(0)
        self.leave()
        return True

    def leave(self) -> None:
        """Looks at no page: twenty open inboxes that renew themselves would keep the browser busy."""
        self.page.goto("about:blank")

    def _add_rows(self, path: str, rows: list[Mapping[str, Any]]) -> None:
        for index, row in enumerate(rows):
            if not self.page.locator(f'[name^="{path}[{index}]."]').count():
                with self.page.expect_response(re.compile("/(preview|complete)$")):
                    self.page.locator(f'button[name="_add"][value="{path}"]').click()
                self.page.locator(f'[name^="{path}[{index}]."]').first.wait_for(state="attached")
            self.visitor.fill({f"{path}[{index}].{key}": value for key, value in row.items()})

    def _give_password(self) -> None:
        asked = self.page.locator('input[type=password][name="password"]')
        if asked.count():
            asked.fill(PASSWORD)


def _flat(given: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """(name, value) with lists of rows kept whole."""
    for key, value in given.items():
        name = f"{before}.{key}" if before else key
        if isinstance(value, Mapping):
            yield from _flat(value, name)
        else:
            yield name, value
