"""`flask rules replay`: a changed table tried on the evaluations that are stored."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from app.cli.rules import rules
from app.cli.speaking import language_option, said
from app.errors import DefinitionRefused, Refused
from app.moment import BUSINESS_ZONE
from app.texts import Text
from app.use_cases import clock
from app.use_cases.definitions.replay_decision import Replayed, ReplayedCase, replay_file

MOST_SAID = 50
DAY = click.DateTime(formats=["%Y-%m-%d"])


@rules.command("replay")
@click.argument("decision")
@click.option(
    "--with", "file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The new table."
)
@click.option("--since", required=True, type=DAY, help="First business date, as 2026-01-31.")
@click.option("--until", type=DAY, help="Last business date; by default today's.")
@click.option("--json", "only_json", is_flag=True, help="Only the JSON object, no words beside it.")
@language_option
def replay_command(
    decision: str, file: Path, since: datetime, until: datetime | None, only_json: bool, language: str
) -> None:
    """How many outcomes of DECISION would have been others with the table in a file; nothing is written.

    One JSON object on the standard output, words on the standard error. Each stored evaluation is also tried with the
    table of its day, so that a difference is the change's and nothing else's.
    """
    last = until.date() if until else clock.moment().business_on
    try:
        found = replay_file(file.read_bytes(), decision, since.date(), last)
    except DefinitionRefused as refused:
        for problem in refused.problems:
            click.echo(f"{problem.where}  {said(problem.text, language)}", err=True)
        raise Refused(f"{file.name} 不能使用。", f"{file.name} is refused.") from refused
    if not only_json:
        _tell(found, language)
    click.echo(json.dumps(_as_json(found, str(file)), ensure_ascii=False, default=str))


def _tell(found: Replayed, language: str) -> None:
    head = Text(
        f"{found.name.zh}（{found.decision}），{found.since} 至 {found.until}：已存 {found.stored} 次计算，"
        f"可比较 {found.replayed} 次，结果不同 {found.changed} 次，相同 {found.unchanged} 次"
        f"（其中 {found.by_other_rules} 次由别的行得出）。",
        f"{found.name.of('en')} ({found.decision}), {found.since} to {found.until}: {found.stored} stored evaluations, "
        f"{found.replayed} compared, {found.changed} with another outcome, {found.unchanged} with the same "
        f"({found.by_other_rules} of these by other rows).",
    )
    click.echo(said(head, language), err=True)
    for reason, number in found.not_replayable:
        click.echo(
            said(Text(f"不能重算 {number} 次：{reason.zh}", f"not replayable: {number}, {reason.of('en')}"), language),
            err=True,
        )
    if found.not_reproduced_count:
        odd = Text(
            f"{found.not_reproduced_count} 次用当时的表也得不到已存的结果，没有计入",
            f"stored outcome not reproduced by the table of that day: {found.not_reproduced_count}, not counted",
        )
        click.echo(said(odd, language), err=True)
    for before, after, number in found.groups:
        click.echo(f"  {number:>6}  {said(before, language)}  →  {said(after, language)}", err=True)
    for case in found.cases[:MOST_SAID]:
        click.echo(_line(case, language), err=True)
    more = len(found.cases) - MOST_SAID
    if more > 0:
        click.echo(said(Text(f"  另有 {more} 件，见 JSON", f"  {more} more in the JSON"), language), err=True)


def _line(case: ReplayedCase, language: str) -> str:
    version = (
        Text(f"第 {case.version} 版", f"version {case.version}") if case.version else Text("版本不明", "version ?")
    )
    rows = Text(
        f"第 {_numbers(case.rules_then)} 行，现第 {_numbers(case.rules_now)} 行",
        f"row {_numbers(case.rules_then)}, now row {_numbers(case.rules_now)}",
    )
    parts = [
        case.case_number or "—",
        said(Text(f"第 {case.round} 轮", f"round {case.round}"), language) if case.round else "",
        str(_day(case)),
        f"{said(case.before, language)} → {said(case.after, language)}",
        f"({said(rows, language)}; {said(version, language)})",
    ]
    return "  " + "  ".join(part for part in parts if part)


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "—"


def _day(case: ReplayedCase) -> date:
    return case.at.astimezone(BUSINESS_ZONE).date()


def _as_json(found: Replayed, file: str) -> dict[str, Any]:
    return {
        "decision": found.decision,
        "file": file,
        "since": found.since,
        "until": found.until,
        "evaluations": found.stored,
        "replayed": found.replayed,
        "changed": found.changed,
        "unchanged": found.unchanged,
        "by_other_rules": found.by_other_rules,
        "not_replayable": [{"reason": _both(reason), "count": number} for reason, number in found.not_replayable],
        "not_reproduced": found.not_reproduced_count,
        "unverified": found.unverified,
        "groups": [
            {"before": _both(before), "after": _both(after), "count": number} for before, after, number in found.groups
        ],
        "rules": [
            {"row": rule.number, "words": _both(rule.words), "then": rule.then, "now": rule.now} for rule in found.rules
        ],
        "cases": [_case(case) for case in found.cases],
        "cases_not_reproduced": [_case(case) for case in found.not_reproduced],
    }


def _case(case: ReplayedCase) -> dict[str, Any]:
    return {
        "case": case.case_number,
        "round": case.round,
        "date": _day(case),
        "before": case.before_value,
        "after": case.after_value,
        "before_words": _both(case.before),
        "after_words": _both(case.after),
        "rules_then": case.rules_then,
        "rules_now": case.rules_now,
        "version_then": case.version,
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.of("zh"), "en": text.of("en")}
