"""Takes a file for a task: content checked against its kind, size limited, stored by its hash."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import puremagic

from app.errors import NotFound, ProductError
from app.gateways import clock, files
from app.storage import audit, user_tasks
from app.storage.database import unit_of_work
from app.storage.documents import Document
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.task_access import require_open

MAX_BYTES = 20 * 1024 * 1024
ALLOWED = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
OFFICE = {".xlsx": "xl/", ".docx": "word/"}
MAX_UNPACKED_BYTES = 200 * 1024 * 1024


class BadFile(ProductError):
    """The file cannot be taken: too large, empty, of a kind that is not allowed, or not what its name says."""


@dataclass(frozen=True)
class Uploaded:
    """The stored document."""

    document_id: int
    filename: str
    size: int


def upload_document(actor: Actor, task_id: int, *, kind: str, filename: str, content: bytes) -> Uploaded:
    """Stores a file under a task of the actor; raises NotFound, Conflict or BadFile."""
    require("work_on_tasks", actor)
    name = safe_filename(filename)
    media_type = checked_media_type(name, content)
    moment = clock.moment()
    sha256 = files.put(content)
    with unit_of_work() as session:
        found = user_tasks.for_work(session, task_id, actor.organisation_id, actor.roles)
        if found is None:
            raise NotFound
        task, _, case = found
        require_open(session, task, actor)
        document = Document(
            case_id=case.id,
            task_id=task.id,
            kind=kind[:60],
            filename=name,
            media_type=media_type,
            size=len(content),
            sha256=sha256,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            round=case.round,
            at=moment.now,
        )
        session.add(document)
        session.flush()
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="upload_document",
            target=f"{case.number}/{document.id}",
            detail={"name": name, "sha256": sha256},
            at=clock.real_now(),
        )
        return Uploaded(document.id, name, len(content))


def safe_filename(filename: str) -> str:
    """The name without folders and control characters, at most 120 characters, its ending kept."""
    bare = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in bare if c.isprintable() and c not in '<>:"|?*').strip(". ") or "file"
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:110]}.{ending[:8]}" if dot else clean[:120]


def checked_media_type(name: str, content: bytes) -> str:
    """The media type if the ending is allowed and the content is of that kind; raises BadFile."""
    _, dot, last = name.rpartition(".")
    ending = f"{dot}{last.lower()}"
    if not content:
        raise BadFile(f"文件“{name}”是空的，请重新选择。", f'The file "{name}" is empty; please choose it again.')
    if len(content) > MAX_BYTES:
        shown = f"{len(content) / 1048576:.1f} MB"
        raise BadFile(f"文件“{name}”有 {shown}，最大 20 MB。", f'The file "{name}" has {shown}; the limit is 20 MB.')
    if ending not in ALLOWED:
        raise BadFile(
            f"不能接收“{name}”，可以上传 PDF、JPG、PNG、XLSX、DOCX。",
            f'"{name}" cannot be taken; PDF, JPG, PNG, XLSX and DOCX can.',
        )
    if not _is_what_it_says(ending, content):
        raise BadFile(
            f"“{name}”的内容不是 {ending[1:].upper()} 文件，请检查后重新上传。",
            f'The content of "{name}" is not a {ending[1:].upper()} file; please check it and upload it again.',
        )
    return ALLOWED[ending]


def _is_what_it_says(ending: str, content: bytes) -> bool:
    if ending in OFFICE:
        return _is_office_file(OFFICE[ending], content)
    try:
        seen = {match.extension.lower() for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return False
    same = {".jpg": {".jpg", ".jpeg", ".jfif"}, ".jpeg": {".jpg", ".jpeg", ".jfif"}}.get(ending, {ending})
    return bool(seen & same)


def _is_office_file(folder: str, content: bytes) -> bool:
    """Whether the archive holds such a document, no macros, and no zip bomb; only its list is read."""
    try:
        members = ZipFile(BytesIO(content)).infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    names = {member.filename for member in members}
    return (
        "[Content_Types].xml" in names
        and any(name.startswith(folder) for name in names)
        and not any(name.lower().endswith("vbaproject.bin") for name in names)
        and sum(member.file_size for member in members) <= MAX_UNPACKED_BYTES
    )
