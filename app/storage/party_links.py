"""Links between firms and the firms and people behind and around them, and the group that control makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.cases import FIRMS_OWN, LoanCase
from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model
from app.storage.organisations import Organisation

ACTUAL_CONTROL = "actual_controller"
HOLDINGS = ("shareholder", "beneficial_owner", "subsidiary")  # kinds that control where their share is a majority
MAJORITY = 5000  # basis points
FORM, REGISTER, ENTERED = "form", "register", "entered"


class PartyLink(Model):
    """`kind` says what the other side is to the firm: its shareholder, its guarantor, its subsidiary ...

    The other side is an organisation (`other_id`) or somebody who has no account: `other_name` (of a person the mask,
    `name_ref` the name in the party store). `other_key` knows the same outsider again: a firm's credit code, or the
    keyed hash of a person's number, which itself is in the party store (`number_ref`). `funder_id` is whose knowledge
    it is; None is public. `case_id` is the application that said so.
    """

    __tablename__ = "party_link"
    __table_args__ = (
        Index("ix_party_link_organisation", "organisation_id"),
        Index("ix_party_link_other", "other_id"),
        Index("ix_party_link_key", "other_key"),
        CheckConstraint("share_basis_points > 0 AND share_basis_points <= 10000", name="ck_link_share"),
        CheckConstraint("other_id IS NOT NULL OR other_name <> ''", name="ck_link_other"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(30))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    other_is_person: Mapped[bool] = mapped_column(Boolean, default=False)
    other_name: Mapped[str] = mapped_column(String(200), default="")
    other_key: Mapped[str | None] = mapped_column(String(64))
    name_ref: Mapped[str | None] = mapped_column(ForeignKey("party_value.id"))
    number_ref: Mapped[str | None] = mapped_column(ForeignKey("party_value.id"))
    number_masked: Mapped[str] = mapped_column(String(80), default="")
    share_basis_points: Mapped[int | None] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(12))
    funder_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    since_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def share_percent(self) -> Decimal | None:
        return None if self.share_basis_points is None else Decimal(self.share_basis_points).scaleb(-2)


def known_to(funder_id: int | None) -> ColumnElement[bool]:
    """The condition on PartyLink that it is public or the funder's own; None as funder knows all.

    What a firm wrote into an application that no bank was sent is nobody's but the firm's.
    """
    unsent = LoanCase.milestone.in_(FIRMS_OWN) & (LoanCase.channel == "online")
    sent = ~exists().where(LoanCase.id == PartyLink.case_id, unsent)
    if funder_id is None:
        return sent
    return and_(sent, or_(PartyLink.funder_id.is_(None), PartyLink.funder_id == funder_id))


def of_organisation(session: Session, organisation_id: int, funder_id: int | None) -> list[PartyLink]:
    """Links from and to the firm that the funder may know, those in force first, each kind by share."""
    touches = or_(PartyLink.organisation_id == organisation_id, PartyLink.other_id == organisation_id)
    order = (PartyLink.ended_on.is_not(None), PartyLink.kind, PartyLink.share_basis_points.desc(), PartyLink.id)
    return list(session.scalars(select(PartyLink).where(touches, known_to(funder_id)).order_by(*order)))


def is_control() -> ColumnElement[bool]:
    """The condition that a link in force is control: more than half of the shares, or actual control."""
    majority = and_(PartyLink.kind.in_(HOLDINGS), PartyLink.share_basis_points > MAJORITY)
    return and_(PartyLink.ended_on.is_(None), or_(PartyLink.kind == ACTUAL_CONTROL, majority))


def controlling(session: Session, organisation_id: int, funder_id: int | None) -> frozenset[int]:
    """Ids of the firm's links that are control."""
    touches = or_(PartyLink.organisation_id == organisation_id, PartyLink.other_id == organisation_id)
    return frozenset(session.scalars(select(PartyLink.id).where(touches, is_control(), known_to(funder_id))))


def group_of(session: Session, organisation_id: int, *, funder_id: int | None = None) -> set[int]:
    """Ids of the organisations linked by control, transitively and in both directions, itself among them.

    Two firms that the same outsider controls (a person by number, a firm by credit code) belong together; a name alone
    joins nobody. `funder_id` takes only links that this funder may know: another bank's knowledge must not show in
    what it decides. Rings of control end, as each is visited once.
    """
    found: set[int] = set()
    met: set[str] = set()
    ids, keys = {organisation_id}, set[str]()
    while ids or keys:
        found |= ids
        keys |= _codes(session, ids) - met
        met |= keys
        ids, keys = _next(session, ids, keys, funder_id)
        ids, keys = ids - found, keys - met
    return found


def _codes(session: Session, ids: Iterable[int]) -> set[str]:
    query = select(Organisation.unified_social_credit_code).where(Organisation.id.in_(list(ids)))
    return {code for code in session.scalars(query) if code}


def _next(session: Session, ids: set[int], keys: set[str], funder_id: int | None) -> tuple[set[int], set[str]]:
    """Who is one step of control away: organisations, and keys of outsiders."""
    at = or_(
        PartyLink.organisation_id.in_(list(ids)), PartyLink.other_id.in_(list(ids)), PartyLink.other_key.in_(list(keys))
    )
    columns = (PartyLink.organisation_id, PartyLink.other_id, PartyLink.other_key)
    rows = session.execute(select(*columns).where(at, is_control(), known_to(funder_id))).all()
    outsiders = {key for _, other, key in rows if key and other is None}
    named = select(Organisation.id).where(Organisation.unified_social_credit_code.in_(list(outsiders)))
    firms = {row[0] for row in rows} | {row[1] for row in rows if row[1] is not None}
    return firms | set(session.scalars(named)), outsiders


def end(session: Session, links: Iterable[PartyLink], on: date) -> None:
    """Says of links that they are over since that day."""
    for link in links:
        link.ended_on = on
    session.flush()
