"""What a task's form was filled with before anything was typed: an earlier round's answer, or the copied case's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.forms import Form
from app.storage import answers
from app.storage.answers import FormAnswer, FormDraft
from app.storage.cases import LoanCase


def earlier_answer(session: Session, case: LoanCase, form_key: str) -> FormAnswer | None:
    """The newest answer to the form in the case, else in the refused case that this one was copied from."""
    found = answers.latest(session, case.id, form_key)
    if found is None and case.previous_case_id is not None:
        return answers.latest(session, case.previous_case_id, form_key)
    return found


def masked_from(session: Session, case: LoanCase, form: Form, draft: FormDraft | None) -> Mapping[str, Any]:
    """The data that masked texts of a person's page stand for: their draft, else the earlier answer."""
    if draft is not None or not form.sensitive_paths():
        return draft.data if draft else {}
    earlier = earlier_answer(session, case, form.key)
    return earlier.data if earlier else {}
