"""A small set of books worked out by hand and written as rows: no code of the product has computed any of it.

Loan DK-A: 120,000.00 at 6 % a year, 12 equal principals, paid out on 15 January 2026 and closed on 20 March. The first
instalment was paid on its day; on the second, due on 15 March, 5,000.00 came three days late. Penalty 9 % over 360:
10,550.00 for 3 days is 7.9125, then 5,557.91 for 2 days is 2.778955; together 10.69.

Loan DK-B: 100,000.00 at 6 %, due with 500.00 interest after a month, secured by goods. Nothing was paid; the goods were
sold for 130,000.00 on 17 March, when 30 days of penalty on 100,500.00 were 753.75.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.decision_traces import DecisionTrace
from app.storage.disposals import Disposal, DisposalLine, DisposalMoney
from app.storage.loans import Bill, LoanReceipt
from app.storage.organisations import Organisation
from app.storage.releases import Release
from tests.desk import FIRM, Desk
from tests.use_cases.ledger_check.movements import (
    PAID_OUT,
    SOLD_ON,
    Place,
    accrue,
    book_application,
    book_receipt,
    journal,
    money_in,
    noon,
    receipt_of,
    write_schedule,
    yuan,
)
from tests.use_cases.ledger_check.paid_out_loan import APPROVER, CHECKER, MAKER, REVIEWER, lend
from tests.use_cases.ledger_check.payout_process import finish_payouts


def write_books(desk: Desk) -> None:
    """Writes both loans with everything that an auditor would look for around them."""
    numbers = [desk.start(), desk.start()]
    people = {login: desk.person(login).id for login in (MAKER, CHECKER, REVIEWER, APPROVER)}
    firm_id, bank = desk.actor(FIRM).organisation_id, desk.organisation("zhijiang")
    keeper = desk.organisation("jinshi")
    with desk.app.app_context(), unit_of_work() as session:
        firm = session.get_one(Organisation, firm_id)
        cases = [session.scalars(select(LoanCase).where(LoanCase.number == number)).one() for number in numbers]
        places = [Place(case, bank.id, firm.id, firm.name_zh, people) for case in cases]
        _first(session, places[0])
        _second(session, places[1], keeper.id)
        _decision(session, places[0].case.id)
    for number in numbers:
        finish_payouts(desk, number, noon(PAID_OUT))


def _first(session: Session, place: Place) -> None:
    loan = lend(session, place, "DK-A", "120000", "6.00", 12, "equal_principal")
    loan.closed_on, loan.dpd, loan.stage, loan.episode = date(2026, 3, 20), 5, "S1", 1
    loan.overdue, loan.outstanding, loan.asset_class = yuan("5557.91"), yuan("108310.69"), "special_mention"
    balances = [yuan(str(120000 - 10000 * count)) for count in range(12)]
    write_schedule(
        session,
        loan,
        [(month_day(count + 1), "10000", str(before * 6 / 1200)) for count, before in enumerate(balances)],
    )
    for number, due_on, interest in ((1, month_day(1), "600"), (2, month_day(2), "550")):
        bill = {"instalment": number, "due_on": due_on, "principal": yuan("10000"), "interest": yuan(interest)}
        session.add(Bill(number=f"DK-A-{number}", loan_id=loan.id, made_on=due_on - timedelta(days=7), **bill))
    one = receipt_of(session, place, loan, "R1", "10600", date(2026, 2, 15))
    two = receipt_of(session, place, loan, "R2", "5000", date(2026, 3, 18))
    on = date(2026, 2, 15)
    accrue(session, loan, on, "interest", "600")
    book_receipt(session, loan, one)
    paid = [(1, "interest", "600"), (1, "principal", "10000")]
    book_application(session, loan, one, paid)
    on = date(2026, 3, 18)
    accrue(session, loan, on, "interest", "598.38")
    accrue(session, loan, on, "penalty", "7.91")
    book_receipt(session, loan, two)
    book_application(session, loan, two, [(2, "penalty", "7.91"), (2, "interest", "550"), (2, "principal", "4442.09")])
    on = date(2026, 3, 20)
    accrue(session, loan, on, "interest", "32.26")
    accrue(session, loan, on, "penalty", "2.78")


def _second(session: Session, place: Place, keeper_id: int) -> None:
    loan = lend(session, place, "DK-B", "100000", "6.00", 1, "bullet", keeper_id)
    sold_on = SOLD_ON
    loan.closed_on = loan.settled_on = sold_on
    loan.state, loan.overdue, loan.outstanding = "settled", yuan("0"), yuan("0")
    write_schedule(session, loan, [(date(2026, 2, 15), "100000", "500")])
    came = money_in(session, place, "RC-B", "130000", sold_on)
    disposal = Disposal(
        number="DP-B",
        case_id=place.case.id,
        loan_id=loan.id,
        funder_id=place.funder,
        episode=1,
        state="distributed",
        debt=yuan("101253.75"),
        price=yuan("130000"),
        sold_on=sold_on,
        surplus=yuan("26746.25"),
        shortfall=yuan("0"),
        opened_at=noon(PAID_OUT),
    )
    session.add(disposal)
    session.flush()
    session.add(DisposalMoney(payment_id=came.id, disposal_id=disposal.id, amount=came.amount, value_on=sold_on))
    claims = (("cost", "2000"), ("loan_interest", "1253.75"), ("loan_principal", "100000"))
    for position, (claim, amount) in enumerate(claims):
        line = {"rank": position, "claim": claim, "amount": yuan(amount), "paid": yuan(amount)}
        session.add(DisposalLine(disposal_id=disposal.id, position=position, **line))
    receipt = LoanReceipt(
        number="DP-B",
        loan_id=loan.id,
        value_on=sold_on,
        amount=yuan("101253.75"),
        allocation_order={},
        taken_at=noon(sold_on),
    )
    session.add(receipt)
    accrue(session, loan, sold_on, "interest", "500")
    accrue(session, loan, sold_on, "penalty", "753.75")
    lines = [("bank", "130000"), ("unapplied_receipts", "-101253.75")]
    lines += [("disposal_claims", "-2000"), ("disposal_surplus", "-26746.25")]
    journal(session, loan, sold_on, "proceeds", "DP-B", lines)
    parts = [(1, "penalty", "753.75"), (1, "interest", "500"), (1, "principal", "100000")]
    book_application(session, loan, receipt, parts)


def month_day(count: int) -> date:
    return date(2026 + (count // 12), count % 12 + 1, 15)


def _decision(session: Session, case_id: int) -> None:
    release = session.scalars(select(Release).order_by(Release.id)).first()
    assert release is not None
    session.add(
        DecisionTrace(
            case_id=case_id,
            element_id="",
            decision_key="credit_score",
            content_hash=next(iter(release.files.values())),
            release_id=release.id,
            business_on=PAID_OUT,
            at=noon(PAID_OUT),
            trace={},
        )
    )
