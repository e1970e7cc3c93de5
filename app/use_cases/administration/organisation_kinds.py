"""The kinds of organisation: each is the capacity in a case that its people's roles belong to."""

from __future__ import annotations

from app.texts import Text

KINDS: dict[str, Text] = {
    "borrower": Text("融资企业", "Borrower"),
    "funder": Text("资金方", "Funder"),
    "core_enterprise": Text("核心企业", "Core enterprise"),
    "guarantor": Text("保证人", "Guarantor"),
    "custodian": Text("监管仓储", "Custodian"),
    "appraiser": Text("评估公司", "Appraiser"),
    "platform": Text("平台", "Platform"),
}


def kind_name(kind: str) -> Text:
    """The kind in words; one that a later version knows stands for itself."""
    return KINDS.get(kind, Text(kind, kind))
