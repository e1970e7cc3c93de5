"""What a hand in the database does to the books of `consistent`: the words of which planted faults are made."""

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
    " account_masked, purpose, state, reason, channel, bank_reference, maker_id, persons_needed, created_at)"
    f" VALUES ('PO-2', {CASE_A}, 'out', 'drawdown', 1, 'CNY', '', '', '', '', 'prepared', '', '', '',"
    f" {person('bai.xue')}, 2, '2026-03-20 04:00:00')"
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
