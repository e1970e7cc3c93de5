"""`flask upgrade`: brings an installation to this version of the product, as `make run` does at its start."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.cli.speaking import ending_politely, said
from app.texts import Text
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions
from app.use_cases.administration.upgrade_database import upgrade_database


@click.command("upgrade")
@with_appcontext
@ending_politely
def upgrade() -> None:
    """Runs missing migrations, adds new roles and publishes the shipped diagrams, forms and rules that changed."""
    upgrade_database()
    shipment = load_shipped_definitions()
    for key in shipment.kept:
        click.echo(said(Text(f"{key}：保留已发布的版本", f"{key}: the published release stays in force")))
    click.echo(said(Text("已是最新版本", "up to date")))
