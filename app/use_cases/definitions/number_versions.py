"""Numbers the versions of files as they are published, so that people speak of version 3 and not of a hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage import definitions, releases
from app.storage.definitions import DefinitionVersion
from app.use_cases.definitions.example_files import table_of


def number_versions(
    session: Session, files: Mapping[str, bytes], person_id: int | None, draft_id: int | None = None
) -> None:
    """Adds the next version of each file (path -> bytes) whose content is not the one in force.

    As with dated tables, what nobody in person published does not take the place of a table that somebody did, nor
    does it give that table other examples.
    """
    newest, now = definitions.newest(session), clock.real_now()
    for path, content in sorted(files.items()):
        sha256, last = hashlib.sha256(content).hexdigest(), newest.get(path)
        pair = [newest[one] for one in (path, table_of(path)) if one in newest]
        own = person_id is None and path.startswith("rules/") and any(one.published_by is not None for one in pair)
        if own or (last is not None and last.sha256 == sha256):
            continue
        session.merge(releases.ContentFile(sha256=sha256, content=content))
        session.flush()
        session.add(
            DefinitionVersion(
                path=path,
                number=last.number + 1 if last is not None else 1,
                sha256=sha256,
                published_at=now,
                published_by=person_id,
                draft_id=draft_id,
            )
        )
    session.flush()
