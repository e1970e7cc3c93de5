"""Enters a link that somebody of a funder knows of, and ends one; only that funder sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import ric, uscc

from app.errors import Conflict, NotFound, Refused
from app.forms import mask
from app.gateways import clock
from app.moment import Moment
from app.storage import audit, organisations, party_links, party_store
from app.storage.database import unit_of_work
from app.storage.organisations import Organisation
from app.storage.party_links import ENTERED, PartyLink
from app.use_cases.administration.people_acts import reason_of
from app.use_cases.firms.firm_scope import found_firm
from app.use_cases.parties import party_key
from app.use_cases.parties.link_kinds import KINDS, LinkKind
from app.use_cases.permissions import Actor, require

VERB = "keep_party_links"
MOST_NAME = 200
# the same fact from the other firm's side, so that it is kept once
MIRRORED = {"subsidiary": "shareholder", "supplier": "buyer"}


@dataclass(frozen=True)
class NewLink:
    """As typed: `other` is what the other side is to the firm; `number` a credit code, or a person's number."""

    kind: str
    name: str
    number: str
    is_person: bool
    share: str
    since: str
    reason: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> NewLink:
        """From a posted form."""
        texts = {key: given.get(key, "").strip() for key in ("kind", "name", "number", "share", "since", "reason")}
        return cls(is_person=given.get("who") == "person", **texts)


def enter_link(actor: Actor, firm_id: int, new: NewLink) -> int:
    """The link's id. Raises Forbidden, NotFound, Refused with what is wrong, or Conflict where it stands already."""
    require(VERB, actor)
    reason = reason_of(new.reason)
    kind = _kind(new)
    moment = clock.moment()
    share, since = _share(kind, new.share), _since(new.since, moment.business_on)
    with unit_of_work() as session:
        firm = found_firm(session, actor, firm_id)
        link = _link(session, firm, kind, new, moment)
        link.funder_id, link.entered_by, link.reason = actor.organisation_id, actor.person_id, reason
        link.share_basis_points, link.since_on = share, since
        _require_new(session, link)
        session.add(link)
        session.flush()
        _note(session, actor, "enter_party_link", firm.id, kind, reason)
        return link.id


def end_link(actor: Actor, firm_id: int, link_id: int, reason: str) -> None:
    """Ends a link that the actor's funder entered or learnt. Raises Forbidden, NotFound or Refused without reason."""
    require(VERB, actor)
    with unit_of_work() as session:
        firm = found_firm(session, actor, firm_id)
        query = select(PartyLink).where(PartyLink.id == link_id, PartyLink.funder_id == actor.organisation_id)
        link = session.scalar(query.where(PartyLink.ended_on.is_(None)).with_for_update())
        if link is None or firm.id not in (link.organisation_id, link.other_id):
            raise NotFound
        why = reason_of(reason)
        party_links.end(session, [link], clock.moment().business_on)
        _note(session, actor, "end_party_link", firm.id, KINDS.get(link.kind), why)


def _kind(new: NewLink) -> LinkKind:
    kind = KINDS.get(new.kind)
    if kind is None or not kind.entered:
        raise Refused("请选择关系。", "Please choose the kind of link.")
    if not (kind.person if new.is_person else kind.firm):
        raise Refused(
            f"“{kind.name.zh}”不能是{'个人' if new.is_person else '企业'}。",
            f'"{kind.name.of("en")}" cannot be a {"person" if new.is_person else "firm"}.',
        )
    return kind


def _share(kind: LinkKind, typed: str) -> int | None:
    """Basis points; raises Refused where a share is needed and missing, or is none."""
    if not typed and (kind.key in party_links.HOLDINGS):
        raise Refused("请填写持股比例。", "Please give the share.")
    if not typed or not kind.has_share:
        return None
    try:
        percent = Decimal(typed.rstrip("%％"))
    except InvalidOperation:
        percent = Decimal(0)
    if not percent.is_finite() or not 0 < percent <= 100 or percent * 100 != int(percent * 100):
        raise Refused(
            "持股比例应大于 0、不超过 100，最多两位小数。",
            "A share is above 0 and at most 100, with two decimal places at most.",
        )
    return int(percent * 100)


