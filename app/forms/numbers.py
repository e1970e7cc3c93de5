"""How typed numbers are read and written: exactly, in yuan, percent or whole numbers, never cut or rounded."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from app.forms import messages
from app.texts import Text

MAX_INTEGER_DIGITS = 15
FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－＋％￥　", "0123456789,.-+%¥ ")
PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
COMMAS = re.compile(r"[+-]?[0-9,]+(\.[0-9]+)?")


class Unreadable(Exception):
    """What was entered is no value of its kind; `text` says what was entered and what is allowed."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def as_text(entered: Any) -> str:
    """The typed text of an entry, trimmed, without control characters; a number of JSON as its exact notation."""
    if isinstance(entered, str):
        if entered.isprintable():
            return entered.strip()
        kept = entered.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(c for c in kept if c in "\n\t" or ((c.isprintable() or c.isspace()) and ord(c) >= 32)).strip()
    if isinstance(entered, Decimal):
        return format(entered, "f") if entered.is_finite() else str(entered)
    if isinstance(entered, float):
        return as_text(Decimal(repr(entered)))
    if isinstance(entered, int) and not isinstance(entered, bool):
        return str(entered)
    if entered is None:
        return ""
    raise Unreadable(messages.not_text(entered))


def number(entered: Any, places: int) -> Decimal:
    """The exact Decimal of "1,500.00", "１５００" or "-3"; Unreadable for exponents, odd commas or too many places."""
    text = as_text(entered).translate(FULL_WIDTH).replace(" ", "")
    if not PLAIN.fullmatch(text) and not GROUPED.fullmatch(text):
        raise Unreadable(messages.bad_grouping(entered) if COMMAS.fullmatch(text) else messages.not_a_number(entered))
    whole, _, fraction = text.replace(",", "").partition(".")
    if len(whole.lstrip("+-").lstrip("0")) > MAX_INTEGER_DIGITS:
        raise Unreadable(messages.too_many_digits(entered, MAX_INTEGER_DIGITS))
    if len(fraction.rstrip("0")) > places:
        raise Unreadable(messages.too_many_decimals(entered, places))
    return +Decimal(f"{whole}.{fraction.rstrip('0') or '0'}")


def money(entered: Any) -> Decimal:
    """Yuan with two places; a leading ¥ or trailing 元 is allowed."""
    text = as_text(entered).translate(FULL_WIDTH)
    return number(text.removeprefix("¥").removesuffix("元"), 2).quantize(Decimal("0.01"))


def percent(entered: Any, places: int) -> Decimal:
    """Percent as written: 4.65 and 4.65% are Decimal("4.65")."""
    return tidy(number(as_text(entered).translate(FULL_WIDTH).removesuffix("%"), places))


def whole(entered: Any) -> int:
    """A whole number; 12.5 is refused and never cut."""
    return int(number(entered, 0))


def tidy(value: Decimal) -> Decimal:
    """The value without trailing zeros behind the point and without an exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def written(value: Decimal | int, kind: str) -> str:
    """The number as people read it: 1,860,000.00 for money, grouped otherwise."""
    if kind == "money":
        return f"{value:,.2f}"
    return f"{tidy(value):,f}" if isinstance(value, Decimal) else f"{value:,}"
