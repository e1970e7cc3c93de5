"""Faults to plant into the books of `consistent`: for each invariant what a hand in the database does."""

from __future__ import annotations

from dataclasses import dataclass

A = "(SELECT id FROM loan WHERE number = 'DK-A')"
PLAN_A = f"(SELECT id FROM loan_schedule WHERE loan_id = {A})"
CASE_A = "(SELECT case_id FROM loan WHERE number = 'DK-A')"
PAID_A, CAME = "(SELECT id FROM payment WHERE number = 'PO-DK-A')", "(SELECT id FROM payment WHERE number = 'R2')"
FUNDER = "(SELECT funder_id FROM loan WHERE number = 'DK-A')"
PAYOUT = f"(SELECT min(id) FROM process_instance WHERE end_element_id IS NOT NULL AND case_id = {CASE_A})"
SALE = "(SELECT id FROM disposal WHERE number = 'DP-B')"
LAST = "(SELECT max(id) FROM journal)"
RECEIVED = "(SELECT id FROM journal WHERE event = 'receipt' AND subject = 'R1')"
NUMBER_A = f"(SELECT number FROM loan_case WHERE id = {CASE_A})"


def person(login: str) -> str:
    return f"(SELECT id FROM person WHERE login = '{login}')"


def booked(
    event: str, debit: str, credit: str, fen: int, *, on: str = "2026-03-20", reverses: str = "NULL"
) -> list[str]:
    """A journal of its own, on loan DK-A."""
    return [
        "INSERT INTO journal (loan_id, funder_id, event, business_on, subject, reverses_id, booked_at)"
        f" VALUES ({A}, {FUNDER}, '{event}', '{on}', 'planted', {reverses}, '2026-03-20 04:00:00')",
        "INSERT INTO journal_line (journal_id, position, account, side, amount, currency)"
        f" VALUES ({LAST}, 0, '{debit}', 'debit', {fen}, 'CNY'), ({LAST}, 1, '{credit}', 'credit', {fen}, 'CNY')",
    ]


def copied_schedule() -> list[str]:
    """A second version of DK-A's schedule, the same as the first."""
    columns = "number, due_on, principal, interest, balance"
    return [
        "INSERT INTO loan_schedule (loan_id, version, reason, from_on, made_at)"
        f" VALUES ({A}, 2, 'planted', '2026-03-21', '2026-03-20 04:00:00')",
        f"INSERT INTO loan_schedule_row (schedule_id, {columns})"
        f" SELECT (SELECT max(id) FROM loan_schedule), {columns} FROM loan_schedule_row"
        f" WHERE schedule_id = (SELECT min(id) FROM loan_schedule WHERE loan_id = {A})",
    ]


@dataclass(frozen=True)
class Fault:
    """What is planted, and where the check has to see it."""

    number: int
    what: str
    where: str
    statements: tuple[str, ...]


def fault(number: int, what: str, where: str, *statements: str) -> Fault:
    return Fault(number, what, where, statements)


def row(number: int, values: str) -> str:
    return f"UPDATE loan_schedule_row SET {values} WHERE schedule_id = {PLAN_A} AND number = {number}"


