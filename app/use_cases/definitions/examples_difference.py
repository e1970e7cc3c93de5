"""How two versions of a file of examples differ: by the examples' names, what they are given and what they expect."""

from __future__ import annotations

from collections.abc import Iterator

from app.decisions import Example, parse_dmn, value_in_words
from app.texts import Text
from app.use_cases.definitions.difference import ADDED, CHANGED, REMOVED, Detail, Difference, detail
from app.use_cases.definitions.example_files import read_example_file
from app.use_cases.definitions.run_examples import labelled
from app.use_cases.definitions.shown_examples import Labels, given_in_words, labels_of

EXAMPLE = Text("用例", "example")
GIVEN, EXPECTED = Text("输入", "inputs"), Text("期望", "expected")


def examples_differences(path: str, before: bytes, after: bytes, table: bytes | None) -> list[Difference]:
    """The differences of two versions of the file with this path, in the newer one's order.

    `table` is the table that they are about, whose labels name inputs and outputs.
    """
    labels = {} if table is None else labels_of(parse_dmn(table))
    was, now = (_by_key(path, content) for content in (before, after))
    found = []
    for key in dict.fromkeys([*now, *was]):
        if key not in was:
            found.append(Difference(ADDED, "", EXAMPLE, now[key].name))
        elif key not in now:
            found.append(Difference(REMOVED, "", EXAMPLE, was[key].name))
        else:
            details = tuple(_details(was[key], now[key], labels))
            if details:
                found.append(Difference(CHANGED, "", EXAMPLE, now[key].name, details))
    return found


def _by_key(path: str, content: bytes) -> dict[str, Example]:
    """An example is the same by its Chinese name; cases of the kit by their id."""
    examples = read_example_file(path, content).examples
    return {one.name.zh if path.endswith(".json") else one.key: one for one in examples}


def _details(was: Example, now: Example, labels: Labels) -> Iterator[Detail]:
    if dict(was.inputs) != dict(now.inputs):
        yield detail(GIVEN, _given(was, labels), _given(now, labels))
    if _expected(was) != _expected(now):
        yield detail(EXPECTED, labelled(_expected(was), labels), labelled(_expected(now), labels))
    if was.moment != now.moment:
        days = [value_in_words(str(one.moment.business_on) if one.moment else None) for one in (was, now)]
        yield Detail(Text("日期", "day"), *days)


def _given(one: Example, labels: Labels) -> Text:
    parts = given_in_words(one.inputs, labels)
    return Text(
        "，".join(f"{label.zh} {words.zh}" for label, words in parts),
        ", ".join(f"{label.of('en')} {words.of('en')}" for label, words in parts),
    )


def _expected(one: Example) -> object:
    values = {expected.node: expected.value for expected in one.expected}
    return next(iter(values.values())) if len(values) == 1 else values
