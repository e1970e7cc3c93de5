"""Invariants 29 and 31: what backs a loan backs no other, and what it was sold for is where it belongs."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lending.journal import CLAIMS, SURPLUS, UNAPPLIED
from app.storage import disposals
from app.storage.collateral import LIVE, Collateral
from app.storage.disposals import Disposal, DisposalLine, DisposalMoney
from app.storage.ledger import JournalLine, JournalRow
from app.storage.loans import ACTIVE, Loan
from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.loan_books import ZERO, signed

PROCEEDS = "proceeds"
OF_LOAN = ("loan_cost", "loan_interest", "loan_principal")


def one_loan_a_receipt(session: Session, found: Findings) -> None:
    """29: a receipt of a custodian stands in one live row, and a loan is not more than the value that backs it."""
    of_receipt: dict[tuple[int, str], list[str]] = defaultdict(list)
    columns = (Collateral.custodian_id, Collateral.receipt_number, Collateral.number, Collateral.state)
    for custodian_id, receipt, number, state in session.execute(select(*columns).order_by(Collateral.id)):
        found.rows += 1
        if state in LIVE:
            of_receipt[custodian_id, _plain(receipt)].append(number)
    for (_, receipt), numbers in of_receipt.items():
        if len(numbers) > 1:
            found.fault(receipt, f"仓单同时担保 {numbers}。", f"the receipt is live in {numbers}.")
    value = func.sum(Collateral.value)
    too_much = (
        select(Loan.number, Loan.principal, value)
        .join(Collateral, Collateral.loan_id == Loan.id)
        .group_by(Loan.id, Loan.number, Loan.principal)
        .having(Loan.principal > value)
    )
    for number, principal, worth in session.execute(too_much):
        found.fault(number, f"放款 {principal}，担保物值 {worth}。", f"{principal} lent on {worth} of collateral.")
    _strangers(session, found)


def _strangers(session: Session, found: Findings) -> None:
    of_other_case = (
        select(Collateral.number, Loan.number)
        .join(Loan, Loan.id == Collateral.loan_id)
        .where(Loan.case_id != Collateral.case_id)
    )
    for item, loan in session.execute(of_other_case):
        found.fault(item, f"担保的贷款 {loan} 属于另一件申请。", f"backs the loan {loan} of another case.")
    released = (
        select(Collateral.number, Loan.number)
        .join(Loan, Loan.id == Collateral.loan_id)
        .where(Collateral.state == "released", Loan.state == ACTIVE)
        .where(
            ~select(Disposal.id).where(Disposal.loan_id == Loan.id, Disposal.state == disposals.DISTRIBUTED).exists()
        )
    )
    for item, loan in session.execute(released):
        found.fault(item, f"贷款 {loan} 未还清，担保物已释放。", f"was released while {loan} is owed.")


def _plain(receipt: str) -> str:
    return "".join(unicodedata.normalize("NFKC", receipt).split()).upper()


def proceeds_distributed(session: Session, found: Findings) -> None:
    """31: price = money that came = waterfall + surplus, in table and ledger; the shortfall is what its lines miss."""
    query = select(Disposal).where(Disposal.state == disposals.DISTRIBUTED).order_by(Disposal.id)
    for one in session.scalars(query):
        found.rows += 1
        lines = session.execute(
            select(DisposalLine.claim, DisposalLine.amount, DisposalLine.paid).where(DisposalLine.disposal_id == one.id)
        ).all()
        mine = _sum(line.paid for line in lines if line.claim in OF_LOAN)
        others = _sum(line.paid for line in lines if line.claim not in OF_LOAN)
        surplus = one.surplus or ZERO
        came = session.scalar(select(func.sum(DisposalMoney.amount)).where(DisposalMoney.disposal_id == one.id)) or ZERO
        for zh, en, stands, wanted in (
            ("分配合计加余款与价款不符", "lines and surplus are not the price", mine + others + surplus, one.price),
            ("收到的价款与成交价不符", "the money that came is not the price", came, one.price),
            (
                "差额与未清偿的债权不符",
                "the shortfall is not what the loan's claims miss",
                one.shortfall or ZERO,
                _sum(line.amount - line.paid for line in lines if line.claim in OF_LOAN),
            ),
            (
                "入账的处置款与分配不符",
                "the ledger's proceeds are not the distribution",
                _booked(session, one),
                {UNAPPLIED.code: mine, CLAIMS.code: others, SURPLUS.code: surplus},
            ),
        ):
            found.differ(one.number, zh, en, found=stands, wanted=wanted)


def _booked(session: Session, disposal: Disposal) -> dict[str, Decimal]:
    """What the journals of proceeds of the disposal put on each of the three accounts."""
    found = dict.fromkeys((UNAPPLIED.code, CLAIMS.code, SURPLUS.code), ZERO)
    query = (
        select(JournalLine.account, JournalLine.side, JournalLine.amount)
        .join(JournalRow, JournalRow.id == JournalLine.journal_id)
        .where(JournalRow.event == PROCEEDS, JournalRow.subject == disposal.number)
    )
    for line in session.execute(query):
        if line.account in found:
            found[line.account] -= signed(line)
    return found


def _sum(amounts: Any) -> Decimal:
    return sum(amounts, ZERO)
