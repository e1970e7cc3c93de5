"""Swaps personal values of a form's answers for references into the encrypted party store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.forms import Form, mask
from app.storage import party_store
from app.use_cases.parties import party_key


def hide_personal_values(
    session: Session, form: Form, data: Mapping[str, Any], case_id: int | None, at: datetime
) -> dict[str, Any]:
    """The data with {"$party": id, "masked": "138****1208"} at every sensitive path; a reference that is there already stays."""

    def hide(path: str, kind: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value  # a reference already
        key = party_key.current()
        return party_store.store(
            session,
            key,
            case_id=case_id,
            kind=path.rsplit(".", 1)[-1][:40],
            value=value,
            at=at,
            masked_as=mask(kind, value),
        )

    return form.swap_sensitive(data, hide)
