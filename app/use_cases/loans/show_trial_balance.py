"""The trial balance of a bank, or of all for the operator: each account's balance on a date, together nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.errors import NotFound
from app.gateways import clock
from app.lending.journal import CHART
from app.lending.money import ZERO
from app.storage import ledger
from app.storage.database import reading
from app.storage.loans import Loan
from app.storage.organisations import Organisation
from app.texts import Text
from app.use_cases.permissions import Actor, require


@dataclass(frozen=True)
class TrialBalance:
    """Account code -> balance in the order of the chart, debit above zero; `total` is 0.00 unless books are broken.

    `funders` are those to choose from: (id, name), empty where there is no choice.
    """

    until: date
    balances: tuple[tuple[str, Decimal], ...]
    total: Decimal
    funders: tuple[tuple[int, Text], ...]


def show_trial_balance(actor: Actor, until: date | None = None, funder_id: int | None = None) -> TrialBalance:
    """To a business date inclusive, today without one; the operator may choose a bank. NotFound for another bank's."""
    require("view_ledger", actor)
    if actor.case_scope is not None and funder_id not in (None, actor.case_scope):
        raise NotFound
    day = until or clock.moment().business_on
    with reading() as session:
        found = ledger.balances(session, funder_id=actor.case_scope or funder_id, until=day)
        funders: tuple[tuple[int, Text], ...] = ()
        if actor.case_scope is None:
            lending = select(Organisation).where(Organisation.id.in_(select(Loan.funder_id))).order_by(Organisation.id)
            funders = tuple((one.id, one.name) for one in session.scalars(lending))
    by_account: dict[str, Decimal] = {}
    for (_currency, account), amount in found.items():
        by_account[account] = by_account.get(account, ZERO) + amount
    shown = tuple((code, by_account[code]) for code in CHART if by_account.get(code))
    return TrialBalance(day, shown, sum(by_account.values(), ZERO), funders)
