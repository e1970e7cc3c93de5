"""How one entry becomes a plain value: by the kind of its field, or Unreadable with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from app.forms import identifiers, messages
from app.forms.component import Component
from app.forms.numbers import FULL_WIDTH, Unreadable, as_text, money, number, percent, tidy, whole
from app.forms.paths import MISSING

DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
DIGITS_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
TIME = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})")
TRUE_WORDS = frozenset({"on", "true", "1", "yes"})
MAX_FILES = 50
REFERENCE = "$party"
UNCHECKED = "unchecked"  # in a reference whose text a draft kept though it could not be read

Reader = Callable[[Component, Any], Any]


def is_reference(value: object) -> bool:
    """Whether a value is {"$party": id, "masked": "138****1208"}, standing for a sensitive text kept elsewhere."""
    return isinstance(value, Mapping) and REFERENCE in value


def is_blank(entered: Any) -> bool:
    """Whether nothing was entered: no text, no tick, no file."""
    if isinstance(entered, str):
        return not entered.strip()
    return (
        entered is None
        or entered is False
        or entered is MISSING
        or (isinstance(entered, list | tuple | dict) and len(entered) == 0)
    )


def read(component: Component, entered: Any) -> Any:
    """The plain value of a non-blank entry; Unreadable says what is allowed."""
    return READERS[component.kind](component, entered)


def iso_date(entered: Any) -> str:
    """The ISO date of 2026-11-25, 2026/11/25, 20261125 or 2026年11月25日."""
    text = as_text(entered).translate(FULL_WIDTH).replace(" ", "")
    match = DATE.fullmatch(text) or DIGITS_DATE.fullmatch(text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        pass  # such as 2026-02-30
    raise Unreadable(messages.not_a_date(entered))


def _clock(component: Component, entered: Any) -> str:
    match = TIME.fullmatch(as_text(entered).translate(FULL_WIDTH))
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise Unreadable(messages.not_a_time(entered))
    return time(int(match[1]), int(match[2])).isoformat("minutes")


def _flag(component: Component, entered: Any) -> bool:
    return entered if isinstance(entered, bool) else as_text(entered).lower() in TRUE_WORDS


def _choices(component: Component, entered: Any) -> list[str]:
    given = entered if isinstance(entered, list | tuple) else [entered]
    if len(given) > 500:
        raise Unreadable(messages.too_long(500, len(given)))
    return list(dict.fromkeys(text for text in map(as_text, given) if text))


def document_ids(entered: Any) -> list[int | str]:
    """The ids of uploaded documents, in order and once; ids made of digits become int."""
    given = entered if isinstance(entered, list | tuple) else [entered]
    found: list[int | str] = []
    for item in given:
        text = as_text(item)
        if len(text) > 64 or not re.fullmatch(r"[0-9A-Za-z_-]*", text):
            raise Unreadable(messages.not_a_document(item))
        if text:
            found.append(int(text) if text.isdigit() and len(text) <= 18 else text)
    if len(found) > MAX_FILES:
        raise Unreadable(messages.too_many_files(MAX_FILES, len(found)))
    return list(dict.fromkeys(found))


def _slots(component: Component, entered: Any) -> dict[str, list[int | str]]:
    if not isinstance(entered, Mapping):
        raise Unreadable(messages.not_a_document(type(entered).__name__))
    read_slots = {as_text(kind): document_ids(ids) for kind, ids in entered.items()}
    return {kind: ids for kind, ids in read_slots.items() if ids}


READERS: Mapping[str, Reader] = {
    "text": lambda component, entered: as_text(entered),
    "money": lambda component, entered: money(entered),
    "whole": lambda component, entered: whole(entered),
    "percent": lambda component, entered: percent(entered, component.places),
    "number": lambda component, entered: tidy(number(entered, component.places)),
    "uscc": lambda component, entered: identifiers.credit_code(as_text(entered)),
    "id_card": lambda component, entered: identifiers.id_card(as_text(entered)),
    "phone": lambda component, entered: identifiers.phone(as_text(entered)),
    "bank_account": lambda component, entered: identifiers.bank_account(as_text(entered)),
    "email": lambda component, entered: identifiers.email(as_text(entered)),
    "date": lambda component, entered: iso_date(entered),
    "time": _clock,
    "flag": _flag,
    "choice": lambda component, entered: as_text(entered),
    "choices": _choices,
    "files": lambda component, entered: document_ids(entered),
    "slots": _slots,
}
