"""What the script adds in a real browser: conditions at once, counts, grouped amounts, uploads in one step."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import jinja2
import pytest
from playwright.sync_api import Browser, Page, Route

from tests.forms.form_files import MOMENT, component, form_of, radio, text

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser

ADDRESS = "http://forms.test"
PAGES = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "app/web/templates"), autoescape=True)
PAGE = PAGES.from_string(
    '<!doctype html><html lang="zh"><meta charset="utf-8"><title>form</title><link rel="stylesheet" href="/forms.css">'
    '{% import "forms/form.html" as form %}<form method="post" action="/done" enctype="multipart/form-data">'
    '{{ form.render_form(nodes, "zh", {}, False, "/preview") }}<button>提交</button></form>'
    '<script src="/forms.js"></script></html>'
)
BODY = PAGES.from_string('{% import "forms/form.html" as form %}{{ form.form_body(nodes, "zh") }}')
FORM = form_of(
    radio("use", "goods", "plant", label="用途"),
    text("model", label="型号", conditional={"hide": '=use != "plant"'}),
    text("amount", kind="money", label="金额"),
    component("textarea", "note", label="说明", validate={"minLength": 5, "maxLength": 9}),
    component("filepicker", "papers", label="资料"),
)


class Server:
    """Answers the page's requests and remembers what was posted where."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, str]] = []

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        sent = unquote((route.request.post_data_buffer or b"").decode("utf-8", "replace"))
        if route.request.method == "POST":
            self.posted.append((path, sent))
        if path.startswith("/forms."):
            route.fulfill(path=ROOT / "app/web/static" / path[1:])
        elif path == "/preview":
            chosen = "plant" if "\r\n\r\nplant" in sent else "goods"
            route.fulfill(body=BODY.render(nodes=FORM.view({"use": chosen}, {}, MOMENT)), content_type="text/html")
        else:
            headers = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html"}
            route.fulfill(body=PAGE.render(nodes=FORM.view({}, {}, MOMENT)), headers=headers)


@pytest.fixture
def opened(browser: Browser) -> tuple[Page, Server]:
    server, page = Server(), browser.new_page()
    page.route(f"{ADDRESS}/**", server.answer)
    page.goto(f"{ADDRESS}/form")
    return page, server


def test_choosing_shows_what_it_asks_for_and_keeps_the_focus(opened: tuple[Page, Server]) -> None:
    page, server = opened
    page.get_by_label("PLANT").check()
    page.get_by_label("型号").wait_for()
    assert [path for path, _ in server.posted] == ["/preview"]
    assert page.evaluate("document.activeElement.value") == "plant"


def test_an_amount_is_grouped_when_it_is_left(opened: tuple[Page, Server]) -> None:
    page, _ = opened
    page.get_by_label("金额").fill("1860000.5")
    page.get_by_label("说明").focus()
    assert page.get_by_label("金额").input_value() == "1,860,000.50"


def test_an_amount_that_is_none_is_left_alone(opened: tuple[Page, Server]) -> None:
    page, _ = opened
    page.get_by_label("金额").fill("12.345")
    page.get_by_label("说明").focus()
    assert page.get_by_label("金额").input_value() == "12.345"


def test_characters_are_counted_while_typing(opened: tuple[Page, Server]) -> None:
    page, _ = opened
    page.get_by_label("说明").fill("三个字")
    assert page.locator("[data-count-of]").inner_text() == "3"


def test_choosing_a_file_uploads_it_at_once(opened: tuple[Page, Server]) -> None:
    page, server = opened
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="上传").click()
    with page.expect_navigation():
        chooser.value.set_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    (path, sent) = server.posted[-1]
    assert path == "/done" and 'name="_upload"' in sent and 'filename="a.pdf"' in sent


def test_nothing_is_wider_than_a_telephone(opened: tuple[Page, Server]) -> None:
    page, _ = opened
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
