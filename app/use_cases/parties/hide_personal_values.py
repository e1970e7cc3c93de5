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
    session: Session, form: Form, data: Mapping[str, Any], case_id: int, at: datetime
) -> dict[str, Any]:
    """The data with {"$party": id, "masked": "138****1208"} at every sensitive path.

    A reference that is there already stays, and a value that the case holds already gets the same reference again:
    two rounds with the same number do not differ.
    """
    if not form.sensitive_paths():
        return dict(data)
    key, known = party_key.current(), party_store.references(session, case_id)

    def hide(path: str, kind: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value  # a reference already
        field = path.rsplit(".", 1)[-1][:40]
        place = (field, key.search_index(value))
        if place not in known:
            known[place] = party_store.store(
                session, key, case_id=case_id, kind=field, value=value, at=at, masked_as=mask(kind, value)
            )
        return known[place]

    return form.swap_sensitive(data, hide)
