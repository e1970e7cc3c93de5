"""`flask rules check`: gaps, overlaps, conflicts, unreachable and redundant rules of decision tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from app.cli.definition_files import SEVERITY_WORDS, finding_words, given_files
from app.cli.speaking import ending_politely, language_option, said
from app.texts import Text
from app.use_cases.definitions.check_tables import CheckedTables, check_tables

NOTHING_FOUND = Text("没有发现问题", "nothing found")


@click.command("check")
@given_files
@language_option
@ending_politely
def check_rules(files: tuple[Path, ...], language: str) -> None:
    """Checks the decision tables of FILES: a line of JSON for each on the standard output, words on the standard error.

    Each finding has its kind (gap, overlap, conflict, never, unreachable, redundant, not analysable, not checked), the
    numbers of its rules, and values that show it. Ends with code 1 where a file is refused: it cannot be read, two
    rules of a table with unique hits apply together, or two under ANY contradict each other.
    """
    refused = False
    for file in files:
        checked = check_tables(str(file), file.read_bytes())
        refused = refused or checked.refused
        _tell(checked, language)
        click.echo(json.dumps(checked.as_json(), ensure_ascii=False))
    sys.exit(1 if refused else 0)


def _tell(checked: CheckedTables, language: str) -> None:
    state = Text("不能使用", "refused") if checked.refused else Text("可以使用", "ok")
    click.echo(f"{checked.file}: {said(state, language)}", err=True)
    for problem in checked.problems:
        click.echo(f"  {finding_words(problem, language)}", err=True)
    for table in checked.tables:
        rules = Text(f"{table.rules} 行", f"{table.rules} rules")
        click.echo(f"  {said(table.name, language)}  {table.hit_policy}  {said(rules, language)}", err=True)
        if not table.findings:
            click.echo(f"    {said(NOTHING_FOUND, language)}", err=True)
        for one in table.findings:
            mend = f" {said(one.mend, language)}" if one.mend else ""
            kind = said(SEVERITY_WORDS[one.severity], language)
            click.echo(f"    {kind}  {said(one.text, language)}{mend}", err=True)
