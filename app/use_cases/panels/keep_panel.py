"""Admits firms to a funder's panel until a day, suspends one with a reason and lets it work again."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound, Refused
from app.gateways import clock
from app.storage import audit, organisations, panels
from app.storage.database import unit_of_work
from app.storage.panels import PanelMember
from app.use_cases.administration.organisation_kinds import ON_A_PANEL
from app.use_cases.administration.people_acts import reason_of
from app.use_cases.permissions import Actor, require

VERB = "keep_panel"


def admit_to_panel(actor: Actor, credit_code: str, valid_until: str, reason: str) -> int:
    """Admits the firm with this code, or renews its admission; its organisation's id.

    Raises Forbidden, Refused with what is wrong, or Conflict where it is suspended.
    """
    require(VERB, actor)
    why, today = reason_of(reason), clock.moment().business_on
    until = _until(valid_until, today)
    with unit_of_work() as session:
        firm = organisations.by_credit_code(session, credit_code.strip().upper())
        if firm is None or not firm.active or firm.kind not in ON_A_PANEL:
            raise Refused(
                "平台上没有这家可入库的机构（担保、评估、律所、处置公司、债权受让方），请核对信用代码，或请平台先让它入驻。",
                "No firm of a kind that works for banks (guarantee company, appraiser, law firm, disposal company, "
                "debt buyer) has this credit code here; compare it, or ask the platform to admit the firm first.",
            )
        member = panels.member(session, actor.organisation_id, firm.id)
        if member is not None and member.suspended_at is not None:
            raise Conflict("该机构已暂停，请先恢复。", "The firm is suspended; let it work again first.")
        if member is None:
            member = PanelMember(funder_id=actor.organisation_id, organisation_id=firm.id, since_on=today)
            session.add(member)
        member.valid_until, member.admitted_because = until, why
        member.admitted_by, member.admitted_at = actor.person_id, clock.real_now()
        _note(session, actor, "admit_to_panel", firm.id, reason=why, valid_until=until.isoformat() if until else None)
        return firm.id


def suspend_from_panel(actor: Actor, member_id: int, reason: str) -> None:
    """No new work for the firm from now on; what it has it may finish. Raises Forbidden, NotFound or Refused."""
    require(VERB, actor)
    with unit_of_work() as session:
        member, why = _own(session, actor, member_id), reason_of(reason)
        if member.suspended_at is None:
            member.suspended_at, member.suspended_because = clock.real_now(), why
            _note(session, actor, "suspend_from_panel", member.organisation_id, reason=why)


def resume_on_panel(actor: Actor, member_id: int, reason: str) -> None:
    """The firm may be given work again. Raises Forbidden, NotFound or Refused."""
    require(VERB, actor)
    with unit_of_work() as session:
        member, why = _own(session, actor, member_id), reason_of(reason)
        if member.suspended_at is not None:
            member.suspended_at, member.suspended_because = None, ""
            _note(session, actor, "resume_on_panel", member.organisation_id, reason=why)


def _own(session: Session, actor: Actor, member_id: int) -> PanelMember:
    member = session.get(PanelMember, member_id, with_for_update=True)
    if member is None or member.funder_id != actor.organisation_id:
        raise NotFound
    return member


def _until(typed: str, today: date) -> date | None:
    if not typed.strip():
        return None
    try:
        until = date.fromisoformat(typed.strip())
    except ValueError:
        until = date.min
    if until < today:
        raise Refused("有效期应是今天或以后的日期。", "The last day must be today or later.")
    return until


def _note(session: Session, actor: Actor, verb: str, firm_id: int, **detail: str | None) -> None:
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb=verb,
        target=f"organisation/{firm_id}",
        detail={key: value for key, value in detail.items() if value is not None},
        at=clock.real_now(),
    )
