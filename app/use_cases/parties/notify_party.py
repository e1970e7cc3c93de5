"""Tells the people of a party of the case something, in both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.forms.numbers import written
from app.storage.cases import parties
from app.storage.notifications import Notification
from app.storage.organisations import Role
from app.texts import Text
from app.use_cases.operation import Call, Operation, OperationRefused

# in the diagrams' words an amount is a bare number beside its unit: "600000.00 元", "CNY 600000"
AMOUNT = re.compile(r"(?<=CNY )\d+(?:\.\d+)?(?![\d,])|(?<![\w.,])\d+(?:\.\d+)?(?= (?:元|yuan\b))")


def notify_party(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """Writes a notification to the party of capacity `to` with `text_zh` and `text_en`; {} as result.

    `role` names the one role of that party that is concerned; a role that the party cannot have tells all its people.
    """
    to, text_zh = call.inputs.get("to"), call.inputs.get("text_zh")
    if not isinstance(to, str) or not isinstance(text_zh, str):
        raise OperationRefused("BadNotice", "通知缺少收件方或内容。", "A notice needs a receiver and a text.")
    organisation_id = parties(session, call.case.id).get(to)
    if organisation_id is not None:
        text_en = call.inputs.get("text_en") or text_zh
        session.add(
            Notification(
                organisation_id=organisation_id,
                role_key=_role(session, call.inputs.get("role"), to),
                case_id=call.case.id,
                text_zh=_with_amounts(text_zh),
                text_en=_with_amounts(str(text_en)),
                at=call.moment.now,
            )
        )
    return {}


def _role(session: Session, key: Any, to: str) -> str | None:
    if key is None:
        return None
    role = session.get(Role, key) if isinstance(key, str) else None
    if role is None:
        raise OperationRefused("BadNotice", f"通知的角色“{key}”不存在。", f'No role is called "{key}".')
    return role.key if role.capacity == to else None


def _with_amounts(text: str) -> str:
    """The text with its amounts as people read them: 600,000.00."""
    return AMOUNT.sub(lambda match: written(Decimal(match[0]), "money"), text)


NOTIFY_PARTY = Operation("notify_party", Text("通知", "notify a party"), notify_party)
