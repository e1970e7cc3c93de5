"""`flask process`: what runs, and at which steps."""

from __future__ import annotations

import click

from app.cli.speaking import ProductGroup, language_option, said
from app.texts import Text
from app.use_cases.reporting.count_process_steps import count_process_steps

RELEASE_SHOWN = 12
processes = ProductGroup("process", help="Processes and their instances.")


@processes.command("list")
@language_option
def list_command(language: str) -> None:
    """Each process with its release, its running and ended instances, and how many stand at which step."""
    counts = count_process_steps()
    for process in counts.processes:
        numbers = Text(
            f"运行 {process.running}，已结束 {process.ended}", f"{process.running} running, {process.ended} ended"
        )
        release = process.release_id[:RELEASE_SHOWN]
        click.echo(f"{process.process_key}  {said(process.name, language)}  {release}  {said(numbers, language)}")
        for step in process.steps:
            state = Text("已结束", "ended") if step.ended else Text("运行", "running")
            click.echo(f"  {step.instances:>6}  {said(step.name, language)}  ({said(state, language)})")
    cases = sum(number for _name, number in counts.cases)
    click.echo(said(Text(f"申请 {cases} 件", f"{cases} cases"), language))
    for name, number in counts.cases:
        click.echo(f"  {number:>6}  {said(name, language)}")
