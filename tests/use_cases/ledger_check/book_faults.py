"""Faults in plans, journals, allocations, bills and what a loan owes (invariants 1-11, 25, 27, 33)."""

from __future__ import annotations

from tests.use_cases.ledger_check.planting import (
    CAME,
    FUNDER,
    LAST,
    MORE_PRINCIPAL,
    NEWEST,
    OWES_MORE,
    PLAN_A,
    RECEIVED,
    A,
    booked,
    copied_schedule,
    fault,
    row,
)

BOOK_FAULTS = (
    fault(1, "a schedule asks for a fen more than was paid out", "DK-A", *MORE_PRINCIPAL, OWES_MORE.format(1)),
    fault(2, "a due date does not rise", "DK-A v1/12", row(12, "due_on = '2026-12-15'")),
    fault(2, "a balance does not follow", "DK-A v1/12", row(12, "balance = 1")),
    fault(3, "a version is missing", "DK-A", f"UPDATE loan_schedule SET version = 2 WHERE id = {PLAN_A}"),
    fault(
        3,
        "a new schedule loses a fen",
        "DK-A v2",
        *MORE_PRINCIPAL,
        *copied_schedule(),
        f"UPDATE loan_schedule_row SET balance = balance - 1 WHERE number < 12 AND {NEWEST}",
        f"UPDATE loan_schedule_row SET principal = principal - 1 WHERE number = 12 AND {NEWEST}",
    ),
    fault(
        4, "interest of an instalment is wrong", "DK-A v1/12", row(12, "interest = interest + 1"), OWES_MORE.format(1)
    ),
    fault(4, "too much interest was accrued", "DK-A", *booked("x", "interest_receivable", "interest_income", 1)),
    fault(
        4,
        "a penalty is put to another instalment",
        "DK-A",
        "UPDATE penalty_part SET instalment = 3 WHERE instalment = 2",
    ),
    fault(4, "too much penalty was accrued", "DK-A", *booked("x", "penalty_receivable", "penalty_income", 1)),
    fault(
        6,
        "a line was raised by a fen",
        RECEIVED,
        f"UPDATE journal_line SET amount = amount + 1 WHERE account = 'bank' AND journal_id = {RECEIVED}",
    ),
    fault(
        6,
        "a line is in another currency",
        RECEIVED,
        f"UPDATE journal_line SET currency = 'USD' WHERE account = 'bank' AND journal_id = {RECEIVED}",
    ),
    fault(
        6,
        "a journal belongs to another funder",
        RECEIVED,
        f"UPDATE journal SET funder_id = (SELECT id FROM organisation WHERE id <> {FUNDER} LIMIT 1)"
        f" WHERE id = {RECEIVED}",
    ),
    fault(6, "a journal has no lines", LAST, booked("x", "bank", "bank", 1)[0]),
    fault(7, "principal was booked that nobody lent", "DK-A", *booked("x", "principal_receivable", "bank", 1)),
    fault(7, "costs were booked that nobody charged", "DK-A", *booked("x", "cost_receivable", "bank", 1)),
    fault(7, "the loan's row owes a fen more", "DK-A", OWES_MORE.format(1)),
    fault(8, "a journal is dated into a closed day", LAST, *booked("x", "bank", "disposal_claims", 1, on="2026-02-01")),
    fault(
        8,
        "a reversal is not the opposite of its original",
        LAST,
        *booked("x", "bank", "disposal_claims", 5),
        *booked("reversal", "disposal_claims", "bank", 4, reverses="(SELECT max(id) FROM journal)"),
    ),
    fault(8, "a reversal reverses nothing", LAST, *booked("reversal", "disposal_claims", "bank", 4)),
    fault(8, "the database lets journals be changed", "journal_line", "DROP TRIGGER journal_line_no_update"),
    fault(
        9,
        "more was allocated than came",
        "R2",
        "UPDATE loan_receipt SET amount = 499999 WHERE number = 'R2'",
        "UPDATE payment SET amount = 499999 WHERE number = 'R2'",
        f"UPDATE payment_event SET amount = 499999 WHERE payment_id = {CAME}",
    ),
    fault(
        9,
        "more is kept than is owed",
        "DK-A",
        "INSERT INTO loan_receipt (number, loan_id, value_on, amount, allocation_order, order_hash, taken_at)"
        f" VALUES ('R3', {A}, '2026-03-20', 20000000, '{{}}', '', '2026-03-20 04:00:00')",
        *booked("receipt", "bank", "unapplied_receipts", 20000000),
    ),
    fault(9, "money waits that no receipt has left", "DK-A", *booked("x", "bank", "unapplied_receipts", 1)),
    fault(
        9,
        "a receipt is allocated that never came",
        "R9",
        "UPDATE settlement SET receipt_no = 'R9' WHERE receipt_no = 'R1'",
    ),
    fault(25, "a day past due is missing", "DK-A", "UPDATE loan SET dpd = 4 WHERE number = 'DK-A'"),
    fault(
        27, "a fen of what is overdue is missing", "DK-A", "UPDATE loan SET overdue = overdue - 1 WHERE number = 'DK-A'"
    ),
    fault(11, "more went back than was overpaid", "DK-A", *booked("refund", "overpayments", "bank", 1)),
    fault(11, "a refund left by no payment", LAST, *booked("refund", "overpayments", "bank", 1)),
    fault(
        33,
        "a bill asks for another amount",
        "DK-A-2",
        "UPDATE bill SET principal = principal + 1 WHERE number = 'DK-A-2'",
    ),
    fault(33, "a loan's rules are gone", "DK-A", "UPDATE loan SET rules = '{}' WHERE number = 'DK-A'"),
    fault(
        33,
        "a receipt has no journal",
        "R1",
        "UPDATE journal SET subject = 'R0' WHERE event = 'receipt' AND subject = 'R1'",
    ),
    fault(
        33,
        "a decision names no table",
        "credit_score #1",
        "UPDATE decision_trace SET content_hash = 'gone' WHERE id = 1",
    ),
    fault(
        33,
        "a task was done by nobody",
        "(SELECT '#' || id || ' ' || name_en FROM user_task WHERE id = 1)",
        "UPDATE user_task SET state = 'done', done_at = created_at WHERE id = 1",
    ),
)
