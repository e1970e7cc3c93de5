"""Credit limits, what is held on them, and what was proposed to change; the table itself refuses to go over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    case,
    func,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.cases import CaseParty, LoanCase
from app.storage.column_types import Fen, Id, UtcDateTime
from app.storage.database import Model
from app.storage.organisations import Organisation

# in the order in which they are locked, so that no two units wait for each other
KINDS = ("funder", "product", "core_enterprise", "group", "borrower")
PROPOSED, APPROVED, REFUSED = "proposed", "approved", "refused"
ZERO = Decimal("0.00")
UNBOUNDED = Decimal("9999999999999.99")


class CreditLimit(Model):
    """How much a funder lends: to a borrower or group, through a core enterprise, in a product, or in all.

    `subject` is the organisation's id (of a group: of any one of its members), or the product's key. Outside its
    dates, and while `frozen_reason` says why, nothing more is taken from it; what is held stays.
    """

    __tablename__ = "credit_limit"
    __table_args__ = (
        UniqueConstraint("funder_id", "kind", "subject"),
        CheckConstraint("used >= 0 AND used <= total", name="ck_credit_limit_within"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    total: Mapped[Decimal] = mapped_column(Fen)
    used: Mapped[Decimal] = mapped_column(Fen)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    frozen_reason: Mapped[str] = mapped_column(String(500), default="")

    @property
    def left(self) -> Decimal:
        return self.total - self.used


class LimitReservation(Model):
    """An amount of a case that is held on a limit until it is released; `freed` of it came back by repayment."""

    __tablename__ = "limit_reservation"
    __table_args__ = (
        UniqueConstraint("case_id", "limit_id", "reference"),
        CheckConstraint("freed >= 0 AND freed <= amount", name="ck_limit_reservation_freed"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    limit_id: Mapped[int] = mapped_column(ForeignKey("credit_limit.id"))
    reference: Mapped[str] = mapped_column(String(60))
    amount: Mapped[Decimal] = mapped_column(Fen)
    freed: Mapped[Decimal] = mapped_column(Fen, default=ZERO)
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LimitChange(Model):
    """A change of a limit (or of the net capital) as somebody proposed it, and what another person decided.

    `action`: set, thaw (both need the second person) or freeze (holds at once). `state`: proposed, approved, refused.
    """

    __tablename__ = "limit_change"
    __table_args__ = (
        Index("ix_limit_change_funder", "funder_id", "kind", "subject"),
        CheckConstraint(
            "action = 'freeze' OR decided_by IS NULL OR decided_by <> proposed_by", name="ck_limit_change_four_eyes"
        ),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(10))
    total: Mapped[Decimal | None] = mapped_column(Fen)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10), default=PROPOSED)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remark: Mapped[str] = mapped_column(String(500), default="")


class FunderStanding(Model):
    """What kind of lender a funder is and its net capital (a firm's net assets) from a date on."""

    __tablename__ = "funder_standing"
    __table_args__ = (Index("ix_funder_standing", "funder_id", "valid_from"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    valid_from: Mapped[date] = mapped_column(Date)
    funder_type: Mapped[str] = mapped_column(String(30))
    net_capital: Mapped[Decimal] = mapped_column(Fen)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


def held() -> ColumnElement[Decimal]:
    """What a reservation holds now: its amount without what came back, nothing once it is released."""
    return case((LimitReservation.released_at.is_(None), _not_freed()), else_=0)


def _not_freed() -> ColumnElement[Decimal]:
    return type_coerce(LimitReservation.amount - LimitReservation.freed, Fen)


def lock_funder(session: Session, case_id: int) -> None:
    """Lets one unit after the other reserve and release with the case's funder: what it holds does not move meanwhile.

    Taken after the case's lock and before those of limits, so that units never wait for each other in a ring.
    """
    funder = select(Organisation.id).join(CaseParty, CaseParty.organisation_id == Organisation.id)
    mine = (CaseParty.case_id == case_id, CaseParty.capacity == "funder")
    session.execute(funder.where(*mine).with_for_update(key_share=True, of=Organisation))


def take(session: Session, limit_id: int, amount: Decimal) -> bool:
    """Adds to what is used if the limit still allows it; one statement, so two at once cannot both pass."""
    done = session.execute(
        update(CreditLimit)
        .where(CreditLimit.id == limit_id, CreditLimit.used + amount <= CreditLimit.total)
        .values(used=CreditLimit.used + amount)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def give_back(session: Session, limit_id: int, amount: Decimal) -> None:
    """Takes a released amount off what is used."""
    session.execute(
        update(CreditLimit)
        .where(CreditLimit.id == limit_id)
        .values(used=CreditLimit.used - amount)
        .execution_options(synchronize_session=False)
    )


def reservations(
    session: Session, case_id: int, *, open_only: bool = True, locked: bool = False
) -> list[LimitReservation]:
    """What a case holds, in the order in which limits are locked; `locked` and fresh for this unit."""
    order = case({kind: place for place, kind in enumerate(KINDS)}, value=CreditLimit.kind, else_=len(KINDS))
    query = (
        select(LimitReservation)
        .join(CreditLimit, CreditLimit.id == LimitReservation.limit_id)
        .where(LimitReservation.case_id == case_id)
        .order_by(order, LimitReservation.limit_id, LimitReservation.id)
    )
    if locked:
        query = query.with_for_update(of=LimitReservation).execution_options(populate_existing=True)
    return list(session.scalars(query.where(LimitReservation.released_at.is_(None)) if open_only else query))


def frozen_of(session: Session, case_id: int) -> list[CreditLimit]:
    """The frozen limits among those that the case holds."""
    query = select(CreditLimit).join(LimitReservation, LimitReservation.limit_id == CreditLimit.id)
    mine = (LimitReservation.case_id == case_id, LimitReservation.released_at.is_(None))
    return list(session.scalars(query.where(*mine, CreditLimit.frozen_reason != "").order_by(CreditLimit.id)))


def of_funder(session: Session, funder_id: int) -> list[CreditLimit]:
    """A funder's limits in the order in which they are locked."""
    rows = session.scalars(select(CreditLimit).where(CreditLimit.funder_id == funder_id))
    return sorted(rows, key=lambda row: (KINDS.index(row.kind), row.id))


def exposure(session: Session, funder_id: int, capacity: str | None, ids: Collection[int]) -> Decimal:
    """What the funder's cases hold in which one of the organisations has this capacity; None as capacity is its book.

    A case counts once, by the most that it holds on any limit.
    """
    cases = _most_by_case(funder_id)
    if capacity is not None:
        of_them = select(CaseParty.case_id).where(
            CaseParty.capacity == capacity, CaseParty.organisation_id.in_(list(ids))
        )
        cases = cases.where(LimitReservation.case_id.in_(of_them))
    return _sum(session, cases)


def exposure_of_industry(session: Session, funder_id: int, industry: str) -> Decimal:
    """The same of the cases of firms of an industry (as its applications name it)."""
    of_it = select(LoanCase.id).where(LoanCase.industry == industry)
    return _sum(session, _most_by_case(funder_id).where(LimitReservation.case_id.in_(of_it)))


def _most_by_case(funder_id: int) -> Select[int, Decimal]:
    most = func.max(_not_freed()).label("most")
    return (
        select(LimitReservation.case_id, most)
        .join(CreditLimit, CreditLimit.id == LimitReservation.limit_id)
        .where(CreditLimit.funder_id == funder_id, LimitReservation.released_at.is_(None))
        .group_by(LimitReservation.case_id)
    )


def _sum(session: Session, cases: Select[int, Decimal]) -> Decimal:
    total: Decimal | None = session.scalar(select(func.sum(cases.subquery().c.most)))
    return total or ZERO


def standing(session: Session, funder_id: int, on: date) -> FunderStanding | None:
    """The funder's type and net capital as they hold on a date; of one day the last one entered."""
    query = select(FunderStanding).where(FunderStanding.funder_id == funder_id, FunderStanding.valid_from <= on)
    return session.scalars(query.order_by(FunderStanding.valid_from.desc(), FunderStanding.id.desc())).first()
