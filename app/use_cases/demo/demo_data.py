"""The demo's data file, as it is read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from app.plain import loads
from app.texts import Text

FILE = Path(__file__).with_name("demo.json")


@cache
def demo_data() -> dict[str, Any]:
    """The file as plain values; whoever reads it must not change it."""
    data: dict[str, Any] = loads(FILE.read_bytes())
    return data


def text(value: dict[str, str]) -> Text:
    """A text of the file: {"zh": ..., "en": ...}."""
    return Text(value["zh"], value["en"])
