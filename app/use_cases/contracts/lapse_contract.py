"""Ends the contracts of a case that were not signed by everybody in time."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import contracts
from app.texts import Text
from app.use_cases.operation import Call, Operation


def lapse_contract(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"lapsed": numbers}: every open contract of the case; what is in force stays so. Doing it again finds none."""
    ended = []
    for found in contracts.of_case(session, call.case.id):
        contract = contracts.locked(session, found.id)  # waits for somebody who is signing it
        if contract.state == contracts.OPEN:
            contract.state, contract.lapsed_at = contracts.LAPSED, call.moment.now
            ended.append(contract.number)
    return {"lapsed": ended}


LAPSE_CONTRACT = Operation("lapse_contract", Text("合同失效", "end the contracts"), lapse_contract)
