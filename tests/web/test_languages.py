"""Every page in both languages, and switching language and theme without leaving the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest

from app.storage.database import reading, unit_of_work
from app.storage.incidents import Incident
from app.storage.organisations import Organisation
from app.storage.people import Person
from app.storage.reports import ExternalReport
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]
CHINESE = re.compile(r"[\u3400-\u9fff，。：；（）、]+")
HOLE = re.compile(r"\bNone\b|\bUndefined\b|\{[a-z]+\}")
KEY = re.compile(r"\b[a-z]+_[a-z_]+\b")
TABS = ("overview", "reports", "documents", "opinions", "rules", "timeline", "process")
# keys of rules and processes, shown as such on purpose
CODES = re.compile(r'<span class="code[^>]*>[^<]*</span>([^<]*· \w+)?')
GIVEN = (
    answers.WORKING_CAPITAL,
    answers.TRADE_ORDER,
    answers.INITIAL_PASS,
    answers.INITIAL_SUPPLEMENT,
    answers.INITIAL_FAIL,
    answers.SECOND_CHANGED,
    answers.SITE_VISIT,
)
TYPED = repr(GIVEN)
MARK = "信 中文"  # the product's mark, and the switch to the other language


def pages_of(desk: Desk) -> dict[str, list[str]]:
    """Addresses by login of a lively installation: cases at several stages, an incident, a refusal, an offer."""
    offered = desk.at_second_review()
    approve = answers.SECOND_CHANGED | {"conditions": []}
    review = desk.task(offered, "second_review").id
    desk.complete(people.SECOND_REVIEWER, offered, "second_review", approve)
    reviewed = desk.at_initial_review(people.OTHER_FIRM)
    asked = desk.at_initial_review("gu.fang", requested_amount="400000.00")
    first = desk.task(asked, "initial_review").id
    desk.complete(people.REVIEWER, asked, "initial_review", answers.INITIAL_SUPPLEMENT)
    confirming = desk.at_confirmation()
    refused = desk.at_initial_review("tang.wei", requested_amount="400000.00")
    desk.complete(people.REVIEWER, refused, "initial_review", answers.INITIAL_FAIL)
    draft = desk.start()
    with desk.app.app_context(), unit_of_work() as session:
        task = desk.task(reviewed, "initial_review")
        session.add(
            Incident(
                case_id=task.case_id,
                instance_id=task.instance_id,
                element_id=task.element_id,
                kind="step",
                cause_zh="试",
                cause_en="A trial.",
                created_at=task.created_at,
            )
        )
    cases = [f"/cases/{number}" for number in (offered, reviewed, asked, confirming, refused)]
    lists = ["/cases", "/cases?q=nothing+like+that", "/messages"]
    inbox = ["/inbox", "/inbox?scope=mine", "/inbox?filter=late", "/inbox?q=nothing+like+that"]
    initial = desk.task(reviewed, "initial_review").id
    return {
        people.FIRM: [
            "/applications",
            "/applications/new",
            "/messages",
            f"/applications/{offered}",
            f"/applications/{draft}",
            f"/applications/{confirming}",
            f"/tasks/{desk.task(offered, 'accept_offer').id}",
            f"/tasks/{desk.open_tasks(draft)[0].id}",
            f"/applications/{draft}/delete",
            "/nowhere",
            "/cases",
            f"/applications/{confirming}/pull-back",
        ],
        "gu.fang": [f"/applications/{asked}", f"/tasks/{desk.task(asked, 'supplement').id}"],
        "tang.wei": [f"/applications/{refused}", "/messages"],
        people.CONFIRMER: ["/inbox", f"/tasks/{desk.task(confirming, 'confirm_payable').id}", "/messages", "/cases"],
        people.REVIEWER: [
            *inbox,
            *lists,
            *cases,
            f"{cases[0]}?show=people",
            f"{cases[0]}?show=system",
            f"/tasks/{first}",
            *(f"/tasks/{initial}?tab={tab}" for tab in TABS),
            "/tasks/99999",
        ],
        people.SECOND_REVIEWER: ["/inbox", *(f"/tasks/{review}?tab={tab}" for tab in TABS)],
        people.MANAGER: ["/inbox", "/cases"],
        people.OPERATOR: [*lists, cases[1], "/inbox", "/operations/business-date"],
        people.ADMINISTRATOR: [*lists, cases[1]],
        people.FIRM_OF_TWO: ["/acting-as", "/applications"],
        "": ["/login", "/login?expired=1"],
    }


def names(desk: Desk) -> set[str]:
    """Names of people and organisations that have no English one here, and what sources said in their own words."""
    with desk.app.app_context(), reading() as session:
        called = {row.name_zh for model in (Person, Organisation) for row in session.query(model)}
        return called.union(*(texts_in(report.data) for report in session.query(ExternalReport)))


def texts_in(value: Any) -> set[str]:
    """Every text within a report's data."""
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set[str]().union(*(texts_in(one) for one in inner))


