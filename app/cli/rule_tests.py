"""`flask rules test`: runs the test cases of a folder against their decision tables."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from app.cli.speaking import ending_politely, language_option, said
from app.texts import Text
from app.use_cases.definitions.run_tests import Failure, ModelRun, run_tests


@click.command("test")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@language_option
@ending_politely
def test_rules(path: Path, language: str) -> None:
    """Runs the test cases in PATH: XML of the DMN TCK, or <table>.tests.json and .tests.xml beside a table.

    One JSON object on the standard output: total, passed, failures (model, case, node, expected, got, and the reason
    where there is no value). Rates, and the rules that no example covers, on the standard error. A model that is
    refused fails all its nodes, a test file that cannot be read counts as one. Ends with code 1 where anything fails,
    and where there is nothing to run.
    """
    done = list(run_tests(path))
    total, passed = sum(one.total for one in done), sum(one.passed for one in done)
    failures = [_failure(one.model, failure, language) for one in done for failure in one.failures]
    click.echo(json.dumps({"total": total, "passed": passed, "failures": failures}, ensure_ascii=False))
    for line in (*_rates(done), *_coverage(done)):
        click.echo(said(line, language), err=True)
    if not total:
        click.echo(said(Text(f"{path} 里没有用例。", f"There are no test cases in {path}."), language), err=True)
    sys.exit(0 if total and passed == total else 1)


def _failure(model: str, one: Failure, language: str) -> dict[str, Any]:
    told = {"model": model, "case": one.case, "node": one.node, "expected": _json(one.expected), "got": _json(one.got)}
    if one.name.zh != one.case:
        told["name"] = said(one.name, language)
    return told | ({"reason": said(one.reason, language)} if one.reason else {})


def _json(value: Any) -> Any:
    """A plain value for JSON; a number that would lose digits is written as text."""
    if isinstance(value, Decimal):
        near = float(value)
        return near if Decimal(repr(near)) == value else str(value)
    if isinstance(value, list):
        return [_json(item) for item in value]
    return {key: _json(item) for key, item in value.items()} if isinstance(value, dict) else value


def _rates(done: list[ModelRun]) -> list[Text]:
    """How many nodes passed in each group of folders, and how many of those that expect a value other than null."""
    groups: dict[str, list[ModelRun]] = defaultdict(list)
    for one in done:
        groups[one.group].append(one)
    return [_rate(name, runs) for name, runs in groups.items()]


def _rate(name: str, runs: list[ModelRun]) -> Text:
    total, passed = sum(one.total for one in runs), sum(one.passed for one in runs)
    values = [sum(counts) for counts in zip(*(one.with_value for one in runs), strict=True)]
    all_ = f"{passed}/{total} ({_percent(passed, total)})"
    with_value = f"{values[0]}/{values[1]} ({_percent(*values)})"
    return Text(
        f"{name}：全部节点 {all_}，期望有值的节点 {with_value}",
        f"{name}: {all_} of all nodes, {with_value} of those that expect a value",
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "-"


def _coverage(done: list[ModelRun]) -> list[Text]:
    """How many rules the examples beside tables cover, and which they do not."""
    beside = [one for one in done if one.rules]
    if not beside:
        return []
    rules_, open_ = sum(one.rules for one in beside), sum(len(one.uncovered) for one in beside)
    covered = f"{rules_ - open_}/{rules_}"
    lines = [Text(f"用例覆盖的规则：{covered}", f"rules covered by examples: {covered}")]
    for run in beside:
        lines += [
            Text(
                f"  {run.model} “{one.table.zh}”第 {one.number} 行没有用例：{one.note.zh}",
                f'  {run.model} "{one.table.of("en")}" row {one.number} has no example: {one.note.of("en")}',
            )
            for one in run.uncovered
        ]
    return lines
