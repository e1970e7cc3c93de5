"""Double entry: the chart of accounts, journals that balance, and the trial balance made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.lending.money import CurrencyMismatch, Money
from app.texts import Text

DEBIT, CREDIT = "debit", "credit"


@dataclass(frozen=True)
class Account:
    """One account of the chart; `normal` is the side on which its balance usually stands."""

    code: str
    name: Text
    normal: str


BANK = Account("bank", Text("银行存款", "Bank"), DEBIT)
PAYOUT_CLEARING = Account("payout_clearing", Text("放款清算", "Payout clearing"), CREDIT)
PRINCIPAL = Account("principal_receivable", Text("贷款本金", "Loan principal"), DEBIT)
INTEREST = Account("interest_receivable", Text("应收利息", "Interest receivable"), DEBIT)
PENALTY = Account("penalty_receivable", Text("应收罚息", "Penalty receivable"), DEBIT)
FEE = Account("fee_receivable", Text("应收费用", "Fees receivable"), DEBIT)
COST = Account("cost_receivable", Text("应收代垫费用", "Costs receivable"), DEBIT)
UNAPPLIED = Account("unapplied_receipts", Text("待核销款", "Unapplied receipts"), CREDIT)
OVERPAYMENT = Account("overpayments", Text("溢缴款", "Overpayments owed to payers"), CREDIT)
SURPLUS = Account("disposal_surplus", Text("处置余款", "Surplus of disposal owed to owners"), CREDIT)
CLAIMS = Account("disposal_claims", Text("应付处置分配款", "Proceeds owed to other claimants"), CREDIT)
INTEREST_INCOME = Account("interest_income", Text("利息收入", "Interest income"), CREDIT)
PENALTY_INCOME = Account("penalty_income", Text("罚息收入", "Penalty income"), CREDIT)
FEE_INCOME = Account("fee_income", Text("手续费收入", "Fee income"), CREDIT)
LOSS = Account("credit_loss", Text("信用减值损失", "Credit loss"), DEBIT)

CHART = {
    account.code: account
    for account in (
        *(BANK, PAYOUT_CLEARING, PRINCIPAL, INTEREST, PENALTY, FEE, COST, UNAPPLIED, OVERPAYMENT, SURPLUS, CLAIMS),
        *(INTEREST_INCOME, PENALTY_INCOME, FEE_INCOME, LOSS),
    )
}
RECEIVABLE_OF = {"principal": PRINCIPAL, "interest": INTEREST, "penalty": PENALTY, "fee": FEE, "cost": COST}
INCOME_OF = {"interest": INTEREST_INCOME, "penalty": PENALTY_INCOME, "fee": FEE_INCOME}


class Unbalanced(ValueError):
    """A journal's debits and credits differ, or a line is not above zero: it may not be booked."""


@dataclass(frozen=True)
class Line:
    """One side of a journal; the amount is above zero, the side says where it stands."""

    account: str
    side: str
    amount: Money

    @property
    def signed(self) -> Decimal:
        """Debit above zero, credit below."""
        return self.amount.amount if self.side == DEBIT else -self.amount.amount


@dataclass(frozen=True)
class Journal:
    """One booked event on a business date, debits = credits in one currency (invariant 6).

    `event` names what happened, `subject` what it is about (a receipt's number, a loan's), `reverses` the number of
    the journal that it takes back. Raises Unbalanced.
    """

    event: str
    on: date
    loan_no: str
    lines: tuple[Line, ...]
    subject: str = ""
    reverses: str = ""

    def __post_init__(self) -> None:
        if not self.lines or any(line.amount.amount <= 0 for line in self.lines):
            raise Unbalanced(f"{self.event}: every line is above zero")
        if any(line.account not in CHART or line.side not in (DEBIT, CREDIT) for line in self.lines):
            raise Unbalanced(f"{self.event}: a line names an account of the chart and a side")
        if len({line.amount.currency for line in self.lines}) > 1:
            raise CurrencyMismatch(f"{self.event}: one journal, one currency")
        if sum((line.signed for line in self.lines), Decimal(0)) != 0:
            raise Unbalanced(f"{self.event}: debits and credits differ")


def lines_of(movements: Iterable[tuple[Account, Decimal]], currency: str) -> tuple[Line, ...]:
    """Lines of signed movements (debit above zero, credit below), one a movement, without those of nothing."""
    return tuple(
        Line(account.code, DEBIT if amount > 0 else CREDIT, Money(abs(amount), currency))
        for account, amount in movements
        if amount
    )


def reversal(original: Journal, number: str, on: date) -> Journal:
    """The journal that takes back `original`, booked under `number`: the same lines on the other side (invariant 8)."""
    turned = tuple(Line(line.account, CREDIT if line.side == DEBIT else DEBIT, line.amount) for line in original.lines)
    return Journal("reversal", on, original.loan_no, turned, original.subject, reverses=number)


def trial_balance(journals: Iterable[Journal]) -> dict[tuple[str, str], Decimal]:
    """The balance of each (currency, account): debits less credits. Each currency adds up to zero."""
    found: dict[tuple[str, str], Decimal] = {}
    for journal in journals:
        for line in journal.lines:
            place = (line.amount.currency, line.account)
            found[place] = found.get(place, Decimal(0)) + line.signed
    return found
