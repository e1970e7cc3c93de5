"""Faults in who did what: payments, limits, contracts, collateral, disposals, processes, audit (15-20, 29-35)."""

from __future__ import annotations

from tests.use_cases.ledger_check.planting import (
    CAME,
    CASE_A,
    LAST,
    NEW_COLLATERAL,
    NEW_EVENT,
    NEW_INSTANCE,
    NEW_PAYMENT,
    NUMBER_A,
    PAID_A,
    PAYOUT,
    SALE,
    A,
    booked,
    fault,
    person,
)

CONTROL_FAULTS = (
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
    fault(31, "a surplus left that no payment took", LAST, *booked("surplus_paid", "disposal_surplus", "bank", 1)),
    fault(31, "somebody got what no line gave", LAST, *booked("claims_paid", "disposal_claims", "bank", 1)),
    fault(31, "less came than the price", "DP-B", "UPDATE disposal_money SET amount = amount - 1"),
    fault(31, "a shortfall was invented", "DP-B", "UPDATE disposal SET shortfall = 1"),
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
