"""Keeps the two valuations of a disposal; the lower one counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import disposals
from app.texts import Text
from app.use_cases.disposals.asked_disposal import asked_disposal
from app.use_cases.disposals.disposal_input import ValuationsInput
from app.use_cases.offers.amounts import checked
from app.use_cases.operation import Call, Operation


def record_valuations(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"valuation": {external, internal, lower}} in yuan; errors BadInput, and NotAllowed unless it is open."""
    wanted = checked(ValuationsInput(), call.inputs)
    disposal = asked_disposal(session, call, disposals.OPEN)
    external, internal = wanted["external_value"], wanted["internal_value"]
    disposal.external_value, disposal.internal_value = external, internal
    return {"valuation": {"external": external, "internal": internal, "lower": min(external, internal)}}


RECORD_VALUATIONS = Operation("record_valuations", Text("登记估值", "record the valuations"), record_valuations)
