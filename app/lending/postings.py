"""The journals of a loan's life: payout, accrual, receipt and its application, write-back, write-off, disposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.lending.allocation import AllocationLine
from app.lending.journal import (
    BANK,
    CLAIMS,
    COST,
    INCOME_OF,
    LOSS,
    OVERPAYMENT,
    PAYOUT_CLEARING,
    PRINCIPAL,
    RECEIVABLE_OF,
    SURPLUS,
    UNAPPLIED,
    Account,
    Journal,
    lines_of,
)
from app.lending.money import ZERO


@dataclass(frozen=True)
class Books:
    """Which loan, in which currency and on which business date is booked; each method makes one balanced journal."""

    loan_no: str
    currency: str
    on: date

    def payout(self, amount: Decimal, payment_no: str) -> Journal:
        """The loan is owed; the money stands in clearing until the bank confirms it."""
        return self._journal("payout", payment_no, [(PRINCIPAL, amount), (PAYOUT_CLEARING, -amount)])

    def payout_confirmed(self, amount: Decimal, payment_no: str) -> Journal:
        """The bank paid: clearing is emptied."""
        return self._journal("payout_confirmed", payment_no, [(PAYOUT_CLEARING, amount), (BANK, -amount)])

    def accrual(self, kind: str, amount: Decimal) -> Journal:
        """Interest, penalty or a fee earned; below zero it is written back against the income."""
        event = f"{kind}_accrual" if amount > 0 else f"{kind}_write_back"
        return self._journal(event, kind, [(RECEIVABLE_OF[kind], amount), (INCOME_OF[kind], -amount)])

    def cost_advanced(self, amount: Decimal, voucher_no: str) -> Journal:
        """A cost of enforcing, paid by the funder and owed by the borrower."""
        return self._journal("cost_advanced", voucher_no, [(COST, amount), (BANK, -amount)])

    def receipt(self, amount: Decimal, receipt_no: str) -> Journal:
        """Money came; it waits to be applied."""
        return self._journal("receipt", receipt_no, [(BANK, amount), (UNAPPLIED, -amount)])

    def application(self, lines: Iterable[AllocationLine], overpaid: Decimal, receipt_no: str) -> Journal:
        """A receipt is set against what is owed; what exceeds all of it is a debt to the payer (invariants 9, 11)."""
        by_kind: dict[str, Decimal] = {}
        for line in lines:
            by_kind[line.kind] = by_kind.get(line.kind, ZERO) + line.amount
        paid = [(RECEIVABLE_OF[kind], -amount) for kind, amount in by_kind.items()]
        whole = sum(by_kind.values(), overpaid)
        return self._journal("application", receipt_no, [(UNAPPLIED, whole), *paid, (OVERPAYMENT, -overpaid)])

    def refund(self, amount: Decimal, payment_no: str) -> Journal:
        """An overpayment goes back to its payer."""
        return self._journal("refund", payment_no, [(OVERPAYMENT, amount), (BANK, -amount)])

    def written_off(self, amounts: Mapping[str, Decimal]) -> Journal:
        """What is given up, by kind, becomes a loss."""
        given_up = [(RECEIVABLE_OF[kind], -amount) for kind, amount in amounts.items()]
        return self._journal("written_off", self.loan_no, [(LOSS, sum(amounts.values(), ZERO)), *given_up])

    def proceeds(self, to_loan: Decimal, to_others: Decimal, surplus: Decimal, disposal_no: str) -> Journal:
        """The price of disposal: the loan's part waits to be applied like a receipt, the rest is owed to others.

        `to_others` are the costs, taxes and creditors of the waterfall that are not on this loan's books.
        """
        owed = [(UNAPPLIED, -to_loan), (CLAIMS, -to_others), (SURPLUS, -surplus)]
        return self._journal("proceeds", disposal_no, [(BANK, to_loan + to_others + surplus), *owed])

    def claims_paid(self, amount: Decimal, payment_no: str) -> Journal:
        """Another claimant gets its part of the proceeds."""
        return self._journal("claims_paid", payment_no, [(CLAIMS, amount), (BANK, -amount)])

    def surplus_paid(self, amount: Decimal, payment_no: str) -> Journal:
        """The surplus reaches the owner."""
        return self._journal("surplus_paid", payment_no, [(SURPLUS, amount), (BANK, -amount)])

    def _journal(self, event: str, subject: str, movements: Iterable[tuple[Account, Decimal]]) -> Journal:
        return Journal(event, self.on, self.loan_no, lines_of(movements, self.currency), subject)
