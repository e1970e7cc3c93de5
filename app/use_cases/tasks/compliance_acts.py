"""What compliance officers' tasks do besides going on: a check opens a hold or finds none, a clearance decides one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.errors import Refused
from app.storage.compliance import OPEN, ComplianceHold
from app.use_cases.compliance.clear_hold import Opinion, decide_in
from app.use_cases.compliance.holds import require_no_hold
from app.use_cases.compliance.open_hold import open_by_officer
from app.use_cases.instances.run import Run
from app.use_cases.payments.found import funders_case

CLEAR, HOLD = "clear", "hold"


def decide_hold(run: Run, answers: Mapping[str, Any]) -> dict[str, Any]:
    """{"hold_state"} of the task's variable compliance_hold after this person's opinion; open waits for a second one.

    Raises FourEyes, Refused or Conflict; a hold that was decided elsewhere keeps that decision.
    """
    assert run.task is not None and run.actor is not None
    case = funders_case(run.session, run.case.number, run.actor)
    named = (run.task.variables or {}).get("compliance_hold") or {}
    hold = run.session.get(ComplianceHold, int(named.get("hold_id") or 0), with_for_update=True, populate_existing=True)
    if hold is None or hold.case_id != case.id:
        raise Refused("这件申请没有这项合规暂缓。", "This case has no such compliance hold.")
    if hold.state != OPEN:
        return {"hold_state": hold.state}
    opinion = Opinion(
        str(answers.get("decision") or ""), str(answers.get("reason") or ""), str(answers.get("evidence") or "")
    )
    return {"hold_state": decide_in(run.session, hold, case, run.actor, opinion, run.moment)}


def check_compliance(run: Run, answers: Mapping[str, Any]) -> dict[str, Any]:
    """{"compliance_hold"} opened where the answer is hold; where it is clear, Refused unless no hold is open."""
    assert run.actor is not None
    case = funders_case(run.session, run.case.number, run.actor)
    decision = answers.get("decision")
    if decision == HOLD:
        hold = open_by_officer(run.session, case, run.actor, str(answers.get("remark") or ""), run.moment)
        return {
            "compliance_hold": {"hold_id": hold.id, "state": hold.state, "persons_needed": hold.persons_needed},
            "hold_state": hold.state,
        }
    if decision != CLEAR:
        raise Refused("请选择放行或暂缓。", "Please choose to clear or to hold.")
    require_no_hold(run.session, case.id)
    return {}
