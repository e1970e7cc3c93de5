"""`flask cases`: decision records, one of them or the hashes of all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from app.cli.speaking import ProductGroup
from app.texts import LANGUAGES
from app.use_cases.records.list_records import list_records, record_of
from app.use_cases.records.record_pdf import record_pdf

cases = ProductGroup("cases", help="Cases and their decision records.")
in_language = click.option(
    "--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], help="Language of the PDF; Chinese by default."
)


@cases.command("record")
@click.argument("number")
@in_language
@click.option("--pdf", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the PDF to this file.")
def record_command(number: str, language: str, target: Path | None) -> None:
    """Prints the record of case NUMBER as canonical JSON, or writes its PDF and prints the two hashes."""
    record = record_of(number)
    if target is None:
        click.echo(record.canonical())
        return
    made = record_pdf(record, language)
    target.write_bytes(made)
    click.echo(f"{number} {record.sha256} {hashlib.sha256(made).hexdigest()}")


@cases.command("records")
@click.option("--digest", is_flag=True, required=True, help="A line a case: number, hash of the record, of its PDF.")
@in_language
def records_command(digest: bool, language: str) -> None:
    """Works out every record anew; the same lines before a dump and after its restore mean the same bytes."""
    assert digest, "click requires the flag"
    whole, count = hashlib.sha256(), 0
    for one in list_records(language):
        line = f"{one.number} {one.record} {one.pdf}"
        whole.update(f"{line}\n".encode())
        count += 1
        click.echo(line)
    click.echo(f"{count} records {whole.hexdigest()}")
