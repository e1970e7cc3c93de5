"""Approves or refuses a proposed change of a limit, as another person than who proposed it."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, FourEyes, NotFound, Refused
from app.gateways import clock
from app.storage import limits
from app.storage.database import unit_of_work
from app.storage.limits import CreditLimit, FunderStanding, LimitChange
from app.use_cases.credit_limits.hold_what_is_lent import hold_what_is_lent
from app.use_cases.credit_limits.limit_input import NET_CAPITAL
from app.use_cases.credit_limits.propose_change import THAW, note
from app.use_cases.permissions import Actor, require


def decide_change(actor: Actor, change_id: int, *, approve: bool, remark: str = "") -> LimitChange:
    """The change as decided; what is approved holds at once.

    Raises NotFound, FourEyes for who proposed it, Conflict where somebody decided before, or Refused where less than
    what is used would remain, or a refusal says no reason.
    """
    require("approve_limits", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        mine = (LimitChange.id == change_id, LimitChange.funder_id == actor.organisation_id)
        change = session.scalar(select(LimitChange).where(*mine).with_for_update())
        if change is None:
            raise NotFound
        if change.state != limits.PROPOSED:
            raise Conflict("这项变更已有人处理。", "Somebody has decided this change already.")
        if change.proposed_by == actor.person_id:
            raise FourEyes("不能审批自己提出的变更。", "Nobody approves a change of their own.")
        if not approve and not remark.strip():
            raise Refused("请写明不同意的理由。", "Please say why it is refused.")
        change.state = limits.APPROVED if approve else limits.REFUSED
        change.decided_by, change.decided_at, change.remark = actor.person_id, clock.real_now(), remark.strip()[:500]
        if approve:
            _apply(session, change, moment.business_on)
        session.flush()
        note(session, actor, "approve_limit" if approve else "refuse_limit", change)
        return change


def _apply(session: Session, change: LimitChange, today: object) -> None:
    if change.kind == NET_CAPITAL:
        assert change.total is not None, "a set change has its amount"
        session.add(
            FunderStanding(
                funder_id=change.funder_id,
                valid_from=change.valid_from or today,
                funder_type=change.subject,
                net_capital=change.total,
                recorded_at=clock.real_now(),
            )
        )
        return
    same = (
        CreditLimit.funder_id == change.funder_id,
        CreditLimit.kind == change.kind,
        CreditLimit.subject == change.subject,
    )
    limit = session.scalar(select(CreditLimit).where(*same).with_for_update())
    if change.action == THAW:
        assert limit is not None, "only a limit that is there was frozen"
        limit.frozen_reason = ""
        return
    assert change.total is not None, "a set change has its amount"
    if limit is None:
        limit = CreditLimit(
            funder_id=change.funder_id, kind=change.kind, subject=change.subject, total=change.total, used=Decimal(0)
        )
        session.add(limit)
        session.flush()
        with session.no_autoflush:  # the table refuses more than the limit; words come first
            hold_what_is_lent(session, limit)
    if limit.used > change.total:
        raise Refused(
            f"额度已用 {limit.used:,.2f} 元，不能设为 {change.total:,.2f} 元；可以先冻结。",
            f"{limit.used:,.2f} yuan are in use; the limit cannot be set to {change.total:,.2f}. It can be frozen.",
        )
    limit.total, limit.valid_from, limit.valid_until = change.total, change.valid_from, change.valid_until
