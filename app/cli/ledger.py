"""`flask ledger`: the auditor's check of everything that is booked, and the trial balance."""

from __future__ import annotations

from datetime import datetime

import click

from app.cli.speaking import ProductGroup, language_option, said
from app.texts import Text
from app.use_cases.ledger_check.check_ledger import check_ledger
from app.use_cases.reporting.trial_balance import trial_balance

ledger = ProductGroup("ledger", help="What is booked: its check and its balances.")


@ledger.command("check")
@language_option
def check_command(language: str) -> None:
    """Checks the invariants of money over the whole database; exit code 1 where one does not hold."""
    checked = check_ledger()
    for one in checked:
        name = said(one.name, language)
        if not one.violations:
            click.echo(f"invariant {one.number:02d} ok ({one.rows} rows) {name}")
        for violation in one.violations:
            click.echo(
                f"invariant {one.number:02d} VIOLATED {name}: {violation.where}: {said(violation.text, language)}"
            )
    violations = sum(len(one.violations) for one in checked)
    click.echo(f"{len(checked)} invariants, {violations} violations")
    if violations:
        raise SystemExit(1)


@ledger.command("trial-balance")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Up to this business date; by default everything.")
@click.option("--funder", default="", help="Name of one funder; by default all together.")
@language_option
def trial_balance_command(on: datetime | None, funder: str, language: str) -> None:
    """Prints every account's balance, debits above zero, and the total; exit code 1 where that is not zero."""
    found = trial_balance(on.date() if on else None, funder)
    for row in found.accounts:
        click.echo(f"{row.currency} {row.balance:>20,.2f}  {row.code}  {said(row.name, language)}")
    for currency, total in found.totals.items():
        click.echo(f"{currency} {total:>20,.2f}  {said(Text('合计', 'total'), language)}")
    if any(found.totals.values()):
        raise SystemExit(1)