NEWEST = "schedule_id = (SELECT max(id) FROM loan_schedule)"
MORE_PRINCIPAL = (
    f"UPDATE loan_schedule_row SET balance = balance + 1 WHERE number < 12 AND schedule_id = {PLAN_A}",
    row(12, "principal = principal + 1"),
)
OWES_MORE = "UPDATE loan SET outstanding = outstanding + {} WHERE number = 'DK-A'"
NEW_PAYMENT = (
    "INSERT INTO payment (number, case_id, direction, kind, amount, currency, counterparty_name, counterparty_bank,"
    " account_masked, purpose, state, reason, channel, bank_reference, maker_id, created_at)"
    f" VALUES ('PO-2', {CASE_A}, 'out', 'drawdown', 1, 'CNY', '', '', '', '', 'prepared', '', '', '',"
    f" {person('bai.xue')}, '2026-03-20 04:00:00')"
)
NEW_EVENT = (
    "INSERT INTO payment_event (payment_id, kind, channel, serial, amount, detail, at)"
    " VALUES ({}, '{}', {}, {}, {}, '{{}}', '2026-03-20 04:00:00')"
)
NEW_INSTANCE = (
    "INSERT INTO process_instance (case_id, process_key, business_key, round, release_id, status, waiting_at, version,"
    " started_at) SELECT case_id, process_key, business_key, '{}', release_id, 'active', '', 1, started_at"
    f" FROM process_instance WHERE id = {PAYOUT}"
)
NEW_COLLATERAL = (
    "INSERT INTO collateral (number, case_id, kind, receipt_number, goods, quantity, unit, value, currency, owner_id,"
    " custodian_id, warehouse, state, evidence, pledged_at) SELECT '{}', case_id, kind, '{}', goods, quantity, unit,"
    " value, currency, owner_id, custodian_id, warehouse, 'pledged', '{{}}', '2026-04-01 04:00:00'"
    " FROM collateral WHERE id = 1"
)