def test_every_page_speaks_both_languages_without_keys_or_holes(desk: Desk, visit: Visit) -> None:
    pages, faults = pages_of(desk), []
    known = names(desk)
    for login, paths in pages.items():
        for language in ("zh", "en"):
            visitor = visit(login, language=language)
            for path in paths:
                page = visitor.get(path)
                text = words(CODES.sub(" ", page.text))
                if page.status_code >= 500:
                    faults.append((login, language, path, str(page.status_code)))
                faults += [(login, language, path, hole) for hole in HOLE.findall(text)]
                faults += [(login, language, path, key) for key in KEY.findall(text)]
                if language == "en":
                    found = {part for part in CHINESE.findall(text) if not is_data(part, known)}
                    faults += [(login, language, path, part) for part in sorted(found)]
    told = sorted({f"{language} {path}: {what}" for _, language, path, what in faults})
    assert not told, "\n".join(told)


def is_data(part: str, known: set[str]) -> bool:
    """Whether Chinese on an English page is a name or a source's word, or was typed by somebody."""
    return part in MARK or part in TYPED or any(part in name or name in part for name in known)


@pytest.mark.parametrize("path", ["/inbox?scope=mine&q=%E6%B8%85%E6%BA%AA", "/cases?page=2&q=a%26b", "/messages"])
def test_switching_language_and_theme_keeps_the_page(desk: Desk, visit: Visit, path: str) -> None:
    visitor = visit(people.REVIEWER)
    page = visitor.get(path)
    back = re.findall(r'name="next" value="([^"]*)"', page.text)
    assert back
    answer = visitor.post("/language", {"language": "en", "next": unescape(back[0])})
    assert unquote(answer.location) == unquote(path)
    assert '<html lang="en"' in visitor.get(answer.location).text
    answer = visitor.post("/theme", {"theme": "dark", "next": unescape(back[0])})
    assert 'data-theme="dark"' in visitor.get(answer.location).text


def test_switching_on_a_page_that_answered_a_post_comes_back_to_the_page_before(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(requested_amount="400000.00")
    path = f"/tasks/{desk.task(number, 'initial_review').id}"
    visitor = visit(people.REVIEWER)
    wrong = visitor.post(f"{path}/complete", {"opinion": "x"})
    late = visitor.post(f"{path}/release", headers={"Referer": f"http://localhost{path}?tab=rules"})
    assert (wrong.status_code, late.status_code) == (422, 409)
    assert set(re.findall(r'name="next" value="(/[^"]*)"', wrong.text)) == {path}
    assert set(re.findall(r'name="next" value="(/[^"]*)"', late.text)) == {f"{path}?tab=rules"}


def test_an_unknown_language_or_theme_falls_back(desk: Desk, visit: Visit) -> None:
    visitor = visit(people.REVIEWER)
    visitor.post("/language", {"language": "xx"})
    visitor.post("/theme", {"theme": "neon"})
    page = visitor.get("/inbox").text
    assert '<html lang="zh-CN"' in page and "data-theme=" not in page


@pytest.mark.parametrize(
    ("wanted", "got"), [("en-GB,en;q=0.9", "en"), ("zh-TW", "zh-CN"), ("fr", "zh-CN"), ("", "zh-CN")]
)
def test_the_first_page_is_in_the_browsers_language(desk: Desk, wanted: str, got: str) -> None:
    page = desk.app.test_client().get("/login", headers={"Accept-Language": wanted})
    assert f'<html lang="{got}"' in page.text
