"""Keeps uploaded files, or an older version of one, as a draft that a second person may publish."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound, Refused
from app.gateways import clock
from app.moment import BUSINESS_ZONE
from app.storage import audit, definitions, people, releases
from app.storage.database import reading, unit_of_work
from app.storage.definitions import DefinitionDraft, DefinitionDraftFile, DefinitionVersion
from app.use_cases.definitions.check_upload import CheckedUpload, check_upload
from app.use_cases.definitions.example_files import examples_paths
from app.use_cases.definitions.verdicts import CheckedFile, finding_as_json
from app.use_cases.permissions import Actor, require

MOST_NOTE = 500


@dataclass(frozen=True)
class Upload:
    """The verdicts on the files, and the draft that was made of them; None where they were not kept."""

    checked: CheckedUpload
    draft_id: int | None = None


def check_only(actor: Actor, files: Mapping[str, bytes]) -> Upload:
    """Checks files and keeps nothing."""
    require("edit_definitions", actor)
    return Upload(check_upload(files))


def upload_draft(actor: Actor, files: Mapping[str, bytes], note: str, seen: int | None = None) -> Upload:
    """Checks files (name -> content) and keeps them as one draft unless one is refused or none differs.

    `seen` is the newest version's id when the person's page was made: a later version of one of the files is a
    Conflict that says who published it. Raises Refused where the note is missing.
    """
    require("edit_definitions", actor)
    words = _words(note)
    checked = check_upload(files)
    if checked.refused or checked.changes_nothing:
        return Upload(checked)
    return Upload(checked, _keep(actor, checked.placed, words, seen=seen))


def restore_version(actor: Actor, path: str, number: int, note: str) -> Upload:
    """Makes a draft of an older version of a file; raises NotFound, or Refused where it is in force already.

    With a table come the examples that it had then: those of today may not hold for it.
    """
    require("edit_definitions", actor)
    with reading() as session:
        versions = definitions.versions_of(session, path)
        wanted = next((row for row in versions if row.number == number), None)
        if wanted is None:
            raise NotFound
        words = _words(note)
        if wanted.sha256 == versions[0].sha256:
            raise Refused("这个版本正在使用，不用恢复。", "This version is in force already.")
        rows = [wanted, *_examples_then(session, path, wanted, versions)]
        contents = definitions.contents(session, (row.sha256 for row in rows))
    names = {row.path.rpartition("/")[2]: row for row in rows}
    checked = check_upload({name: contents[row.sha256] for name, row in names.items()})
    if checked.refused or checked.changes_nothing:
        return Upload(checked)
    placed = {names[one.file].path: (content, one) for content, one in checked.placed.values()}
    return Upload(checked, _keep(actor, placed, words, restores=True))


def _examples_then(
    session: Session, path: str, wanted: DefinitionVersion, versions: list[DefinitionVersion]
) -> list[DefinitionVersion]:
    """The versions of a table's examples that were in force when its own version was replaced."""
    until = min((row.id for row in versions if row.number > wanted.number), default=0)
    found = []
    for beside in examples_paths(path):
        then = (row for row in definitions.versions_of(session, beside) if row.id < until)
        found += [row for row in [next(then, None)] if row is not None]
    return found


def _words(note: str) -> str:
    words = " ".join(note.split())[:MOST_NOTE]
    if not words:
        raise Refused("请写一句为什么要改，它会留在历史里。", "Please say why it changes; the history keeps it.")
    return words


def _keep(
    actor: Actor,
    placed: Mapping[str, tuple[bytes, CheckedFile]],
    note: str,
    *,
    seen: int | None = None,
    restores: bool = False,
) -> int:
    now = clock.real_now()
    with unit_of_work() as session:
        newest = definitions.newest(session)
        for path in placed:
            if seen is not None and path in newest and newest[path].id > seen:
                raise overtaken(session, newest[path])
        draft = DefinitionDraft(note=note, uploaded_by=actor.person_id, uploaded_at=now, restores=restores)
        session.add(draft)
        session.flush()
        for path, (content, checked) in sorted(placed.items()):
            sha256 = hashlib.sha256(content).hexdigest()
            session.merge(releases.ContentFile(sha256=sha256, content=content))
            session.flush()
            session.add(
                DefinitionDraftFile(
                    draft_id=draft.id,
                    path=path,
                    sha256=sha256,
                    base_number=newest[path].number if path in newest else 0,
                    findings=[finding_as_json(one) for one in checked.problems],
                )
            )
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="upload_draft",
            target=f"draft/{draft.id}",
            detail={"files": sorted(placed), "note": note, "restores": restores},
            at=now,
        )
        return draft.id


def overtaken(session: Session, version: DefinitionVersion) -> Conflict:
    """The conflict that says who published a newer version of a file, and when."""
    by = people.names(session, {version.published_by} if version.published_by else set()).get(version.published_by or 0)
    when = version.published_at.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")
    zh, en = (by.name_zh, by.name("en")) if by else ("系统升级", "an upgrade of the product")
    name = version.path.rpartition("/")[2]
    return Conflict(
        f"{zh}已在 {when} 发布了 {name} 的第 {version.number} 版。请下载新版，把您的改动放进去再上传。",
        f"{name}: version {version.number} was published by {en} at {when}. Download it, make your changes in it "
        "and upload it again.",
        by=zh,
        at=version.published_at,
    )
