"""Invariants 9 and 20: every fen that came in is where it belongs, once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lending.journal import OVERPAYMENT, RECEIVABLE_OF, UNAPPLIED
from app.storage.loans import LoanReceipt
from app.storage.payments import IN, Payment, PaymentEvent
from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.interest_again import outstanding, penalties
from app.use_cases.ledger_check.loan_books import ZERO, Booked, LoanBooks

APPLICATION, OVERPAID, RECEIVED = "application", "overpaid", "received"
ACCOUNT_OF = {kind: account.code for kind, account in RECEIVABLE_OF.items()} | {OVERPAID: OVERPAYMENT.code}


def receipts_allocated(books: LoanBooks, found: Findings) -> None:
    """9: a receipt is its allocations, what waits and what is overpaid; no item got more than it asked for."""
    found.rows += len(books.receipts)
    used: dict[str, Decimal] = {}
    for part in books.settlements:
        used[part.receipt_no] = used.get(part.receipt_no, ZERO) + part.amount
    for receipt in books.receipts:
        if used.pop(receipt.number, ZERO) > receipt.amount:
            found.fault(
                receipt.number,
                f"核销超过了收到的 {receipt.amount}。",
                f"more was allocated than the {receipt.amount} that came.",
            )
    for number in used:
        found.fault(number, "核销了一笔不存在的还款。", "a receipt that does not exist was allocated.")
    _nothing_overpaid(books, found)
    for one in books.journals:
        if one.row.event == APPLICATION:
            _lines_are_settlements(one, found)
    came = sum((receipt.amount for receipt in books.receipts if receipt.value_on <= books.day), ZERO)
    found.differ(
        books.number,
        "待核销款与未用的还款不符",
        "unapplied money is not what receipts have left",
        found=-books.accounts[UNAPPLIED.code] + ZERO,
        wanted=came - sum((part.amount for part in books.settlements), ZERO),
    )
    if -books.accounts[UNAPPLIED.code] > max(owed := outstanding(books), ZERO):
        found.fault(
            books.number,
            f"待核销款 {-books.accounts[UNAPPLIED.code]} 超过尚欠的 {owed}，应退还。",
            f"{-books.accounts[UNAPPLIED.code]} wait though only {owed} are owed: the rest belongs to the payer.",
        )


def _nothing_overpaid(books: LoanBooks, found: Findings) -> None:
    asked = {(row.number, kind): getattr(row, kind) for row in books.rows for kind in ("principal", "interest")}
    asked |= {(number, "penalty"): amount for number, amount in penalties(books).items()}
    for charge in books.charges:
        asked[0, charge.kind] = asked.get((0, charge.kind), ZERO) + charge.amount
    for (number, kind), amount in books.settled.items():
        if kind != OVERPAID and amount > asked.get((number, kind), ZERO):
            found.fault(
                f"{books.number}/{number}",
                f"{kind} 已付 {amount}，只欠 {asked.get((number, kind), ZERO)}。",
                f"{kind}: {amount} was paid on {asked.get((number, kind), ZERO)}.",
            )


def _lines_are_settlements(one: Booked, found: Findings) -> None:
    """An application's lines add up to its settlements, account by account."""
    paid: dict[str, Decimal] = {}
    for part in one.settlements:
        account = ACCOUNT_OF.get(part.kind, part.kind)
        paid[account] = paid.get(account, ZERO) - part.amount
    booked = {line.account: one.on_account(line.account) for line in one.lines if line.account != UNAPPLIED.code}
    if paid != booked:
        found.fault(one.number, "分录与核销明细不符。", "its lines are not what it settled.")


def incoming_once(session: Session, found: Findings) -> None:
    """20: a channel's serial stands once, and each payment in was received once, for its amount, into one receipt."""
    found.rows += session.scalar(select(func.count()).where(Payment.direction == IN)) or 0
    times, amount = func.count(PaymentEvent.id), func.min(PaymentEvent.amount)
    is_received = (PaymentEvent.payment_id == Payment.id) & (PaymentEvent.kind == RECEIVED)
    received = (
        select(Payment.number, Payment.amount, times, amount, func.count(PaymentEvent.serial))
        .outerjoin(PaymentEvent, is_received)
        .where(Payment.direction == IN)
        .group_by(Payment.id, Payment.number, Payment.amount)
        .having((times != 1) | (amount != Payment.amount) | (func.count(PaymentEvent.serial) != 1))
    )
    for number, booked, count, told, _ in session.execute(received):
        found.fault(
            number,
            f"入账 {booked}，银行通知 {count} 次，金额 {told}。",
            f"booked with {booked}; the bank told it {count} times with serial and amount {told}.",
        )
    _serials(session, found)
    for receipt, payment in _receipts_unlike_payments(session):
        found.fault(receipt, f"与来款 {payment} 的金额或方向不同。", f"amount or direction are not those of {payment}.")


def _serials(session: Session, found: Findings) -> None:
    twice = (
        select(PaymentEvent.channel, PaymentEvent.serial, func.count())
        .where(PaymentEvent.serial.is_not(None))
        .group_by(PaymentEvent.channel, PaymentEvent.serial)
        .having(func.count() > 1)
    )
    for channel, serial, times in session.execute(twice):
        found.fault(f"{channel} {serial}", f"流水号记了 {times} 次。", f"the serial stands {times} times.")


def _receipts_unlike_payments(session: Session) -> Any:
    """Receipts booked for a payment that is another amount or did not come in."""
    query = select(LoanReceipt.number, Payment.number).join(Payment, Payment.id == LoanReceipt.payment_id)
    return session.execute(query.where((LoanReceipt.amount != Payment.amount) | (Payment.direction != IN)))
