"""What the funder owes out of a case: overpayments to their payer, the surplus of a disposal to its owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refused
from app.lending.journal import OVERPAYMENT, Account
from app.lending.journal import SURPLUS as SURPLUS_ACCOUNT
from app.lending.loan_facts import OVERPAID
from app.lending.money import ZERO
from app.storage import contracts, disposals, ledger, loans, payments
from app.storage.cases import parties
from app.storage.ledger import JournalRow
from app.storage.loans import Loan
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
    """Raises Refused unless name and account are those of a payer who overpaid, and not for more (invariant 11)."""
    owed: dict[tuple[str, str | None], Decimal] = {}
    for payer, amount in _overpaid(session, payment):
        place = _name_and_account(session, payer)
        owed[place] = owed.get(place, ZERO) + amount
    wanted = _name_and_account(session, payment)
    if wanted[1] is None or wanted not in owed:
        raise Refused(
            "多付的钱只能退回原付款人的原账户。",
            "An overpayment goes back to the account and in the name from which it came.",
        )
    back = sum((one.amount for one in _refunds(session, payment) if _name_and_account(session, one) == wanted), ZERO)
    if back > owed[wanted]:
        raise Refused(
            f"{wanted[0]} 多付 {owed[wanted]:,.2f} 元，退款合计将达到 {back:,.2f} 元。",
            f"{wanted[0]} overpaid {owed[wanted]:,.2f} yuan; the refunds would come to {back:,.2f}.",
        )


def _overpaid(session: Session, payment: Payment) -> Iterator[tuple[Payment, Decimal]]:
    """Each payment in of the case's loans with the yuan of it that exceed all that was owed."""
    for loan in session.scalars(select(Loan).where(Loan.case_id == payment.case_id)):
        receipts = {one.number: one.payment_id for one in loans.receipts(session, loan.id)}
        for part in ledger.settlements_in_force(session, loan.id):
            paid_by = receipts.get(part.receipt_no)
            if part.kind == OVERPAID and paid_by is not None:
                yield session.get_one(Payment, paid_by), part.amount


def _refunds(session: Session, payment: Payment) -> Iterable[Payment]:
    """The refunds of the case that left or may leave, this one among them."""
    mine = (Payment.case_id == payment.case_id, Payment.kind == REFUND, Payment.state.in_(payments.COMMITTED))
    return session.scalars(select(Payment).where(*mine))


def _name_and_account(session: Session, payment: Payment) -> tuple[str, str | None]:
    """Who pays or is paid; the account by value, as it is stored anew with every payment."""
    return payment.counterparty_name.strip(), _index_of(session, payment.account_id)


def require_owner(session: Session, payment: Payment) -> None:
    """Raises Refused unless it is the whole surplus of a disposal, for who gave the security; for the firm only at the
    account of its contract."""
    assert payment.case_id is not None, "what leaves belongs to a case"
    _require_whole_surplus(session, payment)
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


def _require_whole_surplus(session: Session, payment: Payment) -> None:
    """A part of it could be paid but not be booked: a disposal knows one payment of its surplus."""
    of_case = disposals.of_case(session, payment.case_id or 0)
    unpaid = [one.surplus for one in of_case if one.state == disposals.DISTRIBUTED and not one.surplus_payment_id]
    if payment.amount not in unpaid:
        raise Refused(
            "余款须一次付清，金额须与处置的余款一致。",
            "A surplus is paid at once: the amount must be that of a disposal whose surplus was not paid yet.",
        )


def _require_owed(session: Session, case_id: int, kind: str, account: Account, more: Decimal) -> None:
    # what is booked between the two reads counts twice then, never not at all
    under_way = sum((one.amount for one in _not_booked(session, case_id, kind)), more)
    owed = sum((_balance(session, loan, account) for loan in loans.of_case(session, case_id)), ZERO)
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
