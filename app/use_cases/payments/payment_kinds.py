"""The kinds of payment that leave, and which controls each has to meet whatever a diagram draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from app.storage.cases import LoanCase
from app.storage.payments import Payment
from app.texts import Text
from app.use_cases.payments.credit_cover import DRAWDOWN, require_cover
from app.use_cases.payments.four_persons import require_apart, require_reviewed, require_unrelated
from app.use_cases.payments.money_owed import (
    REFUND,
    SURPLUS,
    require_overpaid,
    require_owner,
    require_payer,
    require_surplus,
)


@dataclass(frozen=True)
class PaymentKind:
    """`require_person` (case, person id): who may prepare or confirm. `require_cover` (case id, more yuan): what the
    payments of the kind may come to. `require_payee`: to whom. Each raises FourEyes or Refused."""

    name: Text
    require_person: Callable[[Session, LoanCase, int], None]
    require_cover: Callable[[Session, int, Decimal], None]
    require_payee: Callable[[Session, Payment], None]


def _reviewed_and_apart(session: Session, case: LoanCase, person_id: int) -> None:
    require_reviewed(session, case)
    require_apart(session, case, person_id)


def _any_payee(_session: Session, _payment: Payment) -> None:
    """Entrusted payment goes to a supplier, own payment to the borrower: the diagram's rule table says which."""


PAYMENT_KINDS: dict[str, PaymentKind] = {
    DRAWDOWN: PaymentKind(Text("放款", "Drawdown"), _reviewed_and_apart, require_cover, _any_payee),
    REFUND: PaymentKind(Text("退还多付款", "Refund"), require_unrelated, require_overpaid, require_payer),
    SURPLUS: PaymentKind(Text("退还处置余款", "Surplus"), require_unrelated, require_surplus, require_owner),
}


def kind_of(key: str) -> PaymentKind:
    """The kind of this key; publication refuses a diagram that names another."""
    return PAYMENT_KINDS[key]
