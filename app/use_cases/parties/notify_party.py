"""Tells the people of a party of the case something, in both languages."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage.cases import parties
from app.storage.notifications import Notification
from app.texts import Text
from app.use_cases.operation import Call, Operation, OperationRefused


def notify_party(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """Writes a notification to the party of capacity `to` with `text_zh` and `text_en`; {} as result."""
    to, text_zh = call.inputs.get("to"), call.inputs.get("text_zh")
    if not isinstance(to, str) or not isinstance(text_zh, str):
        raise OperationRefused("BadNotice", "通知缺少收件方或内容。", "A notice needs a receiver and a text.")
    organisation_id = parties(session, call.case.id).get(to)
    if organisation_id is not None:
        text_en = call.inputs.get("text_en") or text_zh
        session.add(
            Notification(
                organisation_id=organisation_id,
                case_id=call.case.id,
                text_zh=text_zh,
                text_en=str(text_en),
                at=call.moment.now,
            )
        )
    return {}


NOTIFY_PARTY = Operation("notify_party", Text("通知", "notify a party"), notify_party)
