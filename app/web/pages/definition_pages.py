"""The analyst's pages: what is in force, one file with its versions, and two versions beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.definitions.difference import ADDED, CHANGED, REMOVED, Difference
from app.use_cases.definitions.file_kinds import address_of
from app.use_cases.definitions.list_definitions import DefinitionLine, DefinitionList, DraftLine
from app.use_cases.definitions.show_definition import Comparison, DefinitionDetail, Named, VersionLine
from app.use_cases.definitions.verdicts import SEVERITIES, Finding
from app.web import drawing
from app.web.drawing import Drawing, Progress
from app.web.page_models import Chip, Choice, Tag
from app.web.texts import language

KINDS = {
    "processes": Text("流程", "Processes"),
    "forms": Text("表单", "Forms"),
    "rules": Text("规则表", "Rule tables"),
    "examples": Text("用例", "Examples"),
}
KIND = {
    "processes": Text("流程", "process"),
    "forms": Text("表单", "form"),
    "rules": Text("规则表", "rule table"),
    "examples": Text("用例", "examples"),
}
SHIPPED = Text("随产品安装", "came with the product")
STATES = {
    "open": Tag("amber", Text("待第二人发布", "Waits for a second person")),
    "published": Tag("green", Text("已发布", "Published")),
    "withdrawn": Tag("grey", Text("已撤回", "Withdrawn")),
}
CHANGES = {
    ADDED: Tag("green", Text("新增", "Added")),
    REMOVED: Tag("red", Text("删除", "Removed")),
    CHANGED: Tag("amber", Text("修改", "Changed")),
}
ASKED = {
    "form": Text("表单", "Forms"),
    "decision": Text("规则表", "Rule tables"),
    "operation": Text("系统操作", "Operations"),
    "role": Text("办理角色", "Roles"),
    "process": Text("其他流程", "Other processes"),
    "caught": Text("等待的消息", "Messages it waits for"),
    "thrown": Text("发出的消息", "Messages it sends"),
}
TAGS = {
    "error": Tag("red", Text("错误", "Error")),
    "warning": Tag("amber", Text("提醒", "Warning")),
    "note": Tag("grey", Text("说明", "Note")),
}
MARKED = {ADDED: "added", CHANGED: "changed"}


@dataclass(frozen=True)
class DefinitionRow:
    line: DefinitionLine
    url: str
    stem: str
    draft_url: str | None


@dataclass(frozen=True)
class DraftRow:
    line: DraftLine
    url: str
    tag: Tag


@dataclass(frozen=True)
class DefinitionsPage:
    chips: tuple[Chip, ...]
    kind: str
    rows: tuple[DefinitionRow, ...]
    waiting: tuple[DraftRow, ...]
    closed: tuple[DraftRow, ...]
    seen: int


@dataclass(frozen=True)
class VersionRow:
    line: VersionLine
    file_url: str
    compare_url: str | None
    restore_url: str | None


@dataclass(frozen=True)
class NamedGroup:
    """Names of one sort, each with the page of its file where there is one."""

    name: Text
    items: tuple[tuple[Text, str | None], ...]


@dataclass(frozen=True)
class FindingRow:
    tag: Tag
    one: Finding


@dataclass(frozen=True)
class DefinitionPage:
    detail: DefinitionDetail
    kind: Text
    back_url: str
    drawings: tuple[Drawing, ...]
    traffic_url: str | None
    versions: tuple[VersionRow, ...]
    named: tuple[NamedGroup, ...]
    users: tuple[tuple[Text, str], ...]
    draft_url: str | None
    problems: tuple[FindingRow, ...]


@dataclass(frozen=True)
class DifferenceRow:
    tag: Tag
    one: Difference


@dataclass(frozen=True)
class Differences:
    """Rows in the file's order, and how many of each kind."""

    rows: tuple[DifferenceRow, ...]
    counts: tuple[tuple[Tag, int], ...]


@dataclass(frozen=True)
class ComparePage:
    found: Comparison
    url: str
    before: tuple[Choice, ...]
    after: tuple[Choice, ...]
    differences: Differences
    drawings: tuple[Drawing, ...]


def address(path: str) -> str:
    """The page of a file in force."""
    kind, name = address_of(path)
    return url_for("definitions.show", kind=kind, name=name)


