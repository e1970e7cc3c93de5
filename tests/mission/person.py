"""A person at a browser without JavaScript, over HTTP: logs in, finds tasks in the inbox, fills in forms."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any, TypeVar
from urllib.parse import urljoin

import requests

from tests.mission.answers import expanded
from tests.mission.cast import Work
from tests.web.visitor import TOKEN, everything, flattened, words

PASSWORD = "demo-2026"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PATIENCE_SECONDS = 90.0
OK, CONFLICT = 200, 409
PAUSE_SECONDS = 0.25


class Stuck(AssertionError):
    """The product did not do what the story expects; the text says who waited for what, and what the page said."""


class Page:
    """An answer of the product, with what tests/web/visitor.py reads from one."""

    def __init__(self, response: requests.Response) -> None:
        self.status_code, self.url, self.text = response.status_code, response.url, response.text

    @property
    def words(self) -> str:
        """What a person reads."""
        return words(self.text)


class Person:
    """One demo person with a session of their own."""

    def __init__(self, address: str, login: str, organisation: str = "") -> None:
        self.address, self.login = address, login
        self.session = requests.Session()
        self.session.cookies.set("language", "zh")
        page = self.post("/login", {"account": login, "password": PASSWORD}, page=self.get("/login"))
        if "/acting-as" in page.url:
            self._act_for(page, organisation)
        if "/login" in page.url:
            raise Stuck(f"{login} cannot log in: {page.words}")
        self.is_firm = 'href="/applications/new"' in self.get("/").text

    def get(self, path: str) -> Page:
        """A page; a fault of the product ends the story."""
        return self._seen(self.session.get(urljoin(self.address, path), timeout=60))

    def post(
        self, path: str, data: Mapping[str, Any], *, page: Page | None = None, files: list[Any] | None = None
    ) -> Page:
        """Posts a form, nested values by their names; `page` is the one that the form stands on."""
        token = _token(page or self.get(path))
        fields = [(TOKEN, token), *flattened(data)]
        return self._seen(self.session.post(urljoin(self.address, path), data=fields, files=files, timeout=60))

    def works(self, number: str) -> list[Work]:
        """The open tasks of a case that this person may do: a firm's next step, or the rows of an inbox."""
        if self.is_firm:
            page = self.get(f"/applications/{number}")
            step = re.search(r'(?s)<section class="next">.*?<h2>(.*?)</h2>.*?href="(/tasks/\d+)', page.text)
            return [Work(words(step[1]), step[2])] if step else []
        rows = re.findall(r"(?s)<tr data-row>.*?</tr>", self.get(f"/inbox?q={number}").text)
        return [work for row in rows if (work := _work(row, number))]

    def sign(self, address: str) -> bool:
        """Opens the contract that a task leads to and signs it, with the password where it is asked for.

        False where it is signed already: the task goes as soon as the message has arrived.
        """
        page = self.get(address)
        contract = re.search(r'href="(/contracts/[^"?]+(?:\?[^"]*)?)"', page.text)
        if contract is None:
            raise Stuck(f"{self.login} finds no contract on {address}: {page.words[:1500]}")
        opened = self.get(unescape(contract[1]))
        fields = dict(re.findall(r'<input type="hidden" name="(task)" value="([^"]+)"', opened.text))
        if 'name="password"' in opened.text:
            fields["password"] = PASSWORD
        target = re.search(r'action="(/contracts/[^"]+/sign)"', opened.text)
        if target is None and "待签署" in opened.words:
            return False
        if target is None:
            raise Stuck(f"{self.login} cannot sign on {opened.url}: {opened.words[:1500]}")
        return self.post(target[1], fields, page=opened).status_code == OK

    def answer(self, path: str, answers: Mapping[str, Any]) -> bool:
        """Fills in a task's form: what is prefilled, these answers, and a file in every place for one.

        False where the task was withdrawn meanwhile, because the case went on without it.
        """
        page = self._uploaded(path, self.get(path))
        given = everything(page)
        given |= dict(flattened(expanded(answers, given)))
        if 'name="password"' in page.text:
            given["password"] = PASSWORD
        done = self.post(f"{path}/complete", given, page=page)
        if done.status_code == CONFLICT:
            return False
        if done.status_code != OK or "/complete" in done.url:
            raise Stuck(f"{self.login} at {path}: {done.status_code} {done.words[:3000]}")
        return True

    def _uploaded(self, path: str, page: Page) -> Page:
        places = re.findall(r'<input type="file"[^>]* name="([^"]+)"([^>]*)', page.text)
        if places:
            named = [(name, copy) for name, rest in places for copy in ((1, 2) if "multiple" in rest else (1,))]
            files = [(name, (f"资料{copy}.pdf", PDF, "application/pdf")) for name, copy in named]
            self.post(f"{path}/draft", everything(page), page=page, files=files)
            page = self.get(path)
        return page

    def _act_for(self, page: Page, organisation: str) -> None:
        chosen = re.search(rf'(?s)value="(\d+)"(?:(?!value=).)*?{organisation}', page.text)
        if chosen is None:
            raise Stuck(f"{self.login} cannot act for {organisation}: {page.words}")
        self.post("/acting-as", {"membership_id": chosen[1]}, page=page)

    def _seen(self, response: requests.Response) -> Page:
        page = Page(response)
        if response.status_code >= 500:
            raise Stuck(f"{self.login}: {response.status_code} at {response.url}\n{page.words[:2000]}")
        return page


Found = TypeVar("Found")


def wait_for(look: Callable[[], Found | None], what: str, shown: Callable[[], str]) -> Found:
    """What `look` finds, asked again until it is there: the worker has to get there first. Raises Stuck."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = look()
        if found is not None:
            return found
        time.sleep(PAUSE_SECONDS)
    raise Stuck(f"never came: {what}\n{shown()[:3000]}")


def _token(page: Page) -> str:
    found = re.search(rf'name="{TOKEN}" value="([^"]+)"', page.text)
    if found is None:
        raise Stuck(f"no form on {page.url}: {page.words[:1000]}")
    return unescape(found[1])


def _work(row: str, number: str) -> Work | None:
    title = re.search(r'(?s)<td class="cell-step">(.*?)</td>', row)
    address = re.search(r'href="(/tasks/\d+)', row)
    return Work(words(title[1]), address[1]) if number in row and title and address else None