def _since(typed: str, today: date) -> date:
    if not typed:
        return today
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        found = date.max
    if found > today:
        raise Refused("起始日期不能晚于今天。", "The link cannot begin after today.")
    return found


def _link(session: Session, firm: Organisation, kind: LinkKind, new: NewLink, moment: Moment) -> PartyLink:
    """The link, or its mirror on the other firm where that has an account."""
    if new.is_person:
        return _to_person(session, firm, kind, new, moment)
    code = new.number.upper()
    if code and not uscc.is_valid(code):
        raise Refused(f"统一社会信用代码“{code[:30]}”不正确。", f'The credit code "{code[:30]}" is not right.')
    other = organisations.by_credit_code(session, code) if code else None
    if other is None and not 0 < len(new.name) <= MOST_NAME:
        raise Refused("请填写对方名称或信用代码。", "Please give the other side's name or credit code.")
    if other is not None and other.id == firm.id:
        raise Refused("企业不能和自己建立关系。", "A firm cannot be linked with itself.")
    values = {"other_name": new.name, "other_key": code or None, "source": ENTERED, "recorded_at": moment.now}
    if other is not None and kind.key in MIRRORED:
        mirrored = values | {"other_name": firm.name_zh, "other_key": firm.unified_social_credit_code}
        return PartyLink(organisation_id=other.id, other_id=firm.id, kind=MIRRORED[kind.key], **mirrored)
    return PartyLink(organisation_id=firm.id, other_id=other.id if other else None, kind=kind.key, **values)


def _to_person(session: Session, firm: Organisation, kind: LinkKind, new: NewLink, moment: Moment) -> PartyLink:
    if not 0 < len(new.name) <= MOST_NAME:
        raise Refused("请填写姓名。", "Please give the person's name.")
    number = new.number.upper()
    if number and not ric.is_valid(number):
        raise Refused(
            "身份证号码不正确，请核对。", "The identity card number is not right; please compare it with the card."
        )
    name = _hidden(session, "name", new.name, moment)
    known = _hidden(session, "id_card", number, moment) if number else {}
    session.flush()
    return PartyLink(
        organisation_id=firm.id,
        kind=kind.key,
        other_is_person=True,
        other_name=name["masked"],
        name_ref=name["$party"],
        number_ref=known.get("$party"),
        number_masked=known.get("masked", ""),
        other_key=party_key.current().search_index(number) if number else None,
        source=ENTERED,
        recorded_at=moment.now,
    )


def _hidden(session: Session, kind: str, value: str, moment: Moment) -> dict[str, str]:
    shown = mask(kind, value)
    return party_store.store(
        session, party_key.current(), case_id=None, kind=kind, value=value, masked_as=shown, at=moment.now
    )


def _require_new(session: Session, link: PartyLink) -> None:
    side = (
        PartyLink.other_id == link.other_id
        if link.other_id
        else PartyLink.other_key == link.other_key
        if link.other_key
        else PartyLink.other_name == link.other_name
    )
    there = select(PartyLink.id).where(
        PartyLink.organisation_id == link.organisation_id,
        PartyLink.kind == link.kind,
        PartyLink.funder_id == link.funder_id,
        PartyLink.ended_on.is_(None),
        side,
    )
    if session.scalar(there.limit(1)) is not None:
        raise Conflict(
            "已有这条关系；有变化时先结束原来的。", "This link is there already; end it first where it changed."
        )


def _note(session: Session, actor: Actor, verb: str, firm_id: int, kind: LinkKind | None, reason: str) -> None:
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb=verb,
        target=f"organisation/{firm_id}",
        detail={"link": {"zh": kind.name.zh, "en": kind.name.of("en")} if kind else None, "reason": reason},
        at=clock.real_now(),
    )
