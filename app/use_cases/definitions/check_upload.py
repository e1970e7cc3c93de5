"""Checks uploaded files together: each by itself in a child process, then their names against what is in force."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.errors import Refused
from app.gateways import clock
from app.storage.database import reading
from app.texts import Text
from app.use_cases.definitions.check_apart import check_apart
from app.use_cases.definitions.example_files import table_of
from app.use_cases.definitions.file_kinds import ENDINGS, EXAMPLES, FOLDERS, ending_of
from app.use_cases.definitions.in_force import InForce, known_names, load_in_force, named_by_table
from app.use_cases.definitions.run_examples import Examined
from app.use_cases.definitions.try_examples import findings, try_examples
from app.use_cases.definitions.unknown_names import warn_of_unknown
from app.use_cases.definitions.verdicts import ERROR, WARNING, CheckedFile, Finding

MOST_FILES = 30
MOST_BYTES = 20_000_000  # of all files; one alone may have 4 MB
MOST_PATH = 200
_ID = re.compile(r"[^\W\d][\w-]{0,99}")  # it becomes a file's name at an export


@dataclass(frozen=True)
class CheckedUpload:
    """The verdicts, and where each file belongs: path -> (content, warnings); empty where any file is refused."""

    files: tuple[CheckedFile, ...]
    placed: Mapping[str, tuple[bytes, CheckedFile]]

    @property
    def refused(self) -> bool:
        return any(one.refused for one in self.files)

    @property
    def changes_nothing(self) -> bool:
        return not self.refused and not self.placed


def check_upload(files: Mapping[str, bytes]) -> CheckedUpload:
    """Checks files (name -> content); raises Refused where there is none or too much."""
    if not files:
        raise Refused("请选择至少一个文件。", "Please choose a file at least.")
    if len(files) > MOST_FILES:
        raise Refused(f"一次最多上传 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files can be uploaded at once.")
    if sum(len(content) for content in files.values()) > MOST_BYTES:
        raise Refused("一次上传的文件合计最大 20 MB。", "All files of an upload together may have 20 MB.")
    checked = check_apart(files)
    with reading() as session:
        in_force = load_in_force(session)
        return _placed(session, files, checked, in_force)


def _placed(
    session: Session, files: Mapping[str, bytes], checked: list[CheckedFile], in_force: InForce
) -> CheckedUpload:
    known = known_names(session, in_force, [one for one in checked if not one.refused])
    placed: dict[str, tuple[bytes, CheckedFile]] = {}
    told = []
    tables_first = sorted(checked, key=lambda one: one.kind == EXAMPLES)
    for one in (warn_of_unknown(each, known) for each in tables_first):
        if not one.refused:
            path = path_for(one, in_force, placed)
            known_files = {**in_force.described, **{path: kept for path, (_, kept) in placed.items()}}
            one = named_by_table({path: one}, known_files)[path]
            said = _place_fault(one, path, placed, in_force, files[one.file])
            one = one if said is None else one.with_warnings((said,))
            if said is None:
                placed[path] = files[one.file], one
        told.append(one)
    tried = try_examples(session, in_force, {path: content for path, (content, _) in placed.items()}, clock.moment())
    upload = CheckedUpload(tuple(_with_examples(one, placed, tried) for one in told), placed)
    return replace(upload, placed={}) if upload.refused else upload


def _with_examples(
    one: CheckedFile, placed: Mapping[str, tuple[bytes, CheckedFile]], tried: dict[str, Examined]
) -> CheckedFile:
    """A table with what its examples say of it; where it is not uploaded, the examples' file with that."""
    path = next((path for path, (_, kept) in placed.items() if kept is one), "")
    told_at_table = table_of(path) in placed and table_of(path) != path
    examined = None if told_at_table else tried.get(table_of(path))
    return one if examined is None else one.with_warnings(findings(examined))


def path_for(
    checked: CheckedFile, in_force: InForce, placed: Mapping[str, tuple[bytes, CheckedFile]] | None = None
) -> str:
    """Where the file belongs: the path that already defines one of its keys, else one named by its first key.

    Examples belong beside their table, which may be uploaded with them (`placed`).
    """
    if checked.kind == EXAMPLES:
        return _beside(checked, in_force, placed or {})
    for key in checked.keys:
        known = in_force.path_of(checked.kind, key)
        if known is not None:
            return known
    return f"{FOLDERS[checked.kind]}/{checked.keys[0]}{ENDINGS[checked.kind][0]}"


def _beside(checked: CheckedFile, in_force: InForce, placed: Mapping[str, tuple[bytes, CheckedFile]]) -> str:
    key = checked.keys[0]
    uploaded = (path for path, (_, one) in placed.items() if one.kind == "rules" and key in one.keys)
    table = next(uploaded, None) or in_force.path_of("rules", key) or f"{FOLDERS['rules']}/{key}{ENDINGS['rules'][0]}"
    return table.removesuffix(ENDINGS["rules"][0]) + ending_of(checked.file)


def _place_fault(
    one: CheckedFile, path: str, placed: Mapping[str, tuple[bytes, CheckedFile]], in_force: InForce, content: bytes
) -> Finding | None:
    whole = Text(one.file, one.file)
    if path in placed:
        text = Text(
            f"和“{placed[path][1].file}”定义的是同一个内容。", f'It defines the same as "{placed[path][1].file}".'
        )
        return Finding("", whole, None, ERROR, text, Text("请只上传其中一个。", "Upload only one of them."))
    if len(path) > MOST_PATH or not all(_ID.fullmatch(key) for key in one.keys):
        text = Text(
            "文件的编号（id）太长，或含有不能用的字符。",
            "An id of the file is too long or has characters that cannot be used.",
        )
        mend = Text("请只用字母、数字、下划线和连字符。", "Use letters, digits, underscores and hyphens only.")
        return Finding("", whole, None, ERROR, text, mend)
    version = in_force.versions.get(path)
    if version is not None and version.sha256 == hashlib.sha256(content).hexdigest():
        text = Text(
            f"与现行的第 {version.number} 版完全相同，不会成为草稿。",
            f"It is the same as version {version.number} in force and makes no draft.",
        )
        return Finding("", whole, None, WARNING, text)
    return None
