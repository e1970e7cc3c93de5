"""The page of stuck work as an administrator reads it and presses its buttons."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta
from html import unescape

from werkzeug.test import TestResponse

from app.storage.audit import AuditEntry
from app.storage.database import db, reading, unit_of_work
from app.storage.organisations import Membership
from tests.desk import Desk
from tests.web.visitor import Visitor, words

MINUTE = timedelta(minutes=1)


def rows(admin: Visitor, kind: str, language: str = "zh") -> list[str]:
    """What stands in each row of a kind, in words."""
    page = group(admin, kind, language)
    return [words(one) for one in re.findall(r'(?s)<li class="stuck-row.*?</li>', page)]


def group(admin: Visitor, kind: str, language: str = "zh") -> str:
    admin.client.set_cookie("language", language)
    page = admin.get("/work/stuck")
    assert page.status_code == 200
    found = re.search(rf'(?s)<section class="card stuck" aria-labelledby="stuck-{kind}">.*?</section>', page.text)
    return found[0] if found else ""


def press(admin: Visitor, kind: str, label: str) -> TestResponse:
    """Presses the first button with this label among the rows of a kind, as a browser does."""
    for form in re.findall(r"(?s)<form method=\"post\".*?</form>", group(admin, kind)):
        if f">{label}</button>" in form:
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
            fields.pop("csrf_token")
            given = {key: unescape(value) for key, value in fields.items()}
            return admin.post("/work/stuck/mend", given, follow_redirects=True)
    raise AssertionError(f"there is no button {label}: {words(group(admin, kind))}")


def link(admin: Visitor, kind: str, label: str) -> str:
    """Where the first link with this label among the rows of a kind leads."""
    found = re.search(rf'<a class="button button-row" href="([^"]+)">{label}</a>', group(admin, kind))
    assert found, words(group(admin, kind))
    return unescape(found[1])


def killed(desk: Desk, act: Callable[[], object]) -> None:
    """Runs the act in a process of its own that is then killed with -9 before it can do more."""
    with desk.app.app_context():
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        act()
        os.kill(os.getpid(), signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def entries(desk: Desk, verb: str) -> list[AuditEntry]:
    with desk.app.app_context(), reading() as session:
        return session.query(AuditEntry).filter_by(verb=verb).all()


def without(desk: Desk, role: str) -> None:
    """Takes the role from everybody at Zhijiang Bank."""
    with desk.app.app_context(), unit_of_work() as session:
        place = desk.organisation("zhijiang").id
        session.query(Membership).filter_by(organisation_id=place, role_key=role).delete()
