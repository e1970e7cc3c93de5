"""Puts published decision tables in force by date: from the business date on, the first ones for every date."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage import dated_rules, releases
from app.storage.dated_rules import DatedRule

ALWAYS = date(1900, 1, 1)


def date_rules(
    session: Session, files: Mapping[str, bytes], decision_paths: Mapping[str, str], person_id: int | None, at: Moment
) -> None:
    """Adds a row for each decision whose file changed; what a person published is not undone by what is shipped."""
    if not decision_paths:
        return
    before = dated_rules.newest(session)
    for key, path in decision_paths.items():
        sha256, earlier = hashlib.sha256(files[path]).hexdigest(), before.get(key)
        own = earlier is not None and earlier.published_by is not None and person_id is None
        if own or (earlier is not None and earlier.sha256 == sha256):
            continue
        session.merge(releases.ContentFile(sha256=sha256, content=files[path]))
        session.flush()
        session.add(
            DatedRule(
                decision_key=key,
                valid_from=at.business_on if earlier is not None else ALWAYS,
                sha256=sha256,
                published_at=at.now,
                published_by=person_id,
            )
        )
    session.flush()
