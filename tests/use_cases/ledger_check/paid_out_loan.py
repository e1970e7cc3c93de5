"""A paid-out loan with everything that an auditor would look for around it, as rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.collateral import Collateral
from app.storage.contracts import Contract, ContractSignature
from app.storage.limits import CreditLimit, LimitReservation
from app.storage.loans import Loan
from app.storage.offers import Offer
from app.storage.party_store import PartyValue
from app.storage.payments import Payment, PaymentEvent
from app.storage.user_tasks import UserTask
from tests.use_cases.done_tasks import done_task
from tests.use_cases.ledger_check.movements import PAID_OUT, SOLD_ON, Place, journal, noon, yuan

MAKER, CHECKER, REVIEWER, APPROVER = "bai.xue", "fu.lei", "wang.lei", "sun.hao"
RULES = {
    "penalty_rate_percent": "9.00",
    "grace_days": 0,
    "on_interest": True,
    "day_count": "ACT/360",
    "dpd_grace_days": 0,
    "bill_days_before": 7,
    "principal_first_agreed": False,
}


def lend(
    session: Session,
    place: Place,
    number: str,
    amount: str,
    rate: str,
    months: int,
    method: str,
    keeper_id: int | None = None,
) -> Loan:
    """The loan with its case's reviews, offer, contract, limit, payment and process; its payout is booked."""
    for duty, login in (("credit_review", REVIEWER), ("credit_approval", APPROVER), ("conditions_check", MAKER)):
        session.add(_review(session, place, duty, login))
    terms = {"rate_percent_per_year": rate, "term_months": months, "repayment_method": method}
    offer = _accepted_offer(session, place, number, amount, terms)
    _hold_limit(session, place, number, amount, noon(SOLD_ON) if method == "bullet" else None)
    account = _account(session, place, number)
    contract = _contract(session, place, offer, account, keeper_id)
    payment = _money_out(session, place, f"PO-{number}", amount, account)
    loan = Loan(
        number=number,
        case_id=place.case.id,
        payment_id=payment.id,
        contract_id=contract.id,
        funder_id=place.funder,
        borrower_id=place.borrower,
        currency="CNY",
        principal=yuan(amount),
        paid_out_on=PAID_OUT,
        matures_on=date(2027, 1, 15),
        rules=RULES,
        outstanding=yuan("0"),
        overdue=yuan("0"),
        activated_at=noon(PAID_OUT),
        **terms,
    )
    session.add(loan)
    session.flush()
    if keeper_id is not None:
        _pledge(session, place, loan, keeper_id)
    paid, left = [("principal_receivable", amount), ("payout_clearing", f"-{amount}")], ("bank", f"-{amount}")
    journal(session, loan, PAID_OUT, "payout", payment.number, paid)
    journal(session, loan, PAID_OUT, "payout_confirmed", payment.number, [("payout_clearing", amount), left])
    return loan


def _accepted_offer(session: Session, place: Place, number: str, amount: str, terms: dict[str, Any]) -> Offer:
    offer = Offer(
        number=f"OF-{number}",
        case_id=place.case.id,
        funder_id=place.funder,
        amount=yuan(amount),
        valid_until=PAID_OUT,
        state="accepted",
        issued_at=noon(PAID_OUT),
        **terms,
    )
    session.add(offer)
    return offer


def _hold_limit(session: Session, place: Place, number: str, amount: str, released_at: datetime | None) -> None:
    limit = session.scalars(
        select(CreditLimit).where(CreditLimit.funder_id == place.funder).order_by(CreditLimit.id)
    ).first()
    assert limit is not None
    limit.used += yuan("0") if released_at else yuan(amount)
    held = {"case_id": place.case.id, "limit_id": limit.id, "reference": number, "amount": yuan(amount)}
    session.add(LimitReservation(**held, reserved_at=noon(PAID_OUT), released_at=released_at))


def _account(session: Session, place: Place, number: str) -> PartyValue:
    account = PartyValue(
        id=f"account-{number}",
        case_id=place.case.id,
        kind="bank_account",
        cipher=b"",
        search_index=f"index-{number}",
        masked="62**",
        at=noon(PAID_OUT),
    )
    session.add(account)
    session.flush()
    return account


def _review(session: Session, place: Place, duty: str, login: str) -> UserTask:
    pattern = session.scalars(select(UserTask).where(UserTask.case_id == place.case.id)).first()
    assert pattern is not None
    return done_task(pattern, duty, place.people[login], noon(PAID_OUT))


def _contract(session: Session, place: Place, offer: Offer, account: PartyValue, keeper_id: int | None) -> Contract:
    signed_at = noon(PAID_OUT) - timedelta(hours=2)
    made: list[Contract] = []
    for kind in ("loan", "warehouse_pledge") if keeper_id else ("loan",):
        terms = {
            "amount": f"{offer.amount:,.2f}",
            "rate": offer.rate_percent_per_year,
            "term_months": offer.term_months,
        }
        contract = Contract(
            number=f"{kind}-{offer.number}",
            case_id=place.case.id,
            kind=kind,
            reference=offer.number,
            offer_id=offer.id,
            state="in_force",
            content={"terms": terms, "account": {"number": {"$party": account.id, "masked": account.masked}}},
            document_sha256="",
            generated_at=signed_at - timedelta(hours=1),
            in_force_at=signed_at,
        )
        session.add(contract)
        session.flush()
        for position, (capacity, place_id) in enumerate((("borrower", place.borrower), ("funder", place.funder))):
            signature = {"capacity": capacity, "organisation_id": place_id, "signed_at": signed_at}
            session.add(ContractSignature(contract_id=contract.id, position=position, **signature))
        made.append(contract)
    return made[0]


def _pledge(session: Session, place: Place, loan: Loan, keeper_id: int) -> None:
    session.add(
        Collateral(
            number=f"DB-{loan.number}",
            case_id=place.case.id,
            loan_id=loan.id,
            kind="warehouse_receipt",
            receipt_number="CD-1",
            goods="电解铜",
            quantity="2",
            unit="吨",
            value=yuan("140000"),
            currency="CNY",
            owner_id=place.borrower,
            custodian_id=keeper_id,
            warehouse="一号库",
            state="sold",
            registration_no="ZD-1",
            registered_on=PAID_OUT,
            evidence={},
            pledged_at=noon(PAID_OUT) - timedelta(hours=3),
        )
    )


def _money_out(session: Session, place: Place, number: str, amount: str, account: PartyValue) -> Payment:
    now = noon(PAID_OUT)
    payment = Payment(
        number=number,
        case_id=place.case.id,
        direction="out",
        kind="drawdown",
        amount=yuan(amount),
        counterparty_name=place.borrower_name,
        account_id=account.id,
        state="succeeded",
        channel="sandbox",
        bank_reference=f"B-{number}",
        maker_id=place.people[MAKER],
        checker_id=place.people[CHECKER],
        created_at=now,
        sent_at=now,
        settled_at=now,
    )
    session.add(payment)
    session.flush()
    for kind in ("prepared", "authorised", "sent", "called_back"):
        session.add(PaymentEvent(payment_id=payment.id, kind=kind, amount=yuan(amount), detail={}, at=now))
    return payment
