"""Finds the borrower's consent to a credit enquiry before anybody is asked about it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import answers
from app.storage.people import Person
from app.texts import Text
from app.use_cases.operation import Call, Operation, OperationRefused

FIELD = "consent_credit"


def check_consent(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"consent": {given_at: ISO moment, form, by: who ticked it or null}} of the newest consent; error ConsentMissing.

    征信业管理条例 art. 28 and PIPL art. 29: no enquiry without a consent of its own.
    """
    given = [row for row in answers.of_case(session, call.case.id) if row.data.get(FIELD) is True]
    if not given:
        raise OperationRefused(
            "ConsentMissing", "企业还没有授权征信查询。", "The firm has not authorised a credit enquiry."
        )
    newest = given[-1]
    person = session.get(Person, newest.person_id) if newest.person_id else None
    by = person.name_zh if person else None
    return {"consent": {"given_at": newest.at.isoformat(), "form": newest.form_key, "by": by}}


CHECK_CONSENT = Operation("check_consent", Text("核对征信授权", "check the consent to a credit enquiry"), check_consent)
