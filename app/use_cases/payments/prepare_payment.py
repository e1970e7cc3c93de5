"""Prepares a payment to a payee: amount and account stand, and another person has to confirm them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import Refused
from app.forms import mask
from app.gateways import clock
from app.moment import Moment
from app.storage import audit, party_store, payments
from app.storage.cases import LoanCase, next_number
from app.storage.database import unit_of_work
from app.storage.party_store import PartyValue
from app.storage.payments import Payment
from app.use_cases.parties import party_key
from app.use_cases.payments.found import funders_case
from app.use_cases.payments.payment_kinds import DRAWDOWN, kind_of
from app.use_cases.permissions import Actor, require

CENT = Decimal("0.01")


@dataclass(frozen=True)
class PaymentOrder:
    """What the maker wants paid: yuan with two places; the account in clear or as the reference of a sensitive field
    ({"$party": id, "masked": ...}) that this case holds. `persons_needed` is 2 or 3."""

    amount: Decimal
    payee_name: str
    payee_bank: str
    payee_account: str | Mapping[str, str] = field(repr=False)
    purpose: str = ""
    persons_needed: int = 2


def prepare_payment(actor: Actor, case_number: str, order: PaymentOrder) -> str:
    """The payment's number; raises NotFound, Forbidden, FourEyes, or Refused (no cover, not reviewed, bad order)."""
    require("prepare_payments", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        return prepare_in(session, funders_case(session, case_number, actor), actor, order, moment).number


def prepare_in(
    session: Session, case: LoanCase, actor: Actor, order: PaymentOrder, moment: Moment, kind: str = DRAWDOWN
) -> Payment:
    """The same inside the caller's unit, which holds the case's lock and has asked for the right.

    `kind` is a key of PAYMENT_KINDS, whose controls the payment has to meet.
    """
    controls = kind_of(kind)
    _require_sound(order)
    controls.require_person(session, case, actor.person_id)
    controls.require_cover(session, case.id, order.amount)
    account_id, masked = _account(session, case.id, order.payee_account, moment)
    # the random end keeps numbers of this and of any other database apart at the bank
    number = next_number(session, "PO", moment.business_on) + secrets.token_hex(2).upper()
    payment = Payment(
        number=number,
        case_id=case.id,
        direction=payments.OUT,
        kind=kind,
        amount=order.amount.quantize(CENT),
        currency=case.currency,
        counterparty_name=order.payee_name.strip(),
        counterparty_bank=order.payee_bank.strip(),
        account_id=account_id,
        account_masked=masked,
        purpose=order.purpose.strip(),
        state="prepared",
        maker_id=actor.person_id,
        persons_needed=order.persons_needed,
        created_at=moment.now,
    )
    session.add(payment)
    session.flush()
    controls.require_payee(session, payment)
    payments.add_event(session, payment, "prepared", moment.now, amount=payment.amount, person_id=actor.person_id)
    note(session, actor, "prepare_payment", payment)
    return payment


def note(session: Session, actor: Actor, verb: str, payment: Payment) -> None:
    """The audit entry of a person's act on a payment."""
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb=verb,
        target=payment.number,
        detail={"amount": payment.amount, "payee": payment.counterparty_name, "account": payment.account_masked},
        at=clock.real_now(),
    )


def _require_sound(order: PaymentOrder) -> None:
    amount = order.amount
    if not amount.is_finite() or amount <= 0 or amount != amount.quantize(CENT):
        raise Refused(
            "付款金额须大于零，最多两位小数。", "The amount must be above zero and have two decimal places at most."
        )
    texts = (order.payee_name, order.payee_bank, order.purpose)
    if not order.payee_name.strip() or not order.payee_account or max(map(len, texts)) > 200:
        raise Refused(
            "收款人名称和账号必须填写，每项不超过 200 字。",
            "The payee's name and account are needed; each text has 200 characters at most.",
        )


def _account(session: Session, case_id: int, account: str | Mapping[str, str], moment: Moment) -> tuple[str, str]:
    """Id and mask in the party store; a reference must be one of this case."""
    if isinstance(account, str):
        plain = "".join(account.split())
        shown = mask("bank_account", plain)
        made = party_store.store(
            session,
            party_key.current(),
            case_id=case_id,
            kind="payee_account",
            value=plain,
            masked_as=shown,
            at=moment.now,
        )
        session.flush()
        return made["$party"], shown
    held = session.get(PartyValue, str(account.get("$party")))
    if held is None or held.case_id != case_id:
        raise Refused("收款账号不属于这件申请。", "The payee's account is not one of this case.")
    return held.id, held.masked
