"""Which tables have examples that fail: as findings on uploaded files, and as what publication refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy.orm import Session

from app.decisions import Outcome
from app.errors import Problem
from app.moment import Moment
from app.storage import definitions
from app.texts import Text
from app.use_cases.definitions.example_files import TABLE, examples_of, examples_paths, is_example_file, table_of
from app.use_cases.definitions.in_force import InForce
from app.use_cases.definitions.run_examples import Examined, examine, in_words
from app.use_cases.definitions.verdicts import WARNING, Finding

MOST_ROWS = 12  # named of the rules that no example covers
NO_TABLE = Text("没有这些用例所属的规则表。", "There is no table for these examples.")
AGREE = Text("请改规则或改用例，使两者一致。", "Change the rule or the example, so that they agree.")
ADD = Text(
    "请为这些规则补充用例；没有用例也可以发布。",
    "Add examples for these rules; they can be published without.",
)


def try_examples(
    session: Session, in_force: InForce, changed: Mapping[str, bytes], moment: Moment
) -> dict[str, Examined]:
    """What the examples say of each table that changed files (path -> bytes) touch: by the table's path.

    What is not among the changed files is taken as it is in force; a table without examples is left out.
    """
    tables = {table_of(path) for path in changed if path.endswith(TABLE) or is_example_file(path)}
    wanted = {path for path in in_force.versions if table_of(path) in tables and path not in changed}
    contents = definitions.contents(session, (in_force.versions[path].sha256 for path in wanted))
    files = {path: contents[in_force.versions[path].sha256] for path in wanted} | dict(changed)
    found = {}
    for table in sorted(tables):
        tests = examples_of(table, files)
        if table in files and tests:
            found[table] = examine(files[table], tests, moment)
    return found


def examples_in_force(session: Session, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The examples that hold for tables among `files` (path -> bytes) which come without any: path -> bytes."""
    alone = [path for path in files if path.endswith(TABLE) and not examples_of(path, files)]
    wanted = {one for path in alone for one in examples_paths(path)}
    if not wanted:
        return {}
    hashes = {path: row.sha256 for path, row in definitions.newest(session).items() if path in wanted}
    contents = definitions.contents(session, hashes.values())
    return {path: contents[sha256] for path, sha256 in hashes.items()}


def refused_for_examples(files: Mapping[str, bytes], moment: Moment) -> list[Problem]:
    """What publication refuses: examples that fail or do not fit their table, and examples without a table."""
    problems = [
        Problem(path, None, NO_TABLE) for path in files if is_example_file(path) and table_of(path) not in files
    ]
    for table in (path for path in files if path.endswith(TABLE)):
        tests = examples_of(table, files)
        if tests:
            problems += _refusals(table, examine(files[table], tests, moment))
    return problems


def _refusals(table: str, found: Examined) -> Iterator[Problem]:
    yield from (Problem(table, one.line, one.text) for one in found.problems)
    yield from (Problem(table, one.example.line, failure_in_words(one)) for one in found.failed)


def failure_in_words(one: Outcome) -> Text:
    """A failed example in a sentence, with what was expected and what the table gave."""
    words, name = in_words(one), one.example.name
    return Text(f"用例“{name.zh}”不通过：{words.zh}。", f'The example "{name.of("en")}" fails: {words.of("en")}.')


def findings(found: Examined) -> tuple[Finding, ...]:
    """Warnings of an upload: a draft may be kept with them, and most of them keep it from being published."""
    return tuple(_findings(found))


def _findings(found: Examined) -> Iterator[Finding]:
    refusing = [(one.line, one.text) for one in found.problems]
    refusing += [(one.example.line, failure_in_words(one)) for one in found.failed]
    for line, text in refusing:
        told = Text(f"{text.zh} 改好之前不能发布。", f"{text.of('en')} It cannot be published until this is mended.")
        yield Finding("", Text(""), line, WARNING, told, AGREE)
    if found.uncovered:
        zh, en = _rows(found)
        yield Finding(
            "", Text(""), None, WARNING, Text(f"没有用例的规则：{zh}。", f"Rules without an example: {en}."), ADD
        )


def _rows(found: Examined) -> tuple[str, str]:
    named: Iterable[str] = [str(one.number) for one in found.uncovered[:MOST_ROWS]]
    zh, en = f"第 {'、'.join(named)} 行", f"rows {', '.join(named)}"
    more = len(found.uncovered) - MOST_ROWS
    return (f"{zh}等 {len(found.uncovered)} 行", f"{en} and {more} more") if more > 0 else (zh, en)
