"""An offer as the firm reads it: amount, all-in yearly cost, total cost and the plan of repayments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import url_for

from app.moment import Moment
from app.texts import Text
from app.use_cases import clock
from app.use_cases.cases.case_file import CaseFile
from app.use_cases.offers.lawful_price import total_of
from app.use_cases.offers.preview_schedule import REPAYMENT_METHODS, preview_schedule
from app.web.page_models import Fact, OfferCard
from app.web.texts import language


def offer_card(file: CaseFile, offer: Any) -> OfferCard:
    """The card of one offer."""
    preview = preview_schedule(
        amount=offer.amount,
        rate_percent=Decimal(offer.rate_percent_per_year),
        term_months=offer.term_months,
        method=offer.repayment_method,
        on=Moment.at(offer.decided_at).business_on if offer.decided_at else clock.moment().business_on,
        fees=total_of(offer.fees),
    )
    funder = file.organisations.get(offer.funder_id) or file.party("funder")
    interest = sum((row.interest for row in preview.rows), Decimal("0.00"))
    asked = file.case.amount
    differs = None
    if asked is not None and asked != offer.amount:
        less = asked - offer.amount
        differs = Text(
            f"比申请的 {asked:,.2f} 元少 {less:,.2f} 元。", f"{less:,.2f} CNY less than the {asked:,.2f} you asked for."
        )
    task = next((task for task in file.open_tasks if task.properties and task.properties.get("shows") == "offer"), None)
    return OfferCard(
        funder=funder.name.of(language()) if funder else "",
        amount=offer.amount,
        rate_percent=Decimal(offer.rate_percent_per_year),
        all_in_percent=preview.all_in_percent,
        term_months=offer.term_months,
        repayment=REPAYMENT_METHODS.get(offer.repayment_method, Text(offer.repayment_method)),
        valid_until=offer.valid_until,
        costs=(
            Fact(Text(f"{offer.term_months} 个月利息", f"Interest of {offer.term_months} months"), interest, "money"),
            *_fees(offer),
        ),
        total_cost=interest + total_of(offer.fees),
        schedule=preview.rows,
        conditions=(),
        task_url=url_for("tasks.show", task_id=task.id) if task else None,
        state=offer.state,
        differs=differs,
    )


def _fees(offer: Any) -> tuple[Fact, ...]:
    """What is paid besides interest and to whom; that there is nothing of the kind is said too."""
    lines = tuple(
        Fact(
            Text(f"{fee['name_zh']}（付给{fee['payee_zh']}）", f"{fee['name_en']} (to {fee['payee_en']})"),
            Decimal(fee["amount"]),
            "money",
        )
        for fee in offer.fees
    )
    return lines or (Fact(Text("其他费用", "Other fees"), Decimal("0.00"), "money"),)
