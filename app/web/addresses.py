"""Row numbers in addresses and forms: digits that every database can take, anything else is not there."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

MOST_DIGITS = 18  # below the 64 bits of a row number


class RowNumber(IntegerConverter):
    """The converter behind <int:...>: an address with a longer number is not found."""

    regex = rf"\d{{1,{MOST_DIGITS}}}"


def register(app: Flask) -> None:
    """Puts the converter in the place of Flask's own."""
    app.url_map.converters["int"] = RowNumber


def row_number(text: str) -> int | None:
    """The number that a form sent, None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
