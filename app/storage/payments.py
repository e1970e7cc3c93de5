"""Payments out and in, what happened to each (append-only), and what does not fit and needs a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Fen, Id, PlainJson, UtcDateTime
from app.storage.database import Model, upsert

OUT, IN = "out", "in"
FINAL = ("succeeded", "failed")
# states in which money left, or may leave; the others never cost anything
COMMITTED = ("prepared", "authorised", "sent", "unknown", "succeeded")


class Payment(Model):
    """An instruction to the bank (`direction` out) or a receipt from it (in).

    `state` of what goes out: prepared, authorised, sent, unknown, succeeded, failed, withdrawn; of what comes in:
    unapplied until the ledger allocates it. `counterparty` is the payee or the payer. Where `persons_needed`
    is 3 a third person (`approver_id`) has to approve it besides maker and checker.
    """

    __tablename__ = "payment"
    __table_args__ = (
        Index("ix_payment_case", "case_id", "direction"),
        Index("ix_payment_state", "state", "direction"),
        CheckConstraint("amount > 0", name="ck_payment_amount"),
        CheckConstraint(
            "(direction = 'in' AND state = 'unapplied') OR (direction = 'out' AND maker_id IS NOT NULL"
            " AND (state IN ('prepared', 'withdrawn') OR (state IN"
            " ('authorised', 'sent', 'unknown', 'succeeded', 'failed')"
            " AND checker_id IS NOT NULL AND checker_id <> maker_id)))",
            name="ck_payment_two_persons",
        ),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    direction: Mapped[str] = mapped_column(String(3))
    kind: Mapped[str] = mapped_column(String(30))
    amount: Mapped[Decimal] = mapped_column(Fen)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    counterparty_name: Mapped[str] = mapped_column(String(200), default="")
    counterparty_bank: Mapped[str] = mapped_column(String(200), default="")
    account_id: Mapped[str | None] = mapped_column(ForeignKey("party_value.id"))
    account_masked: Mapped[str] = mapped_column(String(80), default="")
    purpose: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[str] = mapped_column(String(40), default="")
    bank_reference: Mapped[str] = mapped_column(String(80), default="")
    value_on: Mapped[date | None] = mapped_column(Date)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    persons_needed: Mapped[int] = mapped_column(Integer, default=2)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PaymentEvent(Model):
    """One thing that happened to a payment; the database itself refuses to change or delete a row.

    `kind`: prepared, approved, authorised, withdrawn, sent, not_taken, answered, queried, called_back, received. The
    `serial` of a channel stands once. `body_hash` is the SHA-256 (hex) of the raw message.
    """

    __tablename__ = "payment_event"
    __table_args__ = (UniqueConstraint("channel", "serial"), Index("ix_payment_event_payment", "payment_id", "id"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str | None] = mapped_column(String(40))
    serial: Mapped[str | None] = mapped_column(String(80))
    amount: Mapped[Decimal | None] = mapped_column(Fen)
    body_hash: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    detail: Mapped[Any] = mapped_column(PlainJson)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PaymentAlarm(Model):
    """A message of the bank that does not fit what is known: it changed nothing, and a person has to look.

    `kind`: other_amount, unknown_payment, contradiction, not_sent, unreadable, bad_signature. The same finding again
    counts in `times`, so that a flood fills no table.
    """

    __tablename__ = "payment_alarm"
    __table_args__ = (Index("ix_payment_alarm_open", "settled_at", "first_at"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    channel: Mapped[str] = mapped_column(String(40))
    text_zh: Mapped[str] = mapped_column(String(500))
    text_en: Mapped[str] = mapped_column(String(500))
    times: Mapped[int] = mapped_column(Integer, default=1)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


def by_number(session: Session, number: str, *, locked: bool = False) -> Payment | None:
    """The payment with this number as the database has it now, locked for this unit where asked."""
    query = select(Payment).where(Payment.number == number).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locked else query)


def of_case(session: Session, case_id: int, direction: str | None = None) -> list[Payment]:
    """The payments of a case, oldest first."""
    query = select(Payment).where(Payment.case_id == case_id).order_by(Payment.id)
    return list(session.scalars(query if direction is None else query.where(Payment.direction == direction)))


def move(session: Session, payment: Payment, before: Iterable[str], state: str, **values: object) -> bool:
    """Writes a new state where the payment is in one of the states `before`; False where it no longer is.

    One statement, so that of two units only one passes. The object has the database's values afterwards.
    """
    written = session.execute(
        update(Payment)
        .where(Payment.id == payment.id, Payment.state.in_(list(before)))
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(payment)
    return bool(written.rowcount == 1)  # type: ignore[attr-defined]


def committed_total(session: Session, case_id: int, kind: str) -> Decimal:
    """Yuan of a case's payments of a kind that left or may leave."""
    query = select(func.sum(Payment.amount)).where(
        Payment.case_id == case_id, Payment.kind == kind, Payment.state.in_(COMMITTED)
    )
    return session.scalar(query) or Decimal("0.00")


def add_event(session: Session, payment: Payment, kind: str, at: datetime, **values: Any) -> bool:
    """Notes what happened; False where the channel's serial stands already. Of two at once one waits for the other."""
    row = {"payment_id": payment.id, "kind": kind, "at": at, "detail": {}} | values
    added = upsert(session, PaymentEvent).values(**row)
    added = added.on_conflict_do_nothing(index_elements=["channel", "serial"]).returning(PaymentEvent.id)
    return session.scalar(added) is not None


def hold_serial(session: Session, channel: str, serial: str) -> None:
    """Lets one unit at a time look for and write this serial; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{channel} {serial}", 1))))


def with_serial(session: Session, channel: str, serial: str) -> PaymentEvent | None:
    """The event that a channel gave this serial."""
    return session.scalar(select(PaymentEvent).where(PaymentEvent.channel == channel, PaymentEvent.serial == serial))


def events(session: Session, payment_id: int) -> list[PaymentEvent]:
    """What happened to a payment, oldest first."""
    query = select(PaymentEvent).where(PaymentEvent.payment_id == payment_id).order_by(PaymentEvent.id)
    return list(session.scalars(query))


def alarms(session: Session, *, open_only: bool = True) -> list[PaymentAlarm]:
    """Alarms, oldest first."""
    query = select(PaymentAlarm).order_by(PaymentAlarm.id)
    return list(session.scalars(query.where(PaymentAlarm.settled_at.is_(None)) if open_only else query))


def raise_alarm(session: Session, fingerprint: str, at: datetime, **values: Any) -> None:
    """Writes an alarm, or counts it where the same finding stands already; one that was settled opens again."""
    row = {"fingerprint": fingerprint, "first_at": at, "last_at": at, "times": 1} | values
    added = upsert(session, PaymentAlarm).values(**row)
    again = {"times": PaymentAlarm.times + 1, "last_at": at, "settled_at": None, "settled_by": None}
    session.execute(added.on_conflict_do_update(index_elements=["fingerprint"], set_=again))
