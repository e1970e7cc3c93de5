"""Shows one payment with everything that happened to it: who, when it left, what the bank answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.errors import NotFound
from app.storage import payments, people
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.payments import Payment, PaymentEvent
from app.texts import Text
from app.use_cases.payments.list_payments import of_funder
from app.use_cases.permissions import Actor, require


@dataclass(frozen=True)
class PaymentDetail:
    """A payment, its case's number ("" without one), its events oldest first, and the names of people by id."""

    payment: Payment
    case_number: str
    events: tuple[PaymentEvent, ...]
    people: dict[int, Text]


def show_payment(actor: Actor, number: str) -> PaymentDetail:
    """The payment of the actor's bank with this number; raises Forbidden or NotFound."""
    require("view_ledger", actor)
    with reading() as session:
        payment = session.scalar(select(Payment).where(Payment.number == number, of_funder(actor)))
        if payment is None:
            raise NotFound
        case = session.get(LoanCase, payment.case_id) if payment.case_id is not None else None
        events = tuple(payments.events(session, payment.id))
        ids = {payment.maker_id, payment.checker_id, payment.approver_id, *(one.person_id for one in events)}
        named = people.names(session, {id_ for id_ in ids if id_ is not None})
        return PaymentDetail(
            payment,
            case.number if case is not None else "",
            events,
            {id_: Text(one.name_zh, one.name_en) for id_, one in named.items()},
        )
