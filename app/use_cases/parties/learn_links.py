"""Keeps what a form says of the parties around the borrower as links; the form's property `link` says what is what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms import Form
from app.forms.paths import places
from app.moment import Moment
from app.storage import organisations, party_links, party_store
from app.storage.cases import FIRMS_OWN, CaseParty, LoanCase, parties
from app.storage.party_links import FORM, PartyLink
from app.use_cases.parties.link_kinds import link_kind

PROPERTY = "link"  # "<kind>.<what>": name, code (of a firm), number (of a person), share (%) or contact
SAME_CONTACT = "same_contact"
FOUND_BY = ("number", "contact")  # values of the party store that equal ones are found by


@dataclass
class Stated:
    """One other side as a form's row or group names it; a value in the party store is its reference."""

    kind: str
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, what: str) -> str:
        value = self.values.get(what)
        return value.strip() if isinstance(value, str) else ""

    def reference(self, what: str) -> Mapping[str, str]:
        value = self.values.get(what)
        return value if isinstance(value, Mapping) and "$party" in value else {}

    def references(self) -> set[str]:
        return {reference["$party"] for what in FOUND_BY if (reference := self.reference(what))}


def learn_links(session: Session, case: LoanCase, form: Form, data: Mapping[str, Any], moment: Moment) -> None:
    """Adds and ends links of the case's borrower that the case's funder may know; runs in the caller's unit."""
    stated = list(stated_links(form, data))
    if not stated:
        return
    who = parties(session, case.id)
    session.flush()  # the references' rows
    indexes = party_store.indexes_of(session, {ref for one in stated for ref in one.references()})
    before = _known(session, who["borrower"], who["funder"])
    named = [_named(session, case, who, one, indexes, moment) for one in stated if _is_somebody(one)]
    for link in named:
        if _same_as(link, before) is None:
            session.add(link)
    party_links.end(session, _replaced(form, named, before), moment.business_on)
    for index in sorted({indexes.get(one.reference("contact").get("$party", ""), "") for one in stated} - {""}):
        _same_contacts(session, case, who, index, moment)


def stated_links(form: Form, data: Mapping[str, Any]) -> Iterator[Stated]:
    """Who the answers to a form name around the firm, by the form's properties."""
    found: dict[tuple[str, str], Stated] = {}
    for part in form.fields:
        kind, _, what = part.properties.get(PROPERTY, "").partition(".")
        for path, value in places(data, part.path) if kind and what else ():
            row = path[: path.rindex("]")] if "]" in path else ""
            if value not in (None, ""):
                found.setdefault((kind, row), Stated(kind)).values[what] = value
    return iter(found.values())


def _is_somebody(one: Stated) -> bool:
    return bool(one.text("name") or one.text("code") or one.reference("name"))


def _known(session: Session, organisation_id: int, funder_id: int) -> list[PartyLink]:
    """What the forms of this funder's cases said of the firm so far and is in force."""
    query = select(PartyLink).where(
        PartyLink.organisation_id == organisation_id,
        PartyLink.funder_id == funder_id,
        PartyLink.source == FORM,
        PartyLink.ended_on.is_(None),
    )
    return list(session.scalars(query.order_by(PartyLink.id)))


def _named(
    session: Session,
    case: LoanCase,
    who: Mapping[str, int],
    one: Stated,
    indexes: Mapping[str, str],
    moment: Moment,
) -> PartyLink:
    code = one.text("code").upper()
    other = organisations.by_credit_code(session, code) if code else None
    name, number = one.reference("name"), one.reference("number")
    return PartyLink(
        organisation_id=who["borrower"],
        kind=one.kind,
        other_id=other.id if other else None,
        other_is_person=bool(name or number),
        other_name=name.get("masked") or one.text("name") or code,
        other_key=code or indexes.get(number.get("$party", "")),
        name_ref=name.get("$party"),
        number_ref=number.get("$party"),
        number_masked=number.get("masked", ""),
        share_basis_points=_basis_points(one.values.get("share")),
        source=FORM,
        reason="",
        funder_id=who["funder"],
        case_id=case.id,
        since_on=moment.business_on,
        recorded_at=moment.now,
    )


def _basis_points(share: Any) -> int | None:
    return None if share in (None, "") else int(Decimal(str(share)) * 100)


def _same_as(link: PartyLink, others: list[PartyLink]) -> PartyLink | None:
    """The link of the list that says the same of the same other side."""

    def side(one: PartyLink) -> tuple[Any, ...]:
        return one.kind, one.other_id or one.other_key or one.other_name, one.share_basis_points

    return next((one for one in others if side(one) == side(link)), None)


def _replaced(form: Form, named: list[PartyLink], before: list[PartyLink]) -> list[PartyLink]:
    """Links of kinds of which the form names all there are, that it no longer names."""
    asked = {part.properties.get(PROPERTY, "").partition(".")[0] for part in form.fields}
    whole = {kind for kind in asked if link_kind(kind).one_of}
    return [link for link in before if link.kind in whole and _same_as(link, named) is None]


def _same_contacts(session: Session, case: LoanCase, who: Mapping[str, int], index: str, moment: Moment) -> None:
    """Links the firm with other firms whose cases with this funder give the same number."""
    alike = party_store.cases_with_index(session, index) - {case.id}
    if not alike:
        return
    mine = select(CaseParty.case_id).where(CaseParty.capacity == "funder", CaseParty.organisation_id == who["funder"])
    firms = (
        select(CaseParty.organisation_id)
        .join(LoanCase, LoanCase.id == CaseParty.case_id)
        .where(
            CaseParty.capacity == "borrower",
            CaseParty.organisation_id != who["borrower"],
            LoanCase.id.in_(alike),
            LoanCase.id.in_(mine),
            LoanCase.milestone.not_in(FIRMS_OWN),
        )
    )
    found = set(session.scalars(firms))
    linked = party_links.of_organisation(session, who["borrower"], who["funder"]) if found else []
    there = {id_ for one in linked if one.kind == SAME_CONTACT for id_ in (one.other_id, one.organisation_id)}
    for firm in sorted(found - there):
        session.add(
            PartyLink(
                organisation_id=who["borrower"],
                kind=SAME_CONTACT,
                other_id=firm,
                source=FORM,
                funder_id=who["funder"],
                case_id=case.id,
                since_on=moment.business_on,
                recorded_at=moment.now,
            )
        )
