"""One definition of what each sandbox answers, for those who ask in this process and for those who ask over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.sandbox_sources import firms, goods, lists
from app.texts import Text

SANDBOX = Text("（演示数据）", " (demo data)")
Say = Callable[[Mapping[str, Any], date], dict[str, Any]]

# name of the source -> the first letters of its own numbers, and what it says
SAYS: dict[str, tuple[str, Say]] = {
    "enterprise_registry": ("GS", firms.enterprise_registry),
    "risk_platform": ("FK", firms.risk_platform),
    "credit_bureau": ("ZX", firms.credit_bureau),
    "court_records": ("FY", firms.court_records),
    "market_rates": ("LPR", firms.market_rates),
    "goods_prices": ("JG", goods.goods_prices),
    "screening_lists": ("MD", lists.screening_lists),
}


def made_up(name: Text) -> Text:
    """A source's name with the words that its answers are made up."""
    return Text(name.zh + SANDBOX.zh, name.of("en") + SANDBOX.en)


def answer(source: str, key: str, about: Mapping[str, Any], on: date) -> tuple[str, dict[str, Any]]:
    """The source's own number for this request, the same for the same key, and its facts as plain values."""
    prefix, say = SAYS[source]
    return f"{prefix}-{hashlib.sha256(key.encode()).hexdigest()[:10].upper()}", say(about, on)
