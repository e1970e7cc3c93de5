"""`flask definitions`: publishing diagrams, forms and rules."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.speaking import ProductGroup
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions, read_definitions
from app.use_cases.definitions.publish import publish

RELEASE_SHOWN = 12
definitions = ProductGroup("definitions", help="Diagrams, forms and rules.")


@definitions.command("publish")
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def publish_command(directory: Path | None) -> None:
    """Publishes the files of DIRECTORY (with processes/, forms/ and rules/), or without it those of the product."""
    if directory is None:
        shipment = load_shipped_definitions()
        published = list(shipment.published)
        for key in shipment.kept:
            click.echo(f"{key}  保留已发布的版本 / the published release stays in force")
    else:
        files = read_definitions(directory)
        if not files:
            raise click.ClickException(f"{directory} 里没有流程、表单或规则文件。 / has no definition files.")
        published = publish(files)
    for one in published:
        state = "已发布 / published" if one.changed else "没有变化 / unchanged"
        click.echo(f"{one.process_key}  {one.release_id[:RELEASE_SHOWN]}  {state}")
    if not published:
        click.echo("没有变化 / nothing changed")
