"""What a decision record consists of: sections of parts of blocks, every text in both languages, and its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.moment import BUSINESS_ZONE
from app.plain import Plain, dumps
from app.texts import Text

FORMAT = 1
DASH = Text("—")
SHOWN_OF_HASH = 24


@dataclass(frozen=True)
class Fact:
    """A value under its label."""

    label: Text
    value: Text


@dataclass(frozen=True)
class Facts:
    """Values under their labels, in columns."""

    facts: tuple[Fact, ...]
    title: Text = Text("")


@dataclass(frozen=True)
class Grid:
    """A table; `widths` are the shares of its columns, `right` the numbers of those that are set to the right."""

    heads: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[int, ...]
    right: tuple[int, ...] = ()
    title: Text = Text("")

    def __post_init__(self) -> None:
        assert {len(self.heads), len(self.widths), *map(len, self.rows)} == {len(self.heads)}, "rows fit the heads"


@dataclass(frozen=True)
class Words:
    """A paragraph under its label: an opinion in full, a notice."""

    label: Text
    text: Text


Block = Facts | Grid | Words


@dataclass(frozen=True)
class Part:
    """One report, rule or act: a title, a line about it, and what it holds."""

    title: Text
    note: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Section:
    """A numbered chapter of the record; `key` names it on the page."""

    key: str
    title: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Record:
    """The record of one case as of `last_at`, its last stored act; `outcome` is where the case then stood."""

    number: str
    company: Text
    funder: Text
    product: Text
    outcome: Text
    last_at: datetime
    sections: tuple[Section, ...]

    def plain(self) -> dict[str, Plain]:
        """The record as a plain value, the same whenever the same rows are stored."""
        return {
            "format": FORMAT,
            "number": self.number,
            "company": _text(self.company),
            "funder": _text(self.funder),
            "product": _text(self.product),
            "outcome": _text(self.outcome),
            "last_at": self.last_at.isoformat(),
            "sections": [
                {"key": one.key, "title": _text(one.title), "parts": [_part(part) for part in one.parts]}
                for one in self.sections
            ],
        }

    def canonical(self) -> bytes:
        """The bytes that the record's hash is taken of: JSON, keys sorted, UTF-8."""
        return dumps(self.plain())

    @property
    def sha256(self) -> str:
        """The SHA-256 (hex) of the canonical bytes."""
        return hashlib.sha256(self.canonical()).hexdigest()


def _text(text: Text) -> list[str]:
    return [text.zh, text.en]


def _part(part: Part) -> dict[str, Plain]:
    return {"title": _text(part.title), "note": _text(part.note), "blocks": [_block(one) for one in part.blocks]}


def _block(block: Block) -> dict[str, Plain]:
    if isinstance(block, Facts):
        facts = [[_text(fact.label), _text(fact.value)] for fact in block.facts]
        return {"kind": "facts", "title": _text(block.title), "facts": facts}
    if isinstance(block, Words):
        return {"kind": "words", "label": _text(block.label), "text": _text(block.text)}
    return {
        "kind": "grid",
        "title": _text(block.title),
        "heads": [_text(head) for head in block.heads],
        "rows": [[_text(cell) for cell in row] for row in block.rows],
        "widths": list(block.widths),
        "right": list(block.right),
    }


def fact(zh: str, en: str, value: Text | str | None) -> Fact:
    """A value under a label in both languages, a dash where there is none."""
    return Fact(Text(zh, en), said(value))


def part(*blocks: Block, title: Text = DASH, note: Text | None = None) -> Part:
    """A part whose title may be missing, where a section has one part only."""
    return Part(Text("") if title == DASH else title, note or Text(""), blocks)


def heads(*pairs: tuple[str, str]) -> tuple[Text, ...]:
    """The heads of a grid from (Chinese, English)."""
    return tuple(Text(zh, en) for zh, en in pairs)


def said(value: Text | str | None) -> Text:
    """The text itself, a dash for none."""
    if isinstance(value, Text):
        return value if value.zh or value.en else DASH
    return Text(value) if value else DASH


def moment(at: datetime | None) -> Text:
    """A time to the second in China, the same for every reader: 2026-11-22 16:03:11."""
    return DASH if at is None else Text(f"{at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M:%S}")


def day(on: date | None) -> Text:
    """A date: 2026-11-22."""
    return DASH if on is None else Text(on.isoformat())


def yuan(amount: Decimal | None) -> Text:
    """An amount: 1,200,000.00 元."""
    return DASH if amount is None else Text(f"{amount:,.2f} 元", f"CNY {amount:,.2f}")


def joined(texts: Iterable[Text], zh: str = "；", en: str = "; ") -> Text:
    """Texts one after another, a dash for none of them."""
    found = list(texts)
    return Text(zh.join(one.zh for one in found), en.join(one.of("en") for one in found)) if found else DASH


def fingerprint(value: Any) -> Text:
    """The beginning of the SHA-256 over a stored value: what is not shown of it cannot change unseen either."""
    return Text(hashlib.sha256(dumps(value)).hexdigest()[:SHOWN_OF_HASH])
