"""The page of a draft, and the answer to an upload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.errors import Problem
from app.texts import Text
from app.use_cases.definitions.file_kinds import address_of
from app.use_cases.definitions.keep_draft import Upload
from app.use_cases.definitions.show_draft import DraftDetail, DraftFile
from app.use_cases.definitions.verdicts import WARNING, CheckedFile
from app.web.drawing import Drawing
from app.web.page_models import Tag
from app.web.pages.definition_pages import (
    KIND,
    STATES,
    Differences,
    FindingRow,
    address,
    differences_part,
    finding_rows,
    marked_drawings,
)

REFUSED = Tag("red", Text("不能使用", "Refused"))
WARNED = Tag("amber", Text("有提醒", "With warnings"))
FINE = Tag("green", Text("检查通过", "Checked, no problem"))


@dataclass(frozen=True)
class CheckedCard:
    """A file of an upload with its verdict."""

    file: CheckedFile
    kind: Text | None
    tag: Tag
    rows: tuple[FindingRow, ...]


@dataclass(frozen=True)
class UploadPage:
    """`only_checked` says that keeping was not asked for; `refused` and `same` why nothing was kept."""

    cards: tuple[CheckedCard, ...]
    refused: int
    same: bool
    only_checked: bool
    error: Text | None
    note: str
    seen: int


@dataclass(frozen=True)
class DraftFileCard:
    file: DraftFile
    kind: Text
    url: str
    file_url: str
    replay_url: str | None
    rows: tuple[FindingRow, ...]
    differences: Differences
    drawings: tuple[Drawing, ...]


@dataclass(frozen=True)
class DraftPage:
    """`refusals` are what publication said, in (where, line, text)."""

    detail: DraftDetail
    tag: Tag
    files: tuple[DraftFileCard, ...]
    publish_url: str
    withdraw_url: str
    refusals: tuple[Problem, ...]
    error: Text | None


def upload_page(
    upload: Upload | None, note: str, seen: int, *, only_checked: bool, error: Text | None = None
) -> UploadPage:
    """What was found in the uploaded files; no upload where it was refused as a whole."""
    files = upload.checked.files if upload else ()
    return UploadPage(
        tuple(_checked(one) for one in files),
        sum(one.refused for one in files),
        bool(upload and upload.checked.changes_nothing),
        only_checked,
        error,
        note,
        seen,
    )


def _checked(one: CheckedFile) -> CheckedCard:
    warned = any(problem.severity == WARNING for problem in one.problems)
    tag = REFUSED if one.refused else WARNED if warned else FINE
    return CheckedCard(one, KIND.get(one.kind), tag, finding_rows(one.problems))


def draft_page(detail: DraftDetail, refusals: Sequence[Problem] = (), error: Text | None = None) -> DraftPage:
    """One draft; every diagram that is new or changes is drawn."""
    return DraftPage(
        detail,
        STATES[detail.state],
        tuple(_file(detail.id, file) for file in detail.files),
        url_for("definitions.publish", draft_id=detail.id),
        url_for("definitions.withdraw", draft_id=detail.id),
        tuple(refusals),
        error,
    )


def _file(draft_id: int, file: DraftFile) -> DraftFileCard:
    kind, name = address_of(file.path)
    own = url_for("definitions.draft_file", draft_id=draft_id, kind=kind, name=name)
    return DraftFileCard(
        file,
        KIND[file.kind],
        address(file.path),
        own,
        url_for("definitions.replay", draft_id=draft_id) if file.path.endswith(".dmn") and file.base else None,
        finding_rows(file.findings),
        differences_part(file.differences),
        marked_drawings(file.kind, file.content, file.differences) if file.differences or not file.base else (),
    )
