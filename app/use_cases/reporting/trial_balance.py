"""The trial balance: every account's balance of a funder or of all, on a day, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select

from app.errors import NotFound
from app.lending.journal import CHART
from app.storage import ledger
from app.storage.database import reading
from app.storage.organisations import Organisation
from app.texts import Text

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class AccountBalance:
    """One account in one currency; `balance` is debits less credits, in yuan."""

    currency: str
    code: str
    name: Text
    balance: Decimal


@dataclass(frozen=True)
class TrialBalance:
    """The accounts with something on them, in the chart's order, and each currency's total: 0.00 where all is well."""

    accounts: tuple[AccountBalance, ...]
    totals: dict[str, Decimal]


def trial_balance(on: date | None = None, funder: str = "") -> TrialBalance:
    """Of every journal up to the day `on` inclusive, or of one funder by its name; raises NotFound for no such one."""
    with reading() as session:
        funder_id = None
        if funder:
            named = or_(Organisation.name_zh == funder, Organisation.name_en == funder)
            funder_id = session.scalar(select(Organisation.id).where(named).order_by(Organisation.id).limit(1))
            if funder_id is None:
                raise NotFound(f"没有叫“{funder}”的机构。", f'There is no organisation "{funder}".')
        balances = ledger.balances(session, funder_id=funder_id, until=on)
    order = list(CHART)
    rows = [
        AccountBalance(currency, code, CHART[code].name if code in CHART else Text(code, code), balance)
        for (currency, code), balance in balances.items()
        if balance
    ]
    rows.sort(key=lambda row: (row.currency, order.index(row.code) if row.code in order else len(order), row.code))
    totals = {currency: NOTHING for currency, _ in balances} or {"CNY": NOTHING}
    for row in rows:
        totals[row.currency] += row.balance
    return TrialBalance(tuple(rows), totals)
