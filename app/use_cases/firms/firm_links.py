"""The links of a firm as a page reads them: from its own side, with the other side and where it is known from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from app.storage import party_links, people
from app.storage.cases import LoanCase
from app.storage.organisations import Organisation
from app.storage.party_links import PartyLink
from app.texts import Text
from app.use_cases.parties.link_kinds import link_kind


@dataclass(frozen=True)
class LinkLine:
    """`words` says what the other side is to the firm; `other_id` where it has an account and a page.

    `is_own` says that the reader's funder entered or learnt it, so that its people may end it.
    """

    id: int
    kind: str
    words: Text
    other: Text
    other_id: int | None
    is_person: bool
    number: str
    share: Decimal | None
    source: str
    case_number: str
    entered_by: Text | None
    reason: str
    since_on: date | None
    ended_on: date | None
    is_own: bool
    inward: bool


def link_lines(session: Session, firm_id: int, scope: int | None) -> tuple[LinkLine, ...]:
    """All links that the scope may know, those in force first."""
    found = party_links.of_organisation(session, firm_id, scope)
    ids = {id_ for link in found for id_ in (link.organisation_id, link.other_id) if id_}
    firms = {id_: session.get_one(Organisation, id_) for id_ in ids}
    who = people.names(session, {link.entered_by for link in found if link.entered_by})
    numbers = {link.case_id: session.get_one(LoanCase, link.case_id).number for link in found if link.case_id}
    return tuple(
        _line(link, firm_id, scope, firms, who.get(link.entered_by or 0), numbers.get(link.case_id or 0, ""))
        for link in found
    )


def _line(
    link: PartyLink,
    firm_id: int,
    scope: int | None,
    firms: dict[int, Organisation],
    who: people.Person | None,
    case_number: str,
) -> LinkLine:
    inward = link.organisation_id == firm_id
    other = link.other_id if inward else link.organisation_id
    kind = link_kind(link.kind)
    return LinkLine(
        id=link.id,
        kind=link.kind,
        words=kind.name if inward else kind.reverse,
        other=firms[other].name if other else Text(link.other_name, link.other_name),
        other_id=other,
        is_person=link.other_is_person and inward,
        number=(link.number_masked or ("" if link.other_is_person else link.other_key or "")) if not other else "",
        share=link.share_percent,
        source=link.source,
        case_number=case_number,
        entered_by=Text(who.name_zh, who.name_en) if who else None,
        reason=link.reason,
        since_on=link.since_on,
        ended_on=link.ended_on,
        is_own=link.funder_id is not None and link.funder_id == scope and link.ended_on is None,
        inward=inward,
    )
