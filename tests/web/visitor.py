"""A person at a browser without JavaScript: Flask's test client with a live session row and a CSRF token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.people import WebSession
from app.use_cases.administration.sessions import new_token, token_hash
from tests.desk import Desk

TOKEN = "csrf_token"


class Visitor:
    """Pages as one demo person gets them; `login` "" is somebody who is not logged in."""

    def __init__(self, desk: Desk, login: str = "", place: str | None = None, language: str = "zh") -> None:
        self.app, self.login = desk.app, login
        self.client = desk.app.test_client()
        self.client.set_cookie("language", language)
        self.token = new_token() if login else ""
        if login:
            actor, now = desk.actor(login, place), clock.real_now()
            with desk.app.app_context(), unit_of_work() as session:
                row = {"created_at": now, "seen_at": now, "fresh_at": now}
                session.add(
                    WebSession(
                        token_hash=token_hash(self.token),
                        person_id=actor.person_id,
                        organisation_id=actor.organisation_id,
                        **row,
                    )
                )
        with desk.app.test_request_context():
            self.csrf = generate_csrf()
            from flask import session as cookie

            secret = cookie[TOKEN]
        with self.client.session_transaction() as cookie_session:
            cookie_session[TOKEN] = secret
            if login:
                cookie_session["_user_id"], cookie_session["_fresh"] = self.token, True
                cookie_session.permanent = True

    def get(self, path: str, **more: Any) -> TestResponse:
        """A page."""
        return self.client.get(path, **more)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """A form's submission with the token; nested values are named as the product's forms name them."""
        fields: MultiDict[str, Any] = MultiDict([(TOKEN, self.csrf), *flattened(data or {})])
        return self.client.post(path, data=fields, **more)


def flattened(entered: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """{"proposal": {"amount": "1"}, "rows": [{"a": "2"}], "ids": [3]} as names and values of a browser's form."""
    for key, value in entered.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            yield from flattened(value, f"{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for index, row in enumerate(value):
                yield from flattened(row, f"{name}[{index}].")
        elif isinstance(value, list):
            yield from ((name, item if isinstance(item, tuple) else str(item)) for item in value)
        else:
            yield name, value


def words(page: TestResponse | str) -> str:
    """What a person reads on the page: no tags, scripts or styles, entities decoded, white space joined."""
    html = re.sub(r"(?s)<(script|style|template)\b.*?</\1>", " ", page if isinstance(page, str) else page.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def field(response: TestResponse, name: str) -> str:
    """What stands in the input, text area or selected option with this name; "" where nothing does."""
    quoted = re.escape(name)
    area = re.search(rf'(?s)<textarea[^>]* name="{quoted}"[^>]*>\n?(.*?)</textarea>', response.text)
    if area:
        return unescape(area[1])
    for tag in re.findall(rf'<input[^>]* name="{quoted}"[^>]*>', response.text):
        kind, value = re.search(r'type="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if kind and kind[1] in ("radio", "checkbox"):
            if " checked" in tag:
                return unescape(value[1]) if value else "on"
        elif not (kind and kind[1] == "hidden") and value:
            return unescape(value[1])
    chosen = re.search(rf'(?s)<select[^>]* name="{quoted}".*?</select>', response.text)
    picked = re.search(r'<option value="([^"]*)" selected', chosen[0]) if chosen else None
    return unescape(picked[1]) if picked else ""


def everything(page: TestResponse) -> dict[str, Any]:
    """All that a browser would post from the page's task form, by name; the last of several values."""
    html = re.search(r"(?s)<form[^>]* data-form\b.*?</form>", page.text)
    assert html, "the page has no task form"
    names = dict.fromkeys(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', html[0]))
    found = {name: field(page, name) for name in names if name != TOKEN and not name.startswith("_")}
    for tag in re.findall(r'<input[^>]* type="hidden"[^>]*>', html[0]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] != TOKEN and not found.get(name[1]):
            found[name[1]] = unescape(value[1])
    return found
