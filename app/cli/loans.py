"""`flask loan`: loans and their arithmetic."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.speaking import ending_politely
from app.use_cases.loans.verify_cases import CaseResult, verify_cases

# no database is asked, so no upgraded one is needed
loan = AppGroup("loan", help="Loans and their arithmetic.")


@loan.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@ending_politely
def verify_command(files: tuple[Path, ...]) -> None:
    """Computes each worked case of FILES and compares; exit code 1 where one of a claimed kind fails."""
    results = verify_cases(files)
    for result in results:
        click.echo(f"{result.case_id} {result.kind} {_verdict(result)}")
    click.echo(f"{sum(result.passed is True for result in results)} of {len(results)} passed")
    if any(result.passed is False for result in results):
        raise SystemExit(1)


def _verdict(result: CaseResult) -> str:
    if result.passed is None:
        return f"left to the lending issue: {result.detail}"
    return "passed" if result.passed else f"FAILED {result.detail}"
