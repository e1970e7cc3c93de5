"""A loan in brief, as the page of its case shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.texts import Text
from app.web.page_models import Fact, Tag
from app.web.pages.loan_words import state_tag


@dataclass(frozen=True)
class LoanCard:
    """A loan in brief."""

    number: str
    url: str
    state: Tag
    facts: tuple[Fact, ...]


def loan_cards(some: Iterable[Any]) -> tuple[LoanCard, ...]:
    """The loans of a case in brief, for its page."""
    return tuple(
        LoanCard(
            loan.number,
            url_for("loans.show", number=loan.number),
            state_tag(loan),
            (
                Fact(Text("本金", "Principal"), loan.principal, "money"),
                Fact(Text("未还总额", "Outstanding"), loan.outstanding, "money"),
                Fact(Text("现在应还", "Due now"), loan.overdue, "money"),
                Fact(Text("到期日", "Matures"), loan.matures_on, "date"),
            ),
        )
        for loan in some
    )
