"""Every table of rules/ opened and saved by dmn-js, as in Camunda Modeler, evaluates and explains as before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from app.decisions import DecisionModel, Table, parse_dmn, part_texts, read_examples
from tests.browser.dmn_js import SCRIPT, STYLES, distribution
from tests.decisions.dmn_texts import NOON

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
TABLES = sorted((ROOT / "rules").glob("*.dmn"))
STEP = Decimal("0.001")
MOST_SAMPLES = 400
OPEN = """async xml => {
    window.modeler = new DmnJS({container: "#canvas", width: "100%", height: "900px"});
    const {warnings} = await window.modeler.importXML(xml);
    return warnings.map(warning => warning.message);
}"""
SHOW_TABLE = """async () => {
    const view = window.modeler.getViews().find(each => each.type === "decisionTable");
    await window.modeler.open(view);
}"""
SAVE = "async () => (await window.modeler.saveXML({format: true})).xml"


@pytest.fixture
def editor(browser: Browser) -> Iterator[Page]:
    """A page of its own with dmn-js and nothing of the product."""
    folder = distribution()
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    page.set_content('<!doctype html><meta charset="utf-8"><div id="canvas" style="height: 900px"></div>')
    for style in STYLES:
        page.add_style_tag(path=folder / style)
    page.add_script_tag(path=folder / SCRIPT)
    yield page
    page.close()


def saved(editor: Page, xml: str) -> str:
    """What dmn-js writes of the file after it has shown its first table."""
    assert editor.evaluate(OPEN, xml) == []
    editor.evaluate(SHOW_TABLE)
    editor.wait_for_selector(".tjs-table")
    written: str = editor.evaluate(SAVE)
    editor.evaluate("window.modeler.destroy()")
    return written


def samples(table: Table, examples: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The examples, and each of them with one input at, below and above every constant of its column."""
    yield from examples
    count = 0
    for given in examples or [{}]:
        for column in table.inputs:
            index = column.index
            numbers = (number + step for number in index.ends for step in (-STEP, Decimal(0), STEP))
            for value in (*numbers, *index.exact, "?"):
                yield {**given, column.text: value}
                count += 1
                if count > MOST_SAMPLES:
                    return


def told(model: DecisionModel, examples: list[dict[str, Any]]) -> list[object]:
    """Results, traces and notes of every decision over all samples."""
    found: list[object] = []
    for each, decision in model.decisions.items():
        for given in samples(decision.table, examples) if decision.table else examples:
            one = model.evaluate(each, given, NOON)
            found.append((one.value, [trace.to_plain() for trace in one.traces], one.notes))
    return found


def examples_of(path: Path) -> list[dict[str, Any]]:
    """The inputs of the examples beside a table."""
    beside = path.with_suffix(".tests.json")
    return [dict(each.inputs) for each in read_examples(beside.read_bytes()).examples] if beside.is_file() else []


def test_every_table_evaluates_as_before_after_dmn_js_saved_it(editor: Page) -> None:
    tried = 0
    for path in TABLES:
        before = path.read_text("utf-8")
        after = saved(editor, before)
        old, new = (
            told(parse_dmn(before.encode()), examples_of(path)),
            told(parse_dmn(after.encode()), examples_of(path)),
        )
        assert new == old, path.name
        assert part_texts(after.encode()) == part_texts(before.encode()), path.name
        tried += len(old)
    assert tried > 20 * len(TABLES) > 0


def test_a_cell_that_a_person_changes_in_dmn_js_is_read(editor: Page) -> None:
    path = ROOT / "rules" / "rating.dmn"
    xml = path.read_text("utf-8")
    model = parse_dmn(xml.encode())
    entry = next(etree.fromstring(xml.encode()).iter("{*}outputEntry"))

    assert editor.evaluate(OPEN, xml) == []
    editor.evaluate(SHOW_TABLE)
    editor.click(f'[data-element-id="{entry.get("id")}"]')
    editor.keyboard.press("Control+A")
    editor.keyboard.type('"AA+"')
    editor.keyboard.press("Escape")
    changed = parse_dmn(editor.evaluate(SAVE).encode())

    given = {"score": 1000}
    assert model.evaluate("rating", given, NOON).value == "AAA"
    assert changed.evaluate("rating", given, NOON).value == "AA+"
    assert changed.decisions["rating"].table.rules[0].note == model.decisions["rating"].table.rules[0].note
