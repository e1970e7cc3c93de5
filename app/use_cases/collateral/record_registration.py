"""Notes that a case's collateral stands in the central registry."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral
from app.texts import Text
from app.use_cases.collateral.collateral_input import RegistrationInput
from app.use_cases.offers.amounts import checked
from app.use_cases.operation import Call, Operation, OperationRefused


def record_registration(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"registration": {registration_no, registered_on, ends_on}}; error NotAllowed without live collateral.

    Error BadInput where it would begin after today or end before it begins.
    """
    wanted = checked(RegistrationInput(), call.inputs)
    number, begins, ends = (wanted[key] for key in ("registration_no", "registered_on", "ends_on"))
    if begins > call.moment.business_on or ends <= begins:
        raise OperationRefused(
            "BadInput",
            f"登记日 {begins} 不能晚于今天，到期日 {ends} 须在登记日之后。",
            f"A registration of {begins} until {ends}: it begins today or earlier and ends after that.",
        )
    live = collateral.of_case(session, call.case.id, live_only=True)
    if not live:
        raise OperationRefused(
            "NotAllowed", "本申请没有在押的担保物，无从登记。", "This case has no live collateral to register."
        )
    for item in live:
        item.registration_no, item.registered_on, item.registration_ends_on = number, begins, ends
        item.registration_cancelled_on = None
    return {
        "registration": {
            "registration_no": number,
            "registered_on": begins.isoformat(),
            "ends_on": ends.isoformat(),
        }
    }


RECORD_REGISTRATION = Operation(
    "record_registration", Text("登记担保登记编号", "record the registration"), record_registration
)
