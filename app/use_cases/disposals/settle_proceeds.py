"""Distributes the proceeds of a disposal by rank: the loan's part into its ledger, others paid, the rest a surplus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.errors import Refused
from app.lending.money import ZERO, Money
from app.lending.postings import Books
from app.lending.waterfall import Waterfall, distribute
from app.storage import contracts, disposals, ledger, loans
from app.storage.disposals import Disposal, DisposalLine
from app.storage.loans import Loan
from app.texts import Text
from app.use_cases.contracts.kinds import LOAN
from app.use_cases.disposals.asked_disposal import asked_disposal, refused
from app.use_cases.disposals.claims_on_proceeds import (
    ProceedsClaim,
    as_claims,
    claims_of_loan,
    claims_of_others,
    order_by_rank,
    ranks_of,
    value_date,
)
from app.use_cases.disposals.disposal_input import FUNDER, DistributionInput
from app.use_cases.disposals.secure_collateral import items_of
from app.use_cases.loans.charge_loan import COST, charge_in
from app.use_cases.loans.close_loan import close_loan_in
from app.use_cases.loans.take_receipt import take_receipt_in
from app.use_cases.offers.amounts import checked
from app.use_cases.operation import Call, Operation


def settle_proceeds(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"settlement": {to_loan, to_others, surplus, shortfall, lines, owner_bank, owner_account}}, amounts in yuan.

    A cost that the funder advanced is charged to the loan first. The lines and the surplus are the price, and the
    ledger holds the same (invariant 31). Errors: NotAllowed until the whole price came in, or for a claim without a
    rank; BadInput.
    """
    wanted = checked(DistributionInput(), call.inputs)
    disposal = asked_disposal(session, call, disposals.SOLD)
    loan = session.get_one(Loan, disposal.loan_id)
    loans.lock(session, loan)
    today, ranks = call.moment.business_on, ranks_of(wanted["ranks"])
    price = _whole_price(session, disposal)
    value_on = value_date(session, disposal, loan, today)
    owed = loan.state == loans.ACTIVE
    if owed:
        _charge_advanced(session, loan, wanted["costs"], value_on, call)
        close_loan_in(session, loan, today, call.moment)
    claims = claims_of_others(wanted, ranks, advanced=not owed)
    claims += claims_of_loan(session, loan, value_on, ranks, today) if owed else []
    claims.sort(key=lambda one: one.rank)
    found = distribute(Money(price, loan.currency), as_claims(claims, loan.currency))
    told = _told(claims, found)
    _keep_lines(session, disposal, claims, found)
    _book(session, loan, disposal, claims, found, told, call)
    if told["to_loan"]:
        order = order_by_rank(ranks)
        take_receipt_in(session, loan, disposal.number, told["to_loan"], value_on, call.moment, order=order)
    _finish(session, disposal, told, call)
    return {"settlement": told | _account_of_owner(session, disposal)}


def _whole_price(session: Session, disposal: Disposal) -> Decimal:
    came = disposals.received(session, disposal.id)
    assert disposal.price is not None, "a sold disposal has its price"
    if came != disposal.price:
        raise refused(
            f"处置 {disposal.number} 成交价 {disposal.price:,.2f} 元，只收到 {came:,.2f} 元，不能分配。",
            f"{disposal.number} was sold for {disposal.price:,.2f} yuan; {came:,.2f} came in, so nothing is shared.",
        )
    return came


def _charge_advanced(session: Session, loan: Loan, costs: Sequence[Mapping[str, Any]], on: date, call: Call) -> None:
    for cost in costs:
        if cost["paid_by"] == FUNDER:
            what = cost["what"][:200]
            try:
                charge_in(session, loan, COST, cost["amount"], cost["voucher_no"], what, call.moment, due_on=on)
            except Refused as fault:
                raise refused(fault.text.zh, fault.text.of("en")) from fault


def _told(claims: Sequence[ProceedsClaim], found: Waterfall) -> dict[str, Any]:
    pairs = list(zip(claims, found.lines, strict=True))
    to_loan = sum((line.paid.amount for claim, line in pairs if claim.of_loan), ZERO)
    to_others = sum((line.paid.amount for claim, line in pairs if not claim.of_loan), ZERO)
    return {
        "to_loan": to_loan,
        "to_others": to_others,
        "surplus": found.surplus.amount,
        "shortfall": sum((line.unpaid.amount for claim, line in pairs if claim.of_loan), ZERO),
        "lines": [
            {
                "claim": claim.claim,
                "rank": claim.rank,
                "payee": claim.payee,
                "amount": claim.amount,
                "paid": line.paid.amount,
            }
            for claim, line in pairs
        ],
    }


def _keep_lines(session: Session, disposal: Disposal, claims: Sequence[ProceedsClaim], found: Waterfall) -> None:
    session.add_all(
        DisposalLine(
            disposal_id=disposal.id,
            position=position,
            rank=claim.rank,
            claim=claim.claim,
            payee=claim.payee[:200],
            voucher_no=claim.voucher_no,
            amount=claim.amount,
            paid=line.paid.amount,
        )
        for position, (claim, line) in enumerate(zip(claims, found.lines, strict=True), 1)
    )


def _book(
    session: Session,
    loan: Loan,
    disposal: Disposal,
    claims: Sequence[ProceedsClaim],
    found: Waterfall,
    told: Mapping[str, Any],
    call: Call,
) -> None:
    """The price comes into the books by where it belongs; what others get leaves again, a journal for each."""
    assert told["to_loan"] + told["to_others"] + told["surplus"] == disposal.price, "the parts are the price"
    books = Books(loan.number, loan.currency, call.moment.business_on)
    journals = [books.proceeds(told["to_loan"], told["to_others"], told["surplus"], disposal.number)]
    for position, (claim, line) in enumerate(zip(claims, found.lines, strict=True), 1):
        if not claim.of_loan and line.paid:
            journals.append(books.claims_paid(line.paid.amount, f"{disposal.number}/{position}"))
    for journal in journals:
        ledger.book(session, loan.id, loan.funder_id, journal, call.moment.now)


def _finish(session: Session, disposal: Disposal, told: Mapping[str, Any], call: Call) -> None:
    moved = disposals.move(
        session,
        disposal,
        [disposals.SOLD],
        disposals.DISTRIBUTED,
        surplus=told["surplus"],
        shortfall=told["shortfall"],
        ended_at=call.moment.now,
    )
    assert moved, "this unit holds the disposal's lock"
    for item in items_of(session, disposal):
        item.ended_at = call.moment.now


def _account_of_owner(session: Session, disposal: Disposal) -> dict[str, Any]:
    """Bank and account of the loan contract, to which a surplus of the borrower is paid."""
    signed = [
        one
        for one in contracts.of_case(session, disposal.case_id)
        if one.kind == LOAN and one.state == contracts.IN_FORCE
    ]
    account = signed[-1].content.get("account", {}) if signed else {}
    return {"owner_bank": account.get("bank") or None, "owner_account": account.get("number") or None}


SETTLE_PROCEEDS = Operation("settle_proceeds", Text("分配价款", "distribute the price"), settle_proceeds)
