"""Closes one loan for a date, as often as somebody asks: what is booked already is not booked again."""

from __future__ import annotations

from datetime import date

from app.errors import NotFound, Refused
from app.gateways import clock
from app.lending.daily_close import Close
from app.storage import loans
from app.storage.closes import DaySealed
from app.storage.database import unit_of_work
from app.use_cases.loans.close_loan import close_loan_in


def close_one_loan(number: str, on: date | None = None) -> Close:
    """What the close of `on` (the business date) added to this loan, now committed.

    Raises NotFound, Refused for a date that has not come, and DaySealed for one before the loan's last close or where
    something would be booked on a sealed day.
    """
    moment = clock.moment()
    on = on or moment.business_on
    if on > moment.business_on:
        raise Refused(f"{on} 还没有到，不能做日终。", f"{on} has not come yet; its daily close cannot be made.")
    with unit_of_work() as session:
        loan = loans.by_number(session, number, locked=True)
        if loan is None:
            raise NotFound(f"没有借据“{number}”。", f'There is no loan "{number}".')
        done = close_loan_in(session, loan, on, moment)
        if done is None:
            raise DaySealed(
                f"借据 {number} 已经日终到 {loan.closed_on}，{on} 不能再做。",
                f"The loan {number} is closed to {loan.closed_on}; {on} can no longer be closed.",
            )
        return done
