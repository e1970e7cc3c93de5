"""`flask sources`: where outside sources are asked, and letting a sandbox misbehave."""

from __future__ import annotations

import click
from flask import current_app

from app.cli.speaking import ProductGroup, language_option, said
from app.use_cases.parties.source_standing import let_sandbox_behave, source_standing

sources = ProductGroup("sources", help="Outside sources of data on firms.")


@sources.command("list")
@language_option
def list_command(language: str) -> None:
    """Every source and where it is asked, or how its sandbox behaves."""
    for one in source_standing(current_app.config["SETTINGS"]):
        click.echo(f"{one.key:20} {said(one.name, language)}  {said(one.state, language)}")


@sources.command("behave")
@click.argument("source")
@click.argument("behaviour")
def behave_command(source: str, behaviour: str) -> None:
    """Lets a sandbox behave so from now on: ok, slow, down, wrong_firm, late ... (docs/operations.md)."""
    let_sandbox_behave(current_app.config["SETTINGS"], source, behaviour)
