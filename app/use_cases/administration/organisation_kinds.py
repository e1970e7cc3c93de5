"""The kinds of organisation, and the capacity in a case that the roles of each kind's people belong to."""

from __future__ import annotations

from app.texts import Text

KINDS: dict[str, Text] = {
    "borrower": Text("融资企业", "Borrower"),
    "funder": Text("资金方", "Funder"),
    "core_enterprise": Text("核心企业", "Core enterprise"),
    "guarantor": Text("保证人", "Guarantor"),
    "guarantee_company": Text("担保公司", "Guarantee company"),
    "custodian": Text("监管仓储", "Custodian"),
    "appraiser": Text("评估公司", "Appraiser"),
    "law_firm": Text("律师事务所", "Law firm"),
    "disposal_company": Text("处置公司", "Disposal company"),
    "debt_buyer": Text("债权受让方", "Debt buyer"),
    "platform": Text("平台", "Platform"),
}
# kinds that work for a bank only while they are on its panel
ON_A_PANEL = ("guarantee_company", "appraiser", "law_firm", "disposal_company", "debt_buyer")
_CAPACITIES = {"guarantee_company": "guarantor"}


def kind_name(kind: str) -> Text:
    """The kind in words; one that a later version knows stands for itself."""
    return KINDS.get(kind, Text(kind, kind))


def capacity_of(kind: str) -> str:
    """What an organisation of this kind is in a case; most kinds are called as their capacity."""
    return _CAPACITIES.get(kind, kind)
