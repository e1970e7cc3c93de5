"""What holds for every template and static file: parsing, two languages, the security policy, named colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from app.web.filters import register_filters

WEB = Path(__file__).parents[2] / "app" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.parent.name != "forms"]
STATIC = sorted(path for path in (WEB / "static").iterdir() if path.suffix in (".css", ".js"))
SHEETS = [path for path in STATIC if path.suffix == ".css" and path.name not in ("tokens.css", "print.css")]
NO_MEANING = ("color: #fff", "rgb(10 16 22 / 45%)")  # white on red, and the veil behind a dialog
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TOLD = re.compile(r"\bt\((?:[^()\"']|\"[^\"]*\"|'[^']*'|\([^()]*\))*\)|{#.*?#}", re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(WEB))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_template_parses_with_the_filters_it_uses(path: Path) -> None:
    app = Flask("templates", template_folder=str(WEB / "templates"))
    register_filters(app)
    assert app.jinja_env.get_template(str(path.relative_to(WEB / "templates"))).name


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_carries_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\bsrc=)|javascript:|https?://", text)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_chinese_word_of_a_page_goes_through_the_language_helper(path: Path) -> None:
    rest = TOLD.sub("", path.read_text(encoding="utf-8")).replace(">信</span>", "")  # the mark is a drawing, not a word
    assert not CHINESE.findall(rest), CHINESE.findall(rest)


@pytest.mark.parametrize("path", [*STATIC, *TEMPLATES], ids=name_of)
def test_no_page_file_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_form_that_posts_carries_the_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("csrf_token()") + text.count("{{ form_body(page.form") >= text.count('method="post"')


def test_colours_are_named_once_and_light_and_dark_name_the_same() -> None:
    tokens = (WEB / "static" / "tokens.css").read_text(encoding="utf-8")
    dark = tokens.split('[data-theme="dark"] {')[1].split("@media")[0]
    system = tokens.split(":root:not([data-theme]) {")[1]
    pairs = re.findall(r"(--[\w-]+): ([^;]+);", dark)
    assert pairs and pairs == re.findall(r"(--[\w-]+): ([^;]+);", system)


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_no_style_sheet_but_the_tokens_names_a_colour(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for allowed in NO_MEANING:
        text = text.replace(allowed, "")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*[;}])|rgba?\(", text)


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (WEB / "static" / "icons.svg").read_text(encoding="utf-8")
    texts = [path.read_text(encoding="utf-8") for path in PAGES]
    named = {name for text in texts for name in re.findall(r"icon\(\"(\w+)\"", text)}
    assert named <= set(re.findall(r"symbol id=\"(\w+)\"", sprite))
