"""Checks the invariants of money over the whole database; what each finds is worked out from the rows alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.storage.database import reading
from app.texts import Text
from app.use_cases.ledger_check.delinquency import overdue_balance, recomputed_dpd
from app.use_cases.ledger_check.findings import Findings, Violation
from app.use_cases.ledger_check.journals import append_only, balanced_journals, control_accounts, guarded_tables
from app.use_cases.ledger_check.loan_books import LoanBooks, every_loan
from app.use_cases.ledger_check.money_back import (
    claims_were_owed,
    refunds_were_overpaid,
    refunds_were_paid,
    surplus_was_paid,
)
from app.use_cases.ledger_check.payouts import (
    booked_on_confirmation,
    confirmed_have_no_twin,
    covered_drawdowns,
    one_instruction,
    signed_before_payout,
)
from app.use_cases.ledger_check.people import four_persons
from app.use_cases.ledger_check.receipts import incoming_once, receipts_allocated
from app.use_cases.ledger_check.schedules import (
    interest_recomputed,
    principal_of_schedule,
    replaced_schedules,
    schedule_rows,
)
from app.use_cases.ledger_check.security import one_loan_a_receipt, proceeds_distributed
from app.use_cases.ledger_check.terms import account_as_signed, cost_within_cap, terms_as_signed
from app.use_cases.ledger_check.traces import (
    amounts_traced,
    audit_chain,
    decisions_traced,
    process_and_ledger,
    rules_known,
)

OfLoan = Callable[[LoanBooks, Findings], None]
OfAll = Callable[[Session, Findings], None]


@dataclass(frozen=True)
class Invariant:
    """One rule an auditor checks: `of_loan` looks at each loan by itself, `of_all` at the whole database."""

    number: int
    name: Text
    of_loan: tuple[OfLoan, ...] = ()
    of_all: tuple[OfAll, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What the check of one invariant found; `rows` is how many it looked at."""

    number: int
    name: Text
    rows: int
    violations: tuple[Violation, ...]


INVARIANTS = (
    Invariant(1, Text("计划本金等于放出本金", "Principal of the schedule"), (principal_of_schedule,)),
    Invariant(2, Text("还款计划各行连续", "Rows of schedules"), (schedule_rows,)),
    Invariant(3, Text("替换计划不改本金", "Replaced schedules"), (replaced_schedules,)),
    Invariant(4, Text("利息罚息重算一致", "Interest worked out anew"), (interest_recomputed,)),
    Invariant(6, Text("凭证借贷平衡", "Debits and credits"), of_all=(balanced_journals,)),
    Invariant(7, Text("明细与总账一致", "Loans and control accounts"), (control_accounts,)),
    Invariant(8, Text("凭证只增不改", "Journals are append-only"), (append_only,), (guarded_tables,)),
    Invariant(9, Text("还款全部有去处", "Receipts are allocated"), (receipts_allocated,)),
    Invariant(11, Text("多付的退还原付款人", "Overpayments go back"), (refunds_were_overpaid,), (refunds_were_paid,)),
    Invariant(15, Text("放款经四人", "Four persons"), of_all=(four_persons,)),
    Invariant(16, Text("放款不超额度", "Within offer and limits"), of_all=(covered_drawdowns,)),
    Invariant(17, Text("先签署后放款", "Signed before the payout"), of_all=(signed_before_payout,)),
    Invariant(
        18, Text("按批准和合同放款", "Lent as approved"), (terms_as_signed,), (account_as_signed, cost_within_cap)
    ),
    Invariant(
        19,
        Text("一笔付款一条指令", "One instruction"),
        (booked_on_confirmation,),
        (one_instruction, confirmed_have_no_twin),
    ),
    Invariant(20, Text("来款只入账一次", "Money in counts once"), of_all=(incoming_once,)),
    Invariant(25, Text("逾期天数重算一致", "Days past due"), (recomputed_dpd,)),
    Invariant(27, Text("逾期余额重算一致", "Overdue balance"), (overdue_balance,)),
    Invariant(29, Text("一物一贷", "One loan a collateral"), of_all=(one_loan_a_receipt,)),
    Invariant(
        31,
        Text("处置款全部有去处", "Proceeds of disposal"),
        of_all=(proceeds_distributed, surplus_was_paid, claims_were_owed),
    ),
    Invariant(33, Text("金额和决定可追溯", "Amounts and decisions are traced"), (amounts_traced,), (decisions_traced,)),
    Invariant(34, Text("流程与账务一致", "Process and ledger agree"), of_all=(process_and_ledger,)),
    Invariant(35, Text("审计链完整", "The audit chain holds"), of_all=(audit_chain,)),
)


RULES_TRACED = 33


def check_ledger() -> list[Checked]:
    """Every invariant in order, with what violates it; loans are read a block at a time."""
    with reading() as session:
        return check_in(session)


def check_in(session: Session) -> list[Checked]:
    """The same inside the caller's unit."""
    found = {one.number: Findings() for one in INVARIANTS}
    for books in every_loan(session):
        if not rules_known(books, found[RULES_TRACED]):
            continue  # without the rules of its contract nothing of a loan can be worked out anew
        for invariant in INVARIANTS:
            for check in invariant.of_loan:
                check(books, found[invariant.number])
    for invariant in INVARIANTS:
        for check_all in invariant.of_all:
            check_all(session, found[invariant.number])
    return [
        Checked(one.number, one.name, found[one.number].rows, tuple(found[one.number].violations)) for one in INVARIANTS
    ]
