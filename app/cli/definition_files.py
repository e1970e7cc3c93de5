"""`flask process check|publish|export`: what an analyst does with files from a terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from app.cli.processes import processes
from app.cli.speaking import language_option, said
from app.errors import DefinitionRefused, Refused
from app.texts import Text
from app.use_cases.administration.find_actor import acting_with
from app.use_cases.definitions.check_files import check_files
from app.use_cases.definitions.export_definitions import definitions_in_force
from app.use_cases.definitions.keep_draft import upload_draft
from app.use_cases.definitions.publish_draft import publish_draft
from app.use_cases.definitions.verdicts import CheckedFile, Finding

RELEASE_SHOWN = 12
SEVERITY_WORDS = {
    "error": Text("错误", "error"),
    "warning": Text("提醒", "warning"),
    "note": Text("说明", "note"),
}
given_files = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@processes.command("check")
@given_files
@language_option
def check_command(files: tuple[Path, ...], language: str) -> None:
    """Checks each of FILES by itself: a line of JSON on the standard output, words on the standard error.

    Ends with code 1 where a file is refused. Warnings tell names that nothing in force knows.
    """
    refused = 0
    for checked in check_files([(str(file), file.read_bytes()) for file in files]):
        refused += checked.refused
        _tell(checked, language)
        click.echo(json.dumps(checked.as_json(), ensure_ascii=False))
    sys.exit(1 if refused else 0)


@processes.command("publish")
@given_files
@click.option("--author", required=True, help="Login of the analyst who made the change.")
@click.option("--by", required=True, help="Login of the second analyst, who publishes it.")
@click.option("--note", required=True, help="Why it changes; the history keeps it.")
@language_option
def publish_command(files: tuple[Path, ...], author: str, by: str, note: str, language: str) -> None:
    """Publishes FILES together as the pages do: a draft of one analyst, put in force by another."""
    uploader, publisher = acting_with("edit_definitions", author), acting_with("publish_definitions", by)
    if uploader.person_id == publisher.person_id:
        raise Refused("起草人和发布人必须是两个人。", "Author and publisher must be two people.")
    upload = upload_draft(uploader, {file.name: file.read_bytes() for file in files}, note)
    for checked in upload.checked.files:
        _tell(checked, language)
    if upload.draft_id is None:
        raise Refused("没有发布任何内容。", "Nothing was published.")
    try:
        done = publish_draft(publisher, upload.draft_id)
    except DefinitionRefused as refused:
        for problem in refused.problems:
            click.echo(f"{problem.where}  {said(problem.text, language)}", err=True)
        raise Refused(
            f"没有发布；草稿 {upload.draft_id} 保留着。", f"Nothing was published; draft {upload.draft_id} is kept."
        ) from refused
    for one in done:
        if one.changed:
            published = Text("已发布", "published")
            click.echo(f"{one.process_key}  {one.release_id[:RELEASE_SHOWN]}  {said(published, language)}")
    click.echo(said(Text(f"草稿 {upload.draft_id} 已发布", f"draft {upload.draft_id} is published"), language))


@processes.command("export")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@language_option
def export_command(directory: Path, language: str) -> None:
    """Writes every diagram, form and table in force into DIRECTORY, as processes/, forms/ and rules/."""
    files = definitions_in_force()
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content)
    click.echo(said(Text(f"已导出 {len(files)} 个文件", f"{len(files)} files were exported"), language))


def _tell(checked: CheckedFile, language: str) -> None:
    state = Text("不能使用", "refused") if checked.refused else Text("可以使用", "ok")
    click.echo(f"{checked.file}: {said(state, language)}", err=True)
    for one in checked.problems:
        click.echo(f"  {finding_words(one, language)}", err=True)


def finding_words(one: Finding, language: str) -> str:
    """One problem of a file as a line for a terminal."""
    kind = SEVERITY_WORDS[one.severity]
    named = said(one.name, language) or one.element
    line = Text(f"文件第 {one.line} 行", f"line {one.line}") if one.line else None
    where = " · ".join(part for part in (named, said(line, language) if line else "") if part)
    mend = f" {said(one.mend, language)}" if one.mend else ""
    return f"{said(kind, language)}  {where}  {said(one.text, language)}{mend}"
