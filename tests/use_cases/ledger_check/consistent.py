"""A small set of books worked out by hand and written as rows: no code of the product has computed any of it.

Loan DK-A: 120,000.00 at 6 % a year, 12 equal principals, paid out on 15 January 2026 and closed on 20 March. The first
instalment was paid on its day; on the second, due on 15 March, 5,000.00 came three days late. Penalty 9 % over 360:
10,550.00 for 3 days is 7.9125, then 5,557.91 for 2 days is 2.778955; together 10.69.

Loan DK-B: 100,000.00 at 6 %, due with 500.00 interest after a month, secured by goods. Nothing was paid; the goods were
sold for 130,000.00 on 17 March, when 30 days of penalty on 100,500.00 were 753.75.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.cases import LoanCase
from app.storage.collateral import Collateral
from app.storage.contracts import Contract, ContractSignature
from app.storage.database import unit_of_work
from app.storage.decision_traces import DecisionTrace
from app.storage.disposals import Disposal, DisposalLine, DisposalMoney
from app.storage.ledger import JournalLine, JournalRow, PenaltyRow, SettlementRow
from app.storage.limits import CreditLimit, LimitReservation
from app.storage.loans import Bill, Loan, LoanReceipt, Schedule, ScheduleRow
from app.storage.offers import Offer
from app.storage.organisations import Organisation
from app.storage.party_store import PartyValue
from app.storage.payments import Payment, PaymentEvent
from app.storage.releases import Release
from app.storage.user_tasks import UserTask
from tests.desk import FIRM, Desk
from tests.use_cases.ledger_check.payout_process import finish_payouts

PAID_OUT = date(2026, 1, 15)
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


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 4, 0, tzinfo=UTC)


def yuan(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Place:
    """Who is who in the demo, and the case that a loan is of."""

    case: LoanCase
    funder: int
    borrower: int
    borrower_name: str
    people: dict[str, int]


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
    loan = _lend(session, place, "DK-A", "120000", "6.00", 12, "equal_principal")
    loan.closed_on, loan.dpd, loan.stage, loan.episode = date(2026, 3, 20), 5, "S1", 1
    loan.overdue, loan.outstanding, loan.asset_class = yuan("5557.91"), yuan("108310.69"), "special_mention"
    balances = [yuan(str(120000 - 10000 * count)) for count in range(12)]
    _schedule(
        session,
        loan,
        [(month_day(count + 1), "10000", str(before * 6 / 1200)) for count, before in enumerate(balances)],
    )
    for number, due_on, interest in ((1, month_day(1), "600"), (2, month_day(2), "550")):
        bill = {"instalment": number, "due_on": due_on, "principal": yuan("10000"), "interest": yuan(interest)}
        session.add(Bill(number=f"DK-A-{number}", loan_id=loan.id, made_on=due_on - timedelta(days=7), **bill))
    one = _receipt(session, place, loan, "R1", "10600", date(2026, 2, 15))
    two = _receipt(session, place, loan, "R2", "5000", date(2026, 3, 18))
    on = date(2026, 2, 15)
    _accrual(session, loan, on, "interest", "600")
    _came(session, loan, one)
    paid = [(1, "interest", "600"), (1, "principal", "10000")]
    _applied(session, loan, one, paid)
    on = date(2026, 3, 18)
    _accrual(session, loan, on, "interest", "598.38")
    _accrual(session, loan, on, "penalty", "7.91")
    _came(session, loan, two)
    _applied(session, loan, two, [(2, "penalty", "7.91"), (2, "interest", "550"), (2, "principal", "4442.09")])
    on = date(2026, 3, 20)
    _accrual(session, loan, on, "interest", "32.26")
    _accrual(session, loan, on, "penalty", "2.78")


def _second(session: Session, place: Place, keeper_id: int) -> None:
    loan = _lend(session, place, "DK-B", "100000", "6.00", 1, "bullet", keeper_id)
    sold_on = date(2026, 3, 17)
    loan.closed_on = loan.settled_on = sold_on
    loan.state, loan.overdue, loan.outstanding = "settled", yuan("0"), yuan("0")
    _schedule(session, loan, [(date(2026, 2, 15), "100000", "500")])
    came = _money_in(session, place, "RC-B", "130000", sold_on)
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
    _accrual(session, loan, sold_on, "interest", "500")
    _accrual(session, loan, sold_on, "penalty", "753.75")
    lines = [("bank", "130000"), ("unapplied_receipts", "-101253.75")]
    lines += [("disposal_claims", "-2000"), ("disposal_surplus", "-26746.25")]
    journal(session, loan, sold_on, "proceeds", "DP-B", lines)
    parts = [(1, "penalty", "753.75"), (1, "interest", "500"), (1, "principal", "100000")]
    _applied(session, loan, receipt, parts)


def month_day(count: int) -> date:
    return date(2026 + (count // 12), count % 12 + 1, 15)


def _lend(
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
    now, case = noon(PAID_OUT), place.case
    for duty, login in (("credit_review", REVIEWER), ("credit_approval", APPROVER), ("conditions_check", MAKER)):
        session.add(_review(session, place, duty, login))
    terms = {"rate_percent_per_year": rate, "term_months": months, "repayment_method": method}
    offer = Offer(
        number=f"OF-{number}",
        case_id=case.id,
        funder_id=place.funder,
        amount=yuan(amount),
        valid_until=PAID_OUT,
        state="accepted",
        issued_at=now,
        **terms,
    )
    session.add(offer)
    limit = session.scalars(
        select(CreditLimit).where(CreditLimit.funder_id == place.funder).order_by(CreditLimit.id)
    ).first()
    assert limit is not None
    released_at = noon(date(2026, 3, 17)) if method == "bullet" else None
    limit.used += yuan("0") if released_at else yuan(amount)
    held = {"case_id": case.id, "limit_id": limit.id, "reference": number, "amount": yuan(amount)}
    session.add(LimitReservation(**held, reserved_at=now, released_at=released_at))
    account = PartyValue(
        id=f"account-{number}",
        case_id=case.id,
        kind="bank_account",
        cipher=b"",
        search_index=f"index-{number}",
        masked="62**",
        at=now,
    )
    session.add(account)
    session.flush()
    contract = _contract(session, place, offer, account, keeper_id)
    payment = _money_out(session, place, f"PO-{number}", amount, account)
    loan = Loan(
        number=number,
        case_id=case.id,
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
        activated_at=now,
        **terms,
    )
    session.add(loan)
    session.flush()
    if keeper_id is not None:
        _pledge(session, place, loan, keeper_id)
    journal(
        session,
        loan,
        PAID_OUT,
        "payout",
        payment.number,
        [("principal_receivable", amount), ("payout_clearing", f"-{amount}")],
    )
    journal(
        session,
        loan,
        PAID_OUT,
        "payout_confirmed",
        payment.number,
        [("payout_clearing", amount), ("bank", f"-{amount}")],
    )
    return loan


def _review(session: Session, place: Place, duty: str, login: str) -> UserTask:
    pattern = session.scalars(select(UserTask).where(UserTask.case_id == place.case.id)).first()
    assert pattern is not None
    return UserTask(
        instance_id=pattern.instance_id,
        case_id=place.case.id,
        engine_task_id=f"done-{duty}",
        element_id=duty,
        process_key=pattern.process_key,
        name_zh=duty,
        name_en=duty,
        duty=duty,
        round=1,
        state="done",
        variables={},
        properties={},
        created_at=noon(PAID_OUT),
        done_by=place.people[login],
        done_at=noon(PAID_OUT),
    )


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


def _money_in(session: Session, place: Place, number: str, amount: str, on: date) -> Payment:
    payment = Payment(
        number=number,
        case_id=place.case.id,
        direction="in",
        kind="repayment",
        amount=yuan(amount),
        state="unapplied",
        channel="sandbox",
        value_on=on,
        created_at=noon(on),
    )
    session.add(payment)
    session.flush()
    told = {"channel": "sandbox", "serial": f"S-{number}", "amount": yuan(amount)}
    session.add(PaymentEvent(payment_id=payment.id, kind="received", detail={}, at=noon(on), **told))
    return payment


def _receipt(session: Session, place: Place, loan: Loan, number: str, amount: str, on: date) -> LoanReceipt:
    payment = _money_in(session, place, number, amount, on)
    receipt = LoanReceipt(
        number=number,
        loan_id=loan.id,
        payment_id=payment.id,
        value_on=on,
        amount=yuan(amount),
        allocation_order={},
        taken_at=noon(on),
    )
    session.add(receipt)
    return receipt


def _schedule(session: Session, loan: Loan, rows: Iterable[tuple[date, str, str]]) -> None:
    schedule = Schedule(loan_id=loan.id, version=1, reason="paid_out", from_on=PAID_OUT, made_at=noon(PAID_OUT))
    session.add(schedule)
    session.flush()
    balance = loan.principal
    for number, (due_on, principal, interest) in enumerate(rows, 1):
        balance -= yuan(principal)
        amounts = {"principal": yuan(principal), "interest": yuan(interest), "balance": balance}
        session.add(ScheduleRow(schedule_id=schedule.id, number=number, due_on=due_on, **amounts))


def _accrual(session: Session, loan: Loan, on: date, kind: str, amount: str) -> None:
    """Penalty is on the one instalment that is overdue in each loan."""
    lines = [(f"{kind}_receivable", amount), (f"{kind}_income", f"-{amount}")]
    row = journal(session, loan, on, f"{kind}_accrual", kind, lines)
    if kind == "penalty":
        instalment = 2 if loan.number == "DK-A" else 1
        session.add(PenaltyRow(journal_id=row.id, instalment=instalment, amount=yuan(amount)))


def _came(session: Session, loan: Loan, receipt: LoanReceipt) -> None:
    lines = [("bank", str(receipt.amount)), ("unapplied_receipts", f"-{receipt.amount}")]
    journal(session, loan, receipt.value_on, "receipt", receipt.number, lines)


def _applied(session: Session, loan: Loan, receipt: LoanReceipt, parts: list[tuple[int, str, str]]) -> None:
    lines = [("unapplied_receipts", str(receipt.amount))]
    lines += [(f"{kind}_receivable", f"-{amount}") for _, kind, amount in parts]
    row = journal(session, loan, receipt.value_on, "application", receipt.number, lines)
    for position, (instalment, kind, amount) in enumerate(parts):
        part = {"instalment": instalment, "kind": kind, "amount": yuan(amount)}
        on = {"receipt_no": receipt.number, "value_on": receipt.value_on}
        session.add(SettlementRow(journal_id=row.id, position=position, **on, **part))


def journal(
    session: Session, loan: Loan, on: date, event: str, subject: str, lines: list[tuple[str, str]]
) -> JournalRow:
    """Adds a journal of signed lines: debit above zero, credit below."""
    facts: dict[str, Any] = {"event": event, "business_on": on, "subject": subject, "booked_at": noon(on)}
    row = JournalRow(loan_id=loan.id, funder_id=loan.funder_id, **facts)
    session.add(row)
    session.flush()
    for position, (account, amount) in enumerate(lines):
        side = "debit" if Decimal(amount) > 0 else "credit"
        line = {"account": account, "side": side, "amount": abs(yuan(amount)), "currency": "CNY"}
        session.add(JournalLine(journal_id=row.id, position=position, **line))
    return row


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
