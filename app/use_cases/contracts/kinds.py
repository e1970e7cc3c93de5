"""The kinds of contract: which template sets them, what their numbers begin with, and who signs."""

from __future__ import annotations

from dataclasses import dataclass

from app.texts import Text

LOAN = "loan"
FUNDER = "funder"


@dataclass(frozen=True)
class Kind:
    """`key` names the template too; `capacities` sign in this order, the funder always last."""

    key: str
    name: Text
    prefix: str
    capacities: tuple[str, ...]

    def __post_init__(self) -> None:
        assert self.capacities[-1] == FUNDER, "the funder signs last"


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(LOAN, Text("借款合同", "Loan contract"), "JK", ("borrower", FUNDER)),
        Kind("guarantee", Text("保证合同", "Guarantee"), "BZ", ("guarantor", FUNDER)),
        Kind(
            "receivable_notice",
            Text("应收账款质押通知书及确认函", "Notice of a receivables pledge"),
            "ZT",
            ("borrower", "core_enterprise", FUNDER),
        ),
        Kind(
            "warehouse_pledge",
            Text("仓单质押合同", "Warehouse receipt pledge"),
            "CD",
            ("borrower", "custodian", FUNDER),
        ),
    )
}

CAPACITIES: dict[str, Text] = {
    "borrower": Text("借款人", "Borrower"),
    "guarantor": Text("保证人", "Guarantor"),
    "core_enterprise": Text("核心企业", "Core enterprise"),
    "custodian": Text("保管人", "Custodian"),
    FUNDER: Text("资金方", "Funder"),
}
