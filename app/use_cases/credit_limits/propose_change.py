"""Proposes a new limit, another amount or other dates, a thaw, or the net capital; another person decides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound, Refused
from app.gateways import clock
from app.storage import audit, limits
from app.storage.database import unit_of_work
from app.storage.limits import CreditLimit, LimitChange
from app.use_cases.credit_limits.limit_input import LONGEST, SHORTEST, entered
from app.use_cases.permissions import Actor, require

SET, FREEZE, THAW = "set", "freeze", "thaw"


def propose_change(actor: Actor, given: Mapping[str, str]) -> int:
    """The id of the change that now waits; `given` has kind, subject, total, valid_from, valid_until and reason.

    Raises Refused with what does not fit, or Conflict where one of the same limit waits already.
    """
    require("propose_limits", actor)
    with unit_of_work() as session:
        typed = entered(session, given, actor.organisation_id)
        change = _change(session, actor, typed.kind, typed.subject, SET, typed.reason)
        change.total, change.valid_from, change.valid_until = typed.total, typed.valid_from, typed.valid_until
        return _noted(session, actor, change)


def propose_thaw(actor: Actor, limit_id: int, reason: str) -> int:
    """The id of the proposal that a frozen limit may be used again."""
    require("propose_limits", actor)
    with unit_of_work() as session:
        limit = own_limit(session, actor, limit_id)
        if not limit.frozen_reason:
            raise Refused("额度没有冻结。", "The limit is not frozen.")
        return _noted(session, actor, _change(session, actor, limit.kind, limit.subject, THAW, _reason(reason)))


def freeze_limit(actor: Actor, limit_id: int, reason: str) -> None:
    """Freezes a limit at once: stopping new money needs no second person, letting it flow again does."""
    require("propose_limits", actor)
    with unit_of_work() as session:
        limit = own_limit(session, actor, limit_id)
        if limit.frozen_reason:
            raise Conflict("额度已经冻结。", "The limit is frozen already.")
        limit.frozen_reason = _reason(reason)
        change = _change(session, actor, limit.kind, limit.subject, FREEZE, limit.frozen_reason)
        change.state, change.decided_by, change.decided_at = limits.APPROVED, actor.person_id, clock.real_now()
        _noted(session, actor, change)


def own_limit(session: Session, actor: Actor, limit_id: int) -> CreditLimit:
    """The limit of the actor's funder, locked; raises NotFound."""
    mine = (CreditLimit.id == limit_id, CreditLimit.funder_id == actor.organisation_id)
    found = session.scalar(select(CreditLimit).where(*mine).with_for_update())
    if found is None:
        raise NotFound
    return found


def _reason(text: str) -> str:
    reason = text.strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        raise Refused(
            f"请写明理由（{SHORTEST} 至 {LONGEST} 字）。", f"Please give a reason ({SHORTEST} to {LONGEST} characters)."
        )
    return reason


def _change(session: Session, actor: Actor, kind: str, subject: str, action: str, reason: str) -> LimitChange:
    same = (LimitChange.funder_id == actor.organisation_id, LimitChange.kind == kind, LimitChange.subject == subject)
    waiting = session.scalar(select(LimitChange.id).where(*same, LimitChange.state == limits.PROPOSED))
    if waiting is not None and action != FREEZE:
        raise Conflict(
            "这项额度已有一项变更等待审批，请先处理。",
            "A change of this limit waits for approval already; please decide that one first.",
        )
    return LimitChange(
        funder_id=actor.organisation_id,
        kind=kind,
        subject=subject,
        action=action,
        reason=reason,
        state=limits.PROPOSED,
        proposed_by=actor.person_id,
        proposed_at=clock.real_now(),
    )


def _noted(session: Session, actor: Actor, change: LimitChange) -> int:
    session.add(change)
    session.flush()
    note(session, actor, "freeze_limit" if change.action == FREEZE else "propose_limit", change)
    return change.id


def note(session: Session, actor: Actor, verb: str, change: LimitChange) -> None:
    """Puts an act on a change into the audit log; the unit's last statement."""
    detail: dict[str, Any] = {"reason": change.reason}
    if change.total is not None:
        detail["limit"] = change.total
    if change.remark:
        detail["remark"] = change.remark
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb=verb,
        target=f"{change.kind}/{change.subject}",
        detail=detail,
        at=clock.real_now(),
    )
