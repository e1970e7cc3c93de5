"""What the firm said in its application, for operations and pages that need a fact of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.errors import NotFound
from app.storage import answers, releases
from app.storage.cases import LoanCase


def application_form_key(session: Session, case: LoanCase) -> str:
    """The key of the form on which a case's product is applied for; raises NotFound for a product no longer known."""
    product = session.get(releases.Product, case.product_key)
    if product is None:
        raise NotFound
    return product.form_key


def application_data(session: Session, case: LoanCase) -> dict[str, Any]:
    """The newest application of the case as submitted, {} before the first; groups are flattened one level."""
    answer = answers.latest(session, case.id, application_form_key(session, case))
    data: dict[str, Any] = answer.data if answer else {}
    flat = dict(data)
    for value in data.values():
        if isinstance(value, dict) and "$party" not in value:
            flat = value | flat
    return flat
