"""Publishes a draft by a second person, or withdraws it; running instances keep the release they have."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, DefinitionRefused, FourEyes, NotFound, Refused
from app.gateways import clock
from app.storage import audit, definitions, people, releases
from app.storage.database import reading, unit_of_work
from app.storage.definitions import OPEN, PUBLISHED, WITHDRAWN, DefinitionDraft, DefinitionDraftFile
from app.use_cases.definitions.check_tables import refused_for_tables
from app.use_cases.definitions.keep_draft import overtaken
from app.use_cases.definitions.publish import Published, prepare, put_in_force
from app.use_cases.permissions import Actor, require


def publish_draft(actor: Actor, draft_id: int) -> list[Published]:
    """Puts a draft's files in force with everything that depends on them.

    Raises NotFound, FourEyes where the actor uploaded it, Conflict where it is closed or a newer version of one of its
    files was published since, DefinitionRefused with all problems where a name is missing, an example fails or rules
    of a table contradict each other; then nothing changes.
    """
    require("publish_definitions", actor)
    with reading() as session:
        _, files = _open_draft(session, draft_id, actor)
        before = {path: row.number for path, row in definitions.newest(session).items()}
        contents = definitions.contents(session, (file.sha256 for file in files))
        changed = {file.path: contents[file.sha256] for file in files}
        wanted = definitions.files_in_force(session) | changed
    contradictions = refused_for_tables(changed)
    if contradictions:
        raise DefinitionRefused(contradictions)
    prepared = prepare(wanted)
    moment, now = clock.moment(), clock.real_now()
    with unit_of_work() as session:
        releases.lock_definitions(session)
        draft, files = _open_draft(session, draft_id, actor, locked=True)
        if {path: row.number for path, row in definitions.newest(session).items()} != before:
            raise Conflict("刚刚有别的发布，请再试一次。", "Something else was published just now; please try again.")
        done = put_in_force(session, prepared, actor.person_id, moment, draft_id)
        draft.state, draft.closed_by, draft.closed_at = PUBLISHED, actor.person_id, now
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="publish_draft",
            target=f"draft/{draft_id}",
            detail={"files": [file.path for file in files], "uploaded_by": draft.uploaded_by},
            at=now,
        )
    return done


def withdraw_draft(actor: Actor, draft_id: int, reason: str) -> None:
    """Closes a draft without publishing it; raises NotFound, Conflict where it is closed, Refused without a reason."""
    require("edit_definitions", actor)
    words, now = " ".join(reason.split())[:500], clock.real_now()
    with unit_of_work() as session:
        draft = _locked(session, draft_id)
        if not words:
            raise Refused("请写明为什么撤回。", "Please say why it is withdrawn.")
        draft.state, draft.closed_by, draft.closed_at, draft.reason = WITHDRAWN, actor.person_id, now, words
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="withdraw_draft",
            target=f"draft/{draft_id}",
            detail={"reason": words},
            at=now,
        )


def _open_draft(
    session: Session, draft_id: int, actor: Actor, *, locked: bool = False
) -> tuple[DefinitionDraft, list[DefinitionDraftFile]]:
    draft = _locked(session, draft_id) if locked else _still_open(session, session.get(DefinitionDraft, draft_id))
    if draft.uploaded_by == actor.person_id:
        raise FourEyes(
            "这份草稿是您上传的，要由另一位流程分析师发布。",
            "You uploaded this draft; another process analyst has to publish it.",
        )
    files = definitions.draft_files(session, [draft_id])
    newest = definitions.newest(session)
    for file in files:
        version = newest.get(file.path)
        if version is not None and version.number != file.base_number:
            raise overtaken(session, version)
    return draft, files


def _locked(session: Session, draft_id: int) -> DefinitionDraft:
    query = select(DefinitionDraft).where(DefinitionDraft.id == draft_id).with_for_update()
    return _still_open(session, session.scalar(query))


def _still_open(session: Session, draft: DefinitionDraft | None) -> DefinitionDraft:
    if draft is None:
        raise NotFound
    if draft.state != OPEN:
        by = people.names(session, {draft.closed_by or 0}).get(draft.closed_by or 0)
        zh, en = (by.name_zh, by.name("en")) if by else ("", "")
        done = ("发布", "published") if draft.state == PUBLISHED else ("撤回", "withdrawn")
        raise Conflict(
            f"这份草稿已由{zh}{done[0]}。", f"This draft was {done[1]} already by {en}.", by=zh, at=draft.closed_at
        )
    return draft
