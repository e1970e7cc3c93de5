"""`flask applications`: entering applications of walk-in customers from a file."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.speaking import ProductGroup, language_option, said
from app.use_cases import dispatch
from app.use_cases.applications.import_applications import Imported, fault_text, import_applications
from app.use_cases.applications.import_applications import said as counts

applications = ProductGroup("applications", help="Applications for financing.")


@applications.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--funder", default="", help="Name or credit code of the funder; by default the product's first one.")
@click.option("--as", "login", default="", help="Login of the customer manager; by default the funder's first one.")
@click.option("--no-dispatch", is_flag=True, help="Leave the automatic steps to the workers.")
@language_option
def import_command(file: Path, funder: str, login: str, no_dispatch: bool, language: str) -> None:
    """Starts an application for each good row of FILE (CSV in UTF-8 or GB18030) and says why others are refused."""
    shown = 0

    def report(done: Imported) -> None:
        nonlocal shown
        for fault in done.faults[shown:]:
            click.echo(said(fault_text(fault), language))
        shown = len(done.faults)

    def progress(done: Imported) -> None:
        report(done)
        click.echo(f"... {done.started + done.there + done.refused}: {counts(done)}", err=True)

    done = import_applications(file.read_bytes(), funder=funder, login=login, progress=progress)
    report(done)
    if not no_dispatch:
        click.echo(f"... {dispatch.run_all_due()} automatic steps", err=True)
    click.echo(counts(done))
