"""Opens a compliance hold: by an officer with a reason, or by a screening that found somebody on a list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refused
from app.gateways import clock
from app.moment import Moment
from app.storage import audit, compliance
from app.storage.cases import LoanCase
from app.storage.compliance import ComplianceHold
from app.storage.database import unit_of_work
from app.texts import Text
from app.use_cases.operation import Call, Operation
from app.use_cases.payments.found import funders_case
from app.use_cases.permissions import Actor, require

MOST_LETTERS = 500
BY_ONE, BY_TWO = 1, 2
SANCTIONS = "sanctions"


def open_hold(actor: Actor, case_number: str, reason: str) -> int:
    """The hold's id; raises Forbidden, NotFound, or Refused without a reason."""
    require("manage_holds", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        case = funders_case(session, case_number, actor)
        return open_by_officer(session, case, actor, reason, moment).id


def open_by_officer(session: Session, case: LoanCase, actor: Actor, reason: str, moment: Moment) -> ComplianceHold:
    """The same inside the caller's unit, which has asked for the right; what is sent to the bank waits for the lock."""
    said = reason.strip()[:MOST_LETTERS]
    if not said:
        raise Refused("请写明暂缓的原因。", "Please say why the case is put on hold.")
    _lock(session, case)
    hold = ComplianceHold(
        case_id=case.id,
        source=compliance.OFFICER,
        reason=said,
        reason_en=said,
        findings={},
        persons_needed=BY_ONE,
        opened_at=moment.now,
        opened_by=actor.person_id,
    )
    session.add(hold)
    session.flush()
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb="open_hold",
        target=f"{case.number}/hold/{hold.id}",
        detail={"reason": said},
        at=clock.real_now(),
    )
    return hold


def hold_for_hits(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"compliance_hold": {hold_id, state, persons_needed}} for the drawn input `hits` of a screening; once a call.

    `hits` null says that nobody could be screened, and holds the case too; an empty list gives state cleared and no
    hold. Each hit is {name, list, entry, reason, ...}; somebody on a sanctions list is cleared by two persons. A case
    is not held a second time for hits that it was cleared of, or that it stands on hold for.
    """
    given = call.inputs.get("hits")
    if given is not None and not given:
        return {"compliance_hold": {"hold_id": None, "state": compliance.CLEARED, "persons_needed": BY_ONE}}
    hits = [hit for hit in given or [] if isinstance(hit, dict)]
    hold = compliance.of_reference(session, call.key) or _known(session, call.case.id, hits)
    if hold is None:
        _lock(session, call.case)
        hold = _of_screening(call, hits)
        session.add(hold)
        session.flush()
        audit.record(
            session,
            organisation_id=None,
            person_id=None,
            verb="open_hold",
            target=f"{call.case.number}/hold/{hold.id}",
            detail={"reason": hold.reason},
            at=clock.real_now(),
        )
    return {"compliance_hold": {"hold_id": hold.id, "state": hold.state, "persons_needed": hold.persons_needed}}


def _of_screening(call: Call, hits: list[dict[str, Any]]) -> ComplianceHold:
    if not hits:
        return ComplianceHold(
            case_id=call.case.id,
            reference=call.key,
            source=compliance.SCREENING,
            reason="名单筛查系统没有应答，须人工核查名单。",
            reason_en="The screening did not answer; the lists must be looked up by hand.",
            findings={"hits": []},
            persons_needed=BY_ONE,
            opened_at=call.moment.now,
        )
    names = "、".join(str(hit.get("name") or "") for hit in hits)
    named = ", ".join(str(hit.get("name") or "") for hit in hits)
    return ComplianceHold(
        case_id=call.case.id,
        reference=call.key,
        source=compliance.SCREENING,
        reason=f"名单筛查命中：{names}"[:MOST_LETTERS],
        reason_en=f"The screening found on a list: {named}"[:MOST_LETTERS],
        findings={"hits": hits},
        persons_needed=BY_TWO if any(hit.get("list") == SANCTIONS for hit in hits) else BY_ONE,
        opened_at=call.moment.now,
    )


def _known(session: Session, case_id: int, hits: list[dict[str, Any]]) -> ComplianceHold | None:
    """The newest hold of a screening of this case that is about all of these: the same entries, open or cleared.

    Where nobody could be screened only an open one counts: what was cleared then was not about who is on a list now.
    """
    wanted = {_identity(hit) for hit in hits}
    for hold in reversed(compliance.of_case(session, case_id)):
        known = {_identity(hit) for hit in (hold.findings or {}).get("hits", [])}
        if hold.source != compliance.SCREENING or hold.state == compliance.UPHELD or not wanted <= known:
            continue
        if wanted or (hold.state == compliance.OPEN and not known):
            return hold
    return None


def _identity(hit: dict[str, Any]) -> tuple[str, str]:
    """Who was found where: the list's entry, or the name where the list gave none."""
    return str(hit.get("entry") or hit.get("name")), str(hit.get("list"))


def _lock(session: Session, case: LoanCase) -> None:
    """As a payment that is being sent does, so that one of the two is first."""
    session.execute(select(LoanCase.id).where(LoanCase.id == case.id).with_for_update(key_share=True))


OPEN_COMPLIANCE_HOLD = Operation(
    "open_compliance_hold", Text("合规暂缓", "put the case on a compliance hold"), hold_for_hits
)
