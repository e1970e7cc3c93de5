"""A disposal in brief, as the page of its case shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.texts import Text
from app.web.page_models import Fact, Tag

STATES = {
    "open": Tag("blue", Text("处置中", "Under way")),
    "sold": Tag("amber", Text("已成交，待收款", "Sold, price to come")),
    "distributed": Tag("green", Text("已分配", "Distributed")),
    "stopped": Tag("grey", Text("已停止", "Stopped")),
    "failed": Tag("red", Text("未能处置", "Not disposed of")),
}
CLAIMS = {
    "cost": Text("保管和实现费用", "Costs of keeping and selling"),
    "tax": Text("税费", "Taxes"),
    "creditor_before": Text("顺位在先的债权人", "Creditors ranked before"),
    "creditor_after": Text("顺位在后的债权人", "Creditors ranked after"),
    "loan_cost": Text("本借据代垫费用", "This loan's costs"),
    "loan_interest": Text("本借据利息和罚息", "This loan's interest and penalty"),
    "loan_principal": Text("本借据本金", "This loan's principal"),
}


@dataclass(frozen=True)
class DisposalCard:
    """`lines` are (what for, whom, claimed, paid) in order of rank; `surplus` is left over, None before."""

    number: str
    state: Tag
    facts: tuple[Fact, ...]
    lines: tuple[tuple[Text, str, Decimal, Decimal], ...]


def disposal_cards(some: Iterable[Any]) -> tuple[DisposalCard, ...]:
    """The disposals of a case in brief, for its page."""
    return tuple(
        DisposalCard(
            one.disposal.number,
            STATES[one.disposal.state],
            tuple(_facts(one)),
            tuple((CLAIMS[line.claim], line.payee, line.amount, line.paid) for line in one.lines),
        )
        for one in some
    )


def _facts(one: Any) -> Iterator[Fact]:
    disposal = one.disposal
    yield Fact(Text("立案时欠款", "Debt at its opening"), disposal.debt, "money")
    if disposal.price is not None:
        yield Fact(Text("买受人", "Buyer"), disposal.buyer_name, "text")
        yield Fact(Text("成交价", "Price"), disposal.price, "money")
        yield Fact(Text("已收价款", "Received"), one.received, "money")
    if disposal.surplus is not None:
        yield Fact(Text("应退余款", "Surplus"), disposal.surplus, "money")
        yield Fact(Text("未清偿", "Shortfall"), disposal.shortfall, "money")
