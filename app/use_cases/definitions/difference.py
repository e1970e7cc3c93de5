"""How two versions of a file differ, in words; where shapes stand in a drawing is no difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.texts import Text

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
NOTHING = Text("")
YES, NO = Text("是", "yes"), Text("否", "no")


@dataclass(frozen=True)
class Detail:
    """One thing that differs: its label, and what it was and is; an empty text is nothing."""

    label: Text
    before: Text
    after: Text


@dataclass(frozen=True)
class Difference:
    """A step, field, column or row that was added, removed or changed; `element` is its id in the file."""

    kind: str
    element: str
    sort: Text
    name: Text
    details: tuple[Detail, ...] = ()


def plain(words: object) -> Text:
    """The same words in both languages."""
    return Text(str(words), str(words))


def yes_or_no(value: object) -> Text:
    return YES if value else NO


def detail(label: Text, was: Text, now: Text) -> Detail:
    """One change; where only one of the languages changed, its words are shown in both, and the label says which."""
    if was.of("en") == now.of("en"):
        named = Text(f"{label.zh}（中文）", f"{label.of('en')} (Chinese)")
        return Detail(named, plain(was.zh), plain(now.zh))
    if was.of("zh") == now.of("zh"):
        named = Text(f"{label.zh}（英文）", f"{label.of('en')} (English)")
        return Detail(named, plain(was.en), plain(now.en))
    return Detail(label, was, now)


def differing(before: Mapping[str, tuple[Text, Text]], after: Mapping[str, tuple[Text, Text]]) -> Iterator[Detail]:
    """The details of two sets of key -> (label, value) that are not the same, in the order of the first."""
    for key in dict.fromkeys([*before, *after]):
        label, was = before.get(key, (NOTHING, NOTHING))
        new_label, now = after.get(key, (NOTHING, NOTHING))
        if was != now:
            yield detail(label if label.zh else new_label, was, now)


def details_of(values: Mapping[str, tuple[Text, Text]]) -> tuple[Detail, ...]:
    """All values of something that was added, as details without a before."""
    return tuple(Detail(label, NOTHING, value) for label, value in values.values() if value.zh or value.en)