def definitions_page(found: DefinitionList, kind: str) -> DefinitionsPage:
    """The list of one kind, with all drafts that wait."""
    counts = Counter(line.kind for line in found.lines)
    chips = tuple(
        Chip(key, name, counts[key], key == kind, url_for("definitions.index", kind=key)) for key, name in KINDS.items()
    )
    rows = tuple(
        DefinitionRow(
            line,
            address(line.path),
            line.path.partition("/")[2],
            url_for("definitions.draft", draft_id=line.draft_id) if line.draft_id else None,
        )
        for line in found.lines
        if line.kind == kind
    )
    return DefinitionsPage(chips, kind, rows, _drafts(found.waiting), _drafts(found.closed), found.seen)


def _drafts(lines: Iterable[DraftLine]) -> tuple[DraftRow, ...]:
    return tuple(DraftRow(line, url_for("definitions.draft", draft_id=line.id), STATES[line.state]) for line in lines)


def definition_page(detail: DefinitionDetail) -> DefinitionPage:
    """One file with its versions."""
    return DefinitionPage(
        detail,
        KIND[detail.kind],
        url_for("definitions.index", kind=detail.kind),
        drawing.draw_all(detail.content, {}, language()) if detail.kind == "processes" else (),
        url_for("processes.show", process_key=address_of(detail.path)[1]) if detail.releases else None,
        tuple(_version(detail, line) for line in detail.versions),
        tuple(_groups(detail.named)),
        tuple((name, address(path)) for path, name in detail.users),
        url_for("definitions.draft", draft_id=detail.draft_id) if detail.draft_id else None,
        finding_rows(detail.problems),
    )


def finding_rows(problems: Iterable[Finding]) -> tuple[FindingRow, ...]:
    """Problems with their tags, the gravest first."""
    ordered = sorted(problems, key=lambda one: SEVERITIES.index(one.severity))
    return tuple(FindingRow(TAGS[one.severity], one) for one in ordered)


def _version(detail: DefinitionDetail, line: VersionLine) -> VersionRow:
    kind, name = address_of(detail.path)
    here: dict[str, Any] = {"kind": kind, "name": name}
    compared = url_for("definitions.compare", **here, before=line.number - 1, after=line.number)
    return VersionRow(
        line,
        url_for("definitions.file", **here, number=line.number),
        compared if line.number > 1 else None,
        None if line.in_force else url_for("definitions.restore", **here, number=line.number),
    )


def _groups(named: Iterable[Named]) -> Iterable[NamedGroup]:
    found = list(named)
    for sort, label in ASKED.items():
        items = tuple((one.name, address(one.path) if one.path else None) for one in found if one.sort == sort)
        if items:
            yield NamedGroup(label, items)


def differences_part(found: tuple[Difference, ...]) -> Differences:
    """The differences with their colours and counts."""
    counts = Counter(one.kind for one in found)
    return Differences(
        tuple(DifferenceRow(CHANGES[one.kind], one) for one in found),
        tuple((tag, counts[kind]) for kind, tag in CHANGES.items() if counts[kind]),
    )


def marked_drawings(kind: str, content: bytes, found: tuple[Difference, ...]) -> tuple[Drawing, ...]:
    """The newer file's drawings with what was added and changed marked; none for forms and tables."""
    if kind != "processes":
        return ()
    states = {
        one.element: Progress(MARKED[one.kind], tip=_tip(one)) for one in found if one.kind in MARKED and one.element
    }
    return drawing.draw_all(content, states, language())


def _tip(one: Difference) -> Text:
    """What is said on hover: added, or the names of what changed."""
    tag = CHANGES[one.kind].label
    if one.kind == ADDED or not one.details:
        return tag
    zh, en = "、".join(part.label.zh for part in one.details), ", ".join(part.label.of("en") for part in one.details)
    return Text(f"{tag.zh}：{zh}", f"{tag.en}: {en}")


def compare_page(found: Comparison) -> ComparePage:
    """Two versions beside each other."""
    kind, name = address_of(found.path)

    def choices(chosen: int) -> tuple[Choice, ...]:
        return tuple(
            Choice(str(number), Text(f"第 {number} 版", f"version {number}"), number == chosen)
            for number in found.numbers
        )

    return ComparePage(
        found,
        url_for("definitions.compare", kind=kind, name=name),
        choices(found.before),
        choices(found.after),
        differences_part(found.differences),
        marked_drawings(kind, found.content, found.differences),
    )
