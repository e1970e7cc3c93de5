"""Invariants 6 to 8: journals balance, the loans' own balances are the accounts', and nothing booked is rewritten."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.lending.journal import (
    COST,
    DEBIT,
    FEE,
    INTEREST,
    INTEREST_INCOME,
    PENALTY,
    PENALTY_INCOME,
    PRINCIPAL,
)
from app.storage import append_only as growing
from app.storage.ledger import JournalLine, JournalRow
from app.storage.loans import Loan
from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.interest_again import outstanding
from app.use_cases.ledger_check.loan_books import ZERO, Booked, LoanBooks

REVERSAL = "reversal"


def balanced_journals(session: Session, found: Findings) -> None:
    """6: every journal has debits = credits in its loan's currency; so has every day, currency and funder."""
    total = func.sum(case((JournalLine.side == DEBIT, JournalLine.amount), else_=-JournalLine.amount))
    found.rows += session.scalar(select(func.count()).select_from(JournalRow)) or 0
    of_journal = (
        select(JournalRow.id, func.count(JournalLine.position), total)
        .outerjoin(JournalLine, JournalLine.journal_id == JournalRow.id)
        .group_by(JournalRow.id)
        .having((total != 0) | (func.count(JournalLine.position) < 2))
        .order_by(JournalRow.id)
    )
    for id_, lines, difference in session.execute(of_journal):
        found.fault(
            f"J{id_:08d}",
            f"{lines} 行分录，借贷相差 {difference or ZERO}。",
            f"{lines} lines, debits less credits are {difference or ZERO}.",
        )
    strange = (
        select(JournalRow.id, Loan.number)
        .join(Loan, Loan.id == JournalRow.loan_id)
        .outerjoin(JournalLine, JournalLine.journal_id == JournalRow.id)
        .where((JournalRow.funder_id != Loan.funder_id) | (JournalLine.currency != Loan.currency))
        .distinct()
    )
    for id_, number in session.execute(strange):
        found.fault(
            f"J{id_:08d}",
            f"凭证的资金方或币种与贷款 {number} 不同。",
            f"funder or currency are not those of the loan {number}.",
        )
    of_day = (
        select(JournalRow.funder_id, JournalLine.currency, JournalRow.business_on, total)
        .join(JournalLine, JournalLine.journal_id == JournalRow.id)
        .group_by(JournalRow.funder_id, JournalLine.currency, JournalRow.business_on)
        .having(total != 0)
    )
    for funder_id, currency, day, difference in session.execute(of_day):
        found.fault(
            f"{day} {currency} #{funder_id}",
            f"试算不平：{difference}。",
            f"the trial balance of this day and funder is {difference}.",
        )


def control_accounts(books: LoanBooks, found: Findings) -> None:
    """7: what each loan owes by its own rows is what its accounts say, and what its row says."""
    found.rows += 1
    held, charged = books.accounts, _charged(books)
    wanted = {
        PRINCIPAL: books.loan.principal - books.settled_of("principal"),
        INTEREST: -held[INTEREST_INCOME.code] - books.settled_of("interest"),
        PENALTY: -held[PENALTY_INCOME.code] - books.settled_of("penalty"),
        COST: charged["cost"] - books.settled_of("cost"),
        FEE: charged["fee"] - books.settled_of("fee"),
    }
    for account, amount in wanted.items():
        found.differ(
            books.number,
            f"{account.name.zh}：总账与明细不符",
            f"{account.name.en}: account and loan disagree",
            found=held[account.code] + ZERO,
            wanted=amount + ZERO,
        )
    found.differ(
        books.number,
        f"至 {books.day} 尚欠总额与明细不符",
        f"all that is owed on {books.day} disagrees with the loan's rows",
        found=books.loan.outstanding,
        wanted=outstanding(books),
    )


def _charged(books: LoanBooks) -> dict[str, Decimal]:
    return {kind: sum((one.amount for one in books.charges if one.kind == kind), ZERO) for kind in ("cost", "fee")}


def append_only(books: LoanBooks, found: Findings) -> None:
    """8: a reversal mirrors its one original, and no journal is dated before one that was booked earlier."""
    found.rows += len(books.journals)
    by_id = {one.row.id: one for one in books.journals}
    newest = books.loan.paid_out_on
    for one in books.journals:
        if one.row.business_on < newest:
            found.fault(
                one.number,
                f"记在 {one.row.business_on}，而 {newest} 已经记过账。",
                f"dated {one.row.business_on} though {newest} was booked before it.",
            )
        newest = max(newest, one.row.business_on)
        if one.row.reverses_id is not None or one.row.event == REVERSAL:
            _mirrors(one, by_id.get(one.row.reverses_id), found)


def _mirrors(one: Booked, original: Booked | None, found: Findings) -> None:
    if original is None or original.row.reverses_id is not None or one.settlements:
        found.fault(
            one.number,
            "冲销没有指向本贷款的一张原始凭证。",
            "a reversal that does not point to an original journal of the loan.",
        )
        return
    turned = {(line.position, line.account, line.side != DEBIT, line.amount) for line in one.lines}
    booked = {(line.position, line.account, line.side == DEBIT, line.amount) for line in original.lines}
    if sorted(each[1:] for each in turned) != sorted(each[1:] for each in booked):
        found.fault(
            one.number,
            f"冲销与原凭证 {original.number} 不是相反的分录。",
            f"is not the opposite of its original {original.number}.",
        )


def guarded_tables(session: Session, found: Findings) -> None:
    """8: the database itself refuses to change or delete what was booked."""
    found.rows += len(growing.TABLES)
    for table in growing.unguarded(session):
        found.fault(table, "数据库不再拒绝修改和删除这张表。", "the database no longer refuses changes and deletions.")
