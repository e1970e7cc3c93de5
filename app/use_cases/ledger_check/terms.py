"""Invariant 18: what is lent is what was approved and signed, at a lawful cost: rate, term, way, amount and account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lending.schedule import plan
from app.lending.yearly_cost import costs_more, yearly_cost_percent
from app.moment import Moment
from app.storage.contracts import Contract
from app.storage.loans import Loan
from app.storage.offers import Offer
from app.storage.organisations import Organisation
from app.storage.party_store import PartyValue
from app.storage.payments import Payment
from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.loan_books import LoanBooks
from app.use_cases.offers.lawful_price import Cap, cap_on, total_of


def terms_as_signed(books: LoanBooks, found: Findings) -> None:
    """18: the loan has the rate, term and way of its offer, and offer and contract say the same; no more was paid."""
    found.rows += 1
    loan, offer = books.loan, books.offer
    signed = books.contract.content.get("terms") if books.contract is not None else None
    if not signed or offer is None:
        found.fault(books.number, "没有写明条款的借款合同。", "has no loan contract that states its terms.")
        return
    for zh, en, mine, approved, printed in (
        (
            "年利率",
            "the rate",
            _number(loan.rate_percent_per_year),
            _number(offer.rate_percent_per_year),
            signed["rate"],
        ),
        ("期限", "the term", loan.term_months, offer.term_months, signed["term_months"]),
        ("还款方式", "the way of repayment", loan.repayment_method, offer.repayment_method, None),
    ):
        found.differ(books.number, f"{zh}与批准的不同", f"{en} is not the approved one", found=mine, wanted=approved)
        if printed is not None and _number(printed) != _number(approved):
            found.fault(
                books.number,
                f"合同的{zh}是 {printed}，批准的是 {approved}。",
                f"{en} in the contract is {printed}, approved was {approved}.",
            )
    amount = _number(signed["amount"])
    if amount != offer.amount or loan.principal > amount:
        found.fault(
            books.number,
            f"放款 {loan.principal}，合同 {amount}，方案 {offer.amount}。",
            f"{loan.principal} lent, {amount} in the contract, {offer.amount} offered.",
        )


def cost_within_cap(session: Session, found: Findings) -> None:
    """18: a contract under which a loan stands costs no more a year, interest and fees, than the cap of its day."""
    caps: dict[tuple[int, date], Cap] = {}
    query = select(Loan.number, Contract.generated_at, Offer).join(Contract, Contract.id == Loan.contract_id)
    for number, made_at, offer in session.execute(query.join(Offer, Offer.id == Contract.offer_id).order_by(Loan.id)):
        found.rows += 1
        key = (offer.funder_id, Moment.at(made_at).business_on)
        cap = caps[key] = caps.get(key) or cap_on(session, *key)
        rate, fees = _number(offer.rate_percent_per_year), total_of(offer.fees)
        rows = plan(offer.amount, rate, offer.term_months, offer.repayment_method, key[1])
        if costs_more(offer.amount, rows, key[1], fees, cap.percent):
            cost = yearly_cost_percent(offer.amount, rows, key[1], fees)
            found.fault(
                number,
                f"综合融资成本年化 {cost}%，超过上限 {cap.percent}%（{cap.rule.zh}）。",
                f"costs {cost}% a year, above the cap of {cap.percent}% ({cap.rule.of('en')}).",
            )


def _number(written: Any) -> Decimal:
    """A number as contracts print it."""
    return Decimal(str(written).replace(",", ""))


def account_as_signed(session: Session, found: Findings) -> None:
    """18: what went to the borrower itself went to the account of its contract."""
    query = (
        select(Loan.number, Contract.content, PartyValue.search_index)
        .join(Payment, Payment.id == Loan.payment_id)
        .join(Contract, Contract.id == Loan.contract_id)
        .join(Organisation, Organisation.id == Loan.borrower_id)
        .outerjoin(PartyValue, PartyValue.id == Payment.account_id)
        .where(Payment.counterparty_name == Organisation.name_zh)
    )
    paid = session.execute(query).all()
    accounts = {number: content.get("account", {}).get("number") for number, content, _ in paid}
    wanted = {one["$party"] for one in accounts.values() if isinstance(one, dict)}
    held = select(PartyValue.id, PartyValue.search_index).where(PartyValue.id.in_(wanted))
    known: dict[str, str] = dict(iter(session.execute(held)))
    for number, _, index in paid:
        account = accounts[number]
        found.rows += 1
        if not isinstance(account, dict) or index is None or known.get(account["$party"]) != index:
            found.fault(number, "放款账户不是合同约定的账户。", "was not paid to the account of its contract.")
