"""The section on the rules: for each evaluation its inputs, the rows that hit, its result, and the table's version."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.decisions import (
    UNTOLD,
    DecisionWords,
    Hit,
    TableTrace,
    answer_in_words,
    because_in_words,
    each_output,
    in_words,
    policy_in_words,
)
from app.storage import definitions
from app.storage.decision_traces import DecisionTrace
from app.storage.definitions import DefinitionVersion
from app.texts import Text
from app.use_cases.cases.contributions import Contribution, contributions
from app.use_cases.definitions.known_tables import KnownFile, known_files
from app.use_cases.records.case_rows import CaseRows
from app.use_cases.records.record import (
    DASH,
    Block,
    Fact,
    Facts,
    Grid,
    Part,
    Section,
    Words,
    day,
    fact,
    fingerprint,
    heads,
    joined,
    moment,
    said,
)

UNKNOWN = Text("未登记的文件", "a file that is not kept")


def rules_of(session: Session, rows: CaseRows) -> Section:
    """Every evaluation in the order in which it happened, also those that a later one replaced."""
    traces = rows.file.traces
    hashes = {row.content_hash for row in traces}
    files, versions = known_files(session, hashes), _first_versions(session, hashes)
    parts = tuple(_rule(row, files.get(row.content_hash), versions.get(row.content_hash)) for row in traces)
    return Section("rules", Text("规则", "Rules"), parts)


def _first_versions(session: Session, hashes: set[str]) -> dict[str, DefinitionVersion]:
    """The first version with each content: it stays the first, whatever is published or restored later."""
    found = definitions.versions_with(session, hashes)
    return {sha256: min(versions, key=lambda one: one.id) for sha256, versions in found.items()}


def _rule(row: DecisionTrace, file: KnownFile | None, version: DefinitionVersion | None) -> Part:
    trace, words = TableTrace.from_plain(row.trace), file.words_of(row.decision_key) if file else UNTOLD
    answer, table = answer_in_words(trace, words), file.table(row.decision_key) if file else None
    inputs = tuple(Fact(label, said(value)) for label, value in in_words(trace, words).inputs)
    points = contributions(trace, table) if table else ()
    blocks: list[Block] = [_origin(row, trace, version)]
    if inputs:
        blocks.append(Facts(inputs, Text("输入", "Inputs")))
    if points:
        blocks.append(_points(points))
    elif trace.hits:
        blocks.append(_hits(trace, words))
    blocks += [Words(Text("提示", "Note"), note) for note in trace.notes]
    asked = str(row.variables["round"]) if row.variables and row.variables.get("round") else ""
    zh, en = (f"第 {asked} 轮，", f"round {asked}, ") if asked else ("", "")
    at = moment(row.at).zh
    return Part(trace.name, Text(f"{zh}{at}，结果：{answer.zh}", f"{en}{at}, result: {answer.of('en')}"), tuple(blocks))


def _origin(row: DecisionTrace, trace: TableTrace, version: DefinitionVersion | None) -> Facts:
    named = (
        Text(f"{version.path} 第 {version.number} 版", f"{version.path}, version {version.number}")
        if version
        else UNKNOWN
    )
    return Facts(
        (
            fact("规则表", "Table", named),
            fact("命中方式", "Hit policy", policy_in_words(trace.hit_policy, trace.aggregation)),
            fact("适用日期", "Evaluated for", day(row.business_on)),
            fact("输入与结果指纹", "Fingerprint of inputs and results", fingerprint([row.trace, row.variables])),
            fact("规则内容哈希", "Hash of the table", row.content_hash),
        )
    )


def _points(points: tuple[Contribution, ...]) -> Grid:
    lines = (
        (
            Text(str(one.number)),
            one.label,
            one.because,
            Text(f"{one.points:+,}"),
            DASH if one.most is None else Text(f"{one.most:,}"),
        )
        for one in points
    )
    titles = heads(("行", "Row"), ("因素", "Factor"), ("依据", "Because"), ("得分", "Points"), ("最高", "Most"))
    return Grid(titles, tuple(lines), (1, 3, 7, 2, 2), (3, 4), Text("各项得分", "What each input gave"))


def _hits(trace: TableTrace, words: DecisionWords) -> Grid:
    lines = tuple(
        (Text(str(hit.number)), because_in_words(trace, hit, words), said(hit.note), _results(trace, hit, words))
        for hit in trace.hits
    )
    titles = heads(("行", "Row"), ("命中的条件", "Conditions that held"), ("说明", "Note"), ("结果", "Result"))
    return Grid(titles, lines, (1, 6, 4, 5), title=Text("命中的行", "Rows that hit"))


def _results(trace: TableTrace, hit: Hit, words: DecisionWords) -> Text:
    labels = dict(trace.columns)
    found = []
    for name, value in each_output(hit.outputs, words):
        label = labels.get(name, Text(name))
        found.append(Text(f"{label.zh}：{value.zh}", f"{label.of('en')}: {value.of('en')}"))
    return joined(found)
