"""Swaps personal values of a form's answers for references into the encrypted party store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.forms import Form
from app.storage import party_store
from app.use_cases.parties import party_key


def hide_personal_values(
    session: Session, form: Form, data: Mapping[str, Any], case_id: int | None, at: datetime
) -> dict[str, Any]:
    """The data with {"$party": id, "masked": "138****1208"} at every sensitive path; a reference that is there already stays."""

    def hide(path: str, value: Any) -> Any:
        if not isinstance(value, str) or not value:
            return value
        kind = path.rsplit(".", 1)[-1]
        return party_store.store(session, party_key.current(), case_id=case_id, kind=kind[:40], value=value, at=at)

    return form.replace_sensitive(data, hide)