FAULTS = (
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
    fault(
        15,
        "the reviewer made the payment",
        "PO-DK-A",
        f"UPDATE user_task SET done_by = {person('bai.xue')} WHERE duty = 'credit_review' AND case_id = {CASE_A}",
    ),
    fault(
        15,
        "one person reviewed twice",
        "PO-DK-A",
        f"UPDATE user_task SET done_by = {person('sun.hao')} WHERE duty = 'credit_review' AND case_id = {CASE_A}",
    ),
    fault(
        15,
        "who entered the case confirmed the payment",
        "PO-DK-A",
        f"UPDATE loan_case SET created_by = {person('fu.lei')} WHERE id = {CASE_A}",
    ),
    fault(
        15,
        "maker and checker are one",
        "PO-DK-A",
        "PRAGMA ignore_check_constraints = ON",
        "UPDATE payment SET checker_id = maker_id WHERE number = 'PO-DK-A'",
        "PRAGMA ignore_check_constraints = OFF",
    ),
    fault(
        15,
        "the checker belongs to the borrower",
        "PO-DK-A",
        "INSERT INTO membership (person_id, organisation_id, role_key) SELECT"
        f" {person('fu.lei')}, borrower_id, 'borrower' FROM loan WHERE id = {A}",
    ),
    fault(
        16,
        "a limit's use is not what cases hold",
        "(SELECT kind || ' #' || id FROM credit_limit WHERE used > 0)",
        "UPDATE credit_limit SET used = used + 1 WHERE used > 0",
    ),
    fault(16, "a drawdown goes over the offer", NUMBER_A, NEW_PAYMENT),
    fault(
        16,
        "a loan is owed and its limit given back",
        NUMBER_A,
        "UPDATE credit_limit SET used = 0",
        f"UPDATE limit_reservation SET released_at = reserved_at WHERE case_id = {CASE_A}",
    ),
    fault(
        17,
        "nobody checked the conditions",
        "PO-DK-A",
        f"UPDATE user_task SET duty = '' WHERE duty = 'conditions_check' AND case_id = {CASE_A}",
    ),
    fault(
        17,
        "a signature is missing",
        "PO-DK-A",
        "UPDATE contract_signature SET signed_at = NULL WHERE id = (SELECT min(id) FROM contract_signature)",
    ),
    fault(
        17,
        "a contract came into force after the payout",
        "PO-DK-A",
        f"UPDATE contract SET in_force_at = '2026-02-01 00:00:00' WHERE case_id = {CASE_A}",
    ),
    fault(
        17, "there was no loan contract", "PO-DK-A", f"UPDATE contract SET kind = 'guarantee' WHERE case_id = {CASE_A}"
    ),
    fault(
        17,
        "collateral was not registered",
        "PO-DK-B",
        "UPDATE collateral SET registration_no = NULL, state = 'secured'",
    ),
    fault(
        18,
        "the contract has another rate",
        "DK-A",
        f"UPDATE contract SET content = replace(content, '\"6.00\"', '\"6.10\"') WHERE case_id = {CASE_A}",
    ),
    fault(18, "the offer has another term", "DK-A", f"UPDATE offer SET term_months = 13 WHERE case_id = {CASE_A}"),
    fault(
        18,
        "the money went to another account",
        "DK-A",
        "UPDATE payment SET account_id = 'account-DK-B' WHERE number = 'PO-DK-A'",
    ),
    fault(19, "a payment was sent twice", "PO-DK-A", NEW_EVENT.format(PAID_A, "sent", "NULL", "NULL", 12000000)),
    fault(
        19,
        "two payments have one reference of the bank",
        "sandbox B-PO-DK-A",
        "UPDATE payment SET bank_reference = 'B-PO-DK-A' WHERE number = 'PO-DK-B'",
    ),
    fault(
        19,
        "a loan stands on a payment that failed",
        "DK-A",
        "UPDATE payment SET state = 'failed' WHERE number = 'PO-DK-A'",
    ),
    fault(19, "clearing is not empty", "DK-A", *booked("x", "bank", "payout_clearing", 1)),
    fault(20, "the bank told another amount", "R2", f"UPDATE payment_event SET amount = 1 WHERE payment_id = {CAME}"),
    fault(20, "one payment was received twice", "R2", NEW_EVENT.format(CAME, "received", "'sandbox'", "'S-9'", 500000)),
    fault(
        20, "a payment came without a serial", "R2", f"UPDATE payment_event SET serial = NULL WHERE payment_id = {CAME}"
    ),
    fault(25, "a day past due is missing", "DK-A", "UPDATE loan SET dpd = 4 WHERE number = 'DK-A'"),
    fault(
        27, "a fen of what is overdue is missing", "DK-A", "UPDATE loan SET overdue = overdue - 1 WHERE number = 'DK-A'"
    ),
    fault(
        29,
        "one receipt backs two",
        "CD-7",
        NEW_COLLATERAL.format("DB-8", "CD-7"),
        NEW_COLLATERAL.format("DB-9", "ｃｄ-7 "),
    ),
    fault(29, "a loan is more than what backs it", "DK-B", "UPDATE collateral SET value = 9999999"),
    fault(29, "collateral backs a loan of another case", "DB-DK-B", f"UPDATE collateral SET case_id = {CASE_A}"),
    fault(
        31,
        "a claim got less than the ledger says",
        "DP-B",
        f"UPDATE disposal_line SET paid = paid - 1 WHERE disposal_id = {SALE} AND position = 0",
    ),
    fault(11, "more went back than was overpaid", "DK-A", *booked("refund", "overpayments", "bank", 1)),
    fault(11, "a refund left by no payment", LAST, *booked("refund", "overpayments", "bank", 1)),
    fault(31, "a surplus left that no payment took", LAST, *booked("surplus_paid", "disposal_surplus", "bank", 1)),
    fault(31, "somebody got what no line gave", LAST, *booked("claims_paid", "disposal_claims", "bank", 1)),
    fault(31, "less came than the price", "DP-B", "UPDATE disposal_money SET amount = amount - 1"),
    fault(31, "a shortfall was invented", "DP-B", "UPDATE disposal SET shortfall = 1"),
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
    fault(
        34,
        "a loan was made by no process",
        NUMBER_A,
        f"UPDATE process_instance SET status = 'active' WHERE id = {PAYOUT}",
    ),
    fault(
        34,
        "a process ended without a loan",
        NUMBER_A,
        NEW_INSTANCE.format(2).replace("'active'", "'completed'"),
        "UPDATE process_instance SET end_element_id ="
        f" (SELECT end_element_id FROM process_instance WHERE id = {PAYOUT}) WHERE status = 'completed'",
    ),
    fault(
        34,
        "two instances of one key are live",
        f"(SELECT process_key || ' ' || business_key FROM process_instance WHERE id = {PAYOUT})",
        NEW_INSTANCE.format(3),
        NEW_INSTANCE.format(4),
    ),
    fault(
        35,
        "an entry of the audit log was changed",
        "(SELECT '#' || organisation_id FROM audit_entry WHERE id = 1)",
        "UPDATE audit_entry SET verb = 'other' WHERE id = 1",
    ),
)
