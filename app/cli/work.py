"""`flask work`: what is stuck, as the administrator's page lists it."""

from __future__ import annotations

import click

from app.cli.speaking import ProductGroup, language_option, said
from app.moment import BUSINESS_ZONE
from app.texts import Text
from app.use_cases.stuck.find_stuck import find_stuck
from app.use_cases.stuck.stuck_work import KINDS

work = ProductGroup("work", help="Work that does not go on by itself.")


@work.command("stuck")
@language_option
def stuck_command(language: str) -> None:
    """What is stuck by cause, with since when and why; exit code 1 where anything is."""
    found = find_stuck()
    for one in found:
        when = one.since.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")
        kind = said(KINDS[one.kind].name, language)
        parts = (when, kind, one.case_number, said(one.what, language), said(one.why, language))
        click.echo("  ".join(part for part in parts if part))
    if found:
        raise SystemExit(1)
    click.echo(said(Text("没有卡住的工作", "nothing is stuck"), language))
