"""`flask ledger` prints a line an invariant and every account, and its exit code says whether all is well."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from app.storage.database import unit_of_work
from app.use_cases.ledger_check.check_ledger import INVARIANTS
from tests.desk import Desk
from tests.use_cases.ledger_check.consistent import write_books


def run(desk: Desk, *arguments: str) -> Any:
    return desk.app.test_cli_runner().invoke(args=["ledger", *arguments, "--language", "en"])


def test_the_check_has_a_line_for_each_invariant_and_a_total(desk: Desk) -> None:
    write_books(desk)
    done = run(desk, "check")
    lines = done.stdout.splitlines()
    assert lines[0] == "invariant 01 ok (2 rows) Principal of the schedule"
    assert [line[10:15] for line in lines[:-1]] == [f"{one.number:02d} ok" for one in INVARIANTS]
    assert (lines[-1], done.exit_code) == (f"{len(INVARIANTS)} invariants, 0 violations", 0)


def test_a_violation_is_told_in_words_and_ends_with_exit_code_1(desk: Desk) -> None:
    write_books(desk)
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(text("UPDATE loan SET dpd = 4 WHERE number = 'DK-A'"))
    done = run(desk, "check")
    assert done.exit_code == 1
    assert (
        "invariant 25 VIOLATED Days past due: DK-A: days past due on 2026-03-20 are not what they come to anew: "
        "stands as 4, should be 5."
    ) in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1] == f"{len(INVARIANTS)} invariants, 1 violations"


def test_the_trial_balance_adds_up_to_zero_on_a_day_and_for_a_funder(desk: Desk) -> None:
    write_books(desk)
    everything, first_day = run(desk, "trial-balance"), run(desk, "trial-balance", "--on", "2026-01-15")
    assert everything.stdout.splitlines()[-1].split() == ["CNY", "0.00", "total"]
    assert "CNY           105,557.91  principal_receivable  Loan principal" in everything.stdout
    assert "CNY           220,000.00  principal_receivable  Loan principal" in first_day.stdout
    bank = desk.organisation("zhijiang")
    assert run(desk, "trial-balance", "--funder", bank.name_zh).stdout == everything.stdout
    nobody = run(desk, "trial-balance", "--funder", "nobody")
    assert nobody.exit_code == 1 and 'There is no organisation "nobody".' in nobody.output
    other = run(desk, "trial-balance", "--funder", desk.organisation("qiantang").name_zh)
    assert other.stdout.split() == ["CNY", "0.00", "total"]
