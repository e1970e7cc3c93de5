"""Invariants 1 to 4: what a loan's schedules ask for, and that interest is what balances, rates and days say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from app.lending.journal import INTEREST_INCOME, PENALTY_INCOME, PRINCIPAL
from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.interest_again import accrued, accrued_to_close, penalties, row_interest
from app.use_cases.ledger_check.loan_books import ZERO, LoanBooks

PAYOUT = "payout"


def principal_of_schedule(books: LoanBooks, found: Findings) -> None:
    """1: the active schedule asks for the principal that was paid out, from the payout on, to the fen."""
    found.rows += 1
    paid_out = sum((one.on_account(PRINCIPAL.code) for one in books.journals if one.row.event == PAYOUT), ZERO)
    asked = sum((row.principal for row in books.rows), ZERO)
    found.differ(
        books.number,
        "还款计划的本金合计与放出的本金不符",
        "the principal of the schedule is not what was paid out",
        found=asked,
        wanted=paid_out,
    )


def schedule_rows(books: LoanBooks, found: Findings) -> None:
    """2: due dates rise, no amount is below zero, each balance follows from the one before, the last one is zero."""
    for schedule, rows in books.plans:
        found.rows += len(rows)
        where = f"{books.number} v{schedule.version}"
        earlier = books.loan.paid_out_on - timedelta(days=1)  # a debt may be called in on the day of its payout
        balance = sum((row.principal for row in rows), ZERO)
        for row in rows:
            at = f"{where}/{row.number}"
            if row.due_on <= earlier:
                found.fault(
                    at, f"到期日 {row.due_on} 不晚于前一个。", f"due on {row.due_on}, not after the one before."
                )
            if row.principal < 0 or row.interest < 0:
                found.fault(at, "本金或利息小于零。", "principal or interest is below zero.")
            balance, earlier = balance - row.principal, row.due_on
            found.differ(at, "余额不连续", "the balance does not follow", found=row.balance, wanted=balance)
            balance = row.balance
        if not rows or balance:
            found.fault(where, f"最后一期后余额 {balance}，应为 0.00。", f"{balance} stays after the last instalment.")


def replaced_schedules(books: LoanBooks, found: Findings) -> None:
    """3: schedules are numbered from 1 without a gap; a later one keeps the principal and all that was due before."""
    versions = [schedule.version for schedule, _ in books.plans]
    found.rows += len(versions)
    if versions != list(range(1, len(versions) + 1)) or not versions:
        found.fault(
            books.number,
            f"计划版本应从 1 连续编号，现有 {versions}。",
            f"versions run from 1 on; there are {versions}.",
        )
    for (_, old), (schedule, new) in pairwise(books.plans):
        where = f"{books.number} v{schedule.version}"
        found.differ(
            where,
            "替换后的计划改变了本金",
            "the replaced schedule changes the principal",
            found=sum((row.principal for row in new), ZERO),
            wanted=sum((row.principal for row in old), ZERO),
        )
        past = [_asked(row) for row in old if row.due_on < schedule.from_on]
        if [_asked(row) for row in new[: len(past)]] != past:
            found.fault(
                where,
                "替换后的计划改写了已到期的分期。",
                "the replaced schedule rewrites instalments that were due before it.",
            )


def interest_recomputed(books: LoanBooks, found: Findings) -> None:
    """4: each row's interest by balance and rate; what is booked of interest and penalty by the days to the close."""
    for index, (schedule, rows) in enumerate(books.plans):
        found.rows += len(rows)
        before = books.plans[index - 1][1] if index else ()
        inherited = {_asked(row) for row in before}
        for at, row in enumerate(rows):
            if _asked(row) in inherited:
                continue
            found.differ(
                f"{books.number} v{schedule.version}/{row.number}",
                "利息与余额、利率不符",
                "interest is not what balance and rate say",
                found=row.interest,
                wanted=_called_in(books, before, rows[:at], row) if index else row_interest(books.loan, rows, at),
            )
    parts: dict[int, Decimal] = {}
    for part in (part for one in books.journals for part in one.penalties):
        parts[part.instalment] = parts.get(part.instalment, ZERO) + part.amount
    found.differ(
        books.number,
        f"至 {books.day} 各期已计罚息与重算不符",
        f"penalty by instalment to {books.day} is not what it comes to anew",
        found={number: str(amount) for number, amount in sorted(parts.items()) if amount},
        wanted={number: str(amount) for number, amount in sorted(penalties(books).items())},
    )
    for name, account, wanted in (
        (("利息", "interest"), INTEREST_INCOME, accrued_to_close(books)),
        (("罚息", "penalty"), PENALTY_INCOME, sum(penalties(books).values(), ZERO)),
    ):
        found.differ(
            books.number,
            f"至 {books.day} 已计{name[0]}与重算不符",
            f"{name[1]} booked to {books.day} is not what it comes to anew",
            found=-books.accounts[account.code] + ZERO,
            wanted=wanted,
        )


def _called_in(books: LoanBooks, old: Any, kept: Any, row: Any) -> Any:
    """The interest of a row that a replaced schedule has new: what the old one accrued by its due date."""
    earned = accrued(old, books.loan.paid_out_on, row.due_on)
    return earned - sum((one.interest for one in kept), ZERO)


def _asked(row: Any) -> tuple[Any, ...]:
    return row.number, row.due_on, row.principal, row.interest
