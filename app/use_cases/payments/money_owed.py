"""What the funder owes out of a case: overpayments to their payer, the surplus of a disposal to its owner."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import Refused
from app.lending.journal import OVERPAYMENT, Account
from app.lending.journal import SURPLUS as SURPLUS_ACCOUNT
from app.storage import contracts, ledger, loans, payments
from app.storage.cases import parties
from app.storage.ledger import JournalRow
from app.storage.loans import Loan, LoanReceipt
from app.storage.organisations import Organisation
from app.storage.party_store import PartyValue
from app.storage.payments import Payment
from app.use_cases.contracts.kinds import LOAN

REFUND, SURPLUS = "refund", "surplus"


def require_overpaid(session: Session, case_id: int, more: Decimal) -> None:
    """Raises Refused where refunds on their way and `more` yuan exceed what the ledger owes to payers."""
    _require_owed(session, case_id, REFUND, OVERPAYMENT, more)


def require_surplus(session: Session, case_id: int, more: Decimal) -> None:
    """Raises Refused where payments on their way and `more` yuan exceed the surplus that the ledger owes."""
    _require_owed(session, case_id, SURPLUS, SURPLUS_ACCOUNT, more)


def require_payer(session: Session, payment: Payment) -> None:
    """Raises Refused unless the account and name are those from which money of the case came (invariant 11)."""
    of_loans = (
        select(LoanReceipt.payment_id)
        .join(Loan, Loan.id == LoanReceipt.loan_id)
        .where(Loan.case_id == payment.case_id, LoanReceipt.payment_id.is_not(None))
    )
    came = select(Payment).where(
        Payment.direction == payments.IN, or_(Payment.case_id == payment.case_id, Payment.id.in_(of_loans))
    )
    payers = [(one.counterparty_name, one.account_id) for one in session.scalars(came)]
    _require_one_of(
        session,
        payment,
        payers,
        Refused(
            "多付的钱只能退回原付款人的原账户。",
            "An overpayment goes back to the account and in the name from which it came.",
        ),
    )


def require_owner(session: Session, payment: Payment) -> None:
    """Raises Refused unless the payee is who gave the security, and the firm only at the account of its contract."""
    assert payment.case_id is not None, "what leaves belongs to a case"
    owners: list[tuple[str, str | None]] = []
    for capacity, organisation_id in parties(session, payment.case_id).items():
        name = session.get_one(Organisation, organisation_id).name_zh
        if capacity == "borrower":
            owners += [(name, account) for account in _contract_accounts(session, payment.case_id)]
        elif capacity == "guarantor":
            owners.append((name, payment.account_id))
    _require_one_of(
        session,
        payment,
        owners,
        Refused(
            "处置余款只能付给担保人本人；付给借款人的，须付到合同约定的账户。",
            "The surplus goes to who gave the security; to the borrower only at the account of the contract.",
        ),
    )


def _require_owed(session: Session, case_id: int, kind: str, account: Account, more: Decimal) -> None:
    of_case = loans.of_case(session, case_id)
    owed = sum((_balance(session, loan, account) for loan in of_case), Decimal("0.00"))
    under_way = sum((one.amount for one in _not_booked(session, case_id, kind)), more)
    if under_way > owed:
        raise Refused(
            f"{account.name.zh}账面 {owed:,.2f} 元，付款合计将达到 {under_way:,.2f} 元。",
            f"{account.name.en}: the books owe {owed:,.2f} yuan; the payments would come to {under_way:,.2f}.",
        )


def _balance(session: Session, loan: Loan, account: Account) -> Decimal:
    return -ledger.balances(session, loan_id=loan.id).get((loan.currency, account.code), Decimal(0))


def _not_booked(session: Session, case_id: int, kind: str) -> list[Payment]:
    """Payments that left or may leave and have no journal yet: what is booked has lowered the balance already."""
    query = select(Payment).where(
        Payment.case_id == case_id,
        Payment.kind == kind,
        Payment.state.in_(payments.COMMITTED),
        Payment.number.not_in(select(JournalRow.subject)),
    )
    return list(session.scalars(query))


def _contract_accounts(session: Session, case_id: int) -> list[str | None]:
    found = [one for one in contracts.of_case(session, case_id) if one.kind == LOAN and one.state == contracts.IN_FORCE]
    numbers = [one.content.get("account", {}).get("number") for one in found]
    return [str(number["$party"]) for number in numbers if isinstance(number, dict) and "$party" in number]


def _require_one_of(
    session: Session, payment: Payment, allowed: Iterable[tuple[str, str | None]], otherwise: Refused
) -> None:
    """Raises `otherwise` unless name and account are among these; accounts are compared by value, not by reference."""
    wanted = (payment.counterparty_name, _index_of(session, payment.account_id))
    if wanted[1] is None or wanted not in {(name.strip(), _index_of(session, account)) for name, account in allowed}:
        raise otherwise


def _index_of(session: Session, account_id: str | None) -> str | None:
    held = session.get(PartyValue, account_id) if account_id is not None else None
    return None if held is None else held.search_index
