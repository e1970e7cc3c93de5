"""kill -9 of worker, web process and queue in the middle of payout, call-back, close and signing.

After the restart each happened exactly once and nothing waits for ever; the audit of tests/books.py looks at the
database of each test afterwards. A fault point is "module:function:before|after" of tests/faults/plant.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.gateways import clock, files
from app.storage import closes, ledger
from app.storage.contracts import IN_FORCE, Contract, ContractSignature
from app.storage.database import reading
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.ledger import JournalRow
from app.storage.loans import Bill, Loan, LoanReceipt
from app.storage.outbox import OutboxRow
from app.storage.payments import Payment
from app.use_cases.closing.close_all import close_all
from app.use_cases.contracts.verify_contract import verify_document
from tests.desk import FINANCE_CHECKER, FINANCE_OFFICER, FIRM, FUNDER_SIGNATORY
from tests.faults.conftest import Site
from tests.mission.stage import Stage
from tests.processes import payout_answers
from tests.soak import longer
from tests.use_cases.loans.lent import lent, loan

HERE, QUEUE = "here", "valkey"
SIGN, PAY, ACTIVATE, CALL_BACK, CLOSE = (
    "app.use_cases.contracts.sign_contract",
    "app.use_cases.payments.pay_out",
    "app.use_cases.loans.activate_loan",
    "app.use_cases.payments.receive_call_back",
    "app.use_cases.closing.close_all",
)
# each act: what `make test` plays, and after the line what only `make soak` does
SIGNING = {
    "web dies before the signature is committed": (f"{SIGN}:_record:after", HERE),
    "queue dies before the message of the signature is woken": (f"{SIGN}:_record:after", QUEUE),
    # ---
    "web dies with a signature that nobody recorded": (f"{SIGN}:_record:before", HERE),
    "web dies with the signature committed and nobody told": (f"{SIGN}:sign_contract:after", HERE),
    "queue dies before the signature is recorded": (f"{SIGN}:_record:before", QUEUE),
}
PAYOUTS = {
    "worker dies with a payment sent and no answer recorded": (f"{PAY}:record_word:before", HERE),
    "queue dies while a payment leaves": (f"{PAY}:_mark_sent:after", QUEUE),
    # ---
    "worker dies with the answer recorded": (f"{PAY}:record_word:after", HERE),
    "worker dies before the step is committed": (f"{PAY}:result_of:after", HERE),
    "web dies before it believes the bank's word": (f"{CALL_BACK}:believe:before", HERE),
    "web dies before the bank's word is committed": (f"{CALL_BACK}:believe:after", HERE),
    "worker dies with the loan made and not committed": (f"{ACTIVATE}:_made:after", HERE),
    "queue dies before the bank's word is committed": (f"{CALL_BACK}:believe:after", QUEUE),
}
CALL_BACKS = {
    "web dies before the receipt is committed": (f"{CALL_BACK}:book_receipt:after", HERE),
    "queue dies before the receipt is committed": (f"{CALL_BACK}:book_receipt:after", QUEUE),
    # ---
    "web dies before it believes the bank": (f"{CALL_BACK}:book_receipt:before", HERE),
    "web dies with the receipt committed and the bank not told": (f"{CALL_BACK}:receive_call_back:after", HERE),
}
CLOSES = {
    "worker dies before a loan's close is committed": (f"{CLOSE}:close_loan_in:after", HERE),
    "queue dies while a loan is closed": (f"{CLOSE}:close_loan_in:after", QUEUE),
    # ---
    "worker dies before it closes a loan": (f"{CLOSE}:_close_one:before", HERE),
    "worker dies with a loan's close committed": (f"{CLOSE}:_close_one:after", HERE),
    "worker dies before the day is sealed": (f"{CLOSE}:_finish:before", HERE),
}


def by_name(faults: dict[str, tuple[str, str]], short: int = 1) -> pytest.MarkDecorator:
    """One test a fault; the first `short` of an act in `make test`, all of them in `make soak`."""
    named = [pytest.param(*fault, id=name, marks=pytest.mark.soak) for name, fault in faults.items()]
    return pytest.mark.parametrize(("point", "victim"), longer(named[:short], named[short:]))


def nothing_waits(site: Site) -> bool:
    """Whether every operation and message ran, and no step failed."""
    with site.desk.app.app_context(), reading() as session:
        open_rows = select(func.count()).where(OutboxRow.state.in_(("waiting", "running", "failed")))
        incidents = select(func.count()).where(Incident.resolved_at.is_(None))
        return session.scalar(open_rows) == 0 and session.scalar(incidents) == 0


@by_name(SIGNING)
def test_a_signature_is_given_once(site: Site, point: str, victim: str) -> None:
    number = site.desk.at_signing()
    site.run(point, victim)

    for login in (FIRM, FUNDER_SIGNATORY):
        person = site.person(login)
        site.comes(lambda person=person: bool(person.works(number)) or _signed_by_all(site), f"{login}'s task")  # type: ignore[misc]
        site.tries(lambda person=person: [person.sign(work.address) for work in person.works(number)])  # type: ignore[misc]
    site.comes(lambda: _signed_by_all(site) and nothing_waits(site), "the contract in force")

    assert site.struck()
    with site.desk.app.app_context(), reading() as session:
        contract = session.scalars(select(Contract)).one()
        places = session.scalars(select(ContractSignature).where(ContractSignature.contract_id == contract.id)).all()
        assert contract.state == IN_FORCE and all(place.signed_at for place in places)
        told = select(func.count()).where(OutboxRow.kind == "message", OutboxRow.name == "SignatureCompleted")
        assert session.scalar(told) == len(places) == 2
        signing = select(ProcessInstance.status).where(ProcessInstance.process_key == "contract_signing")
        assert session.scalars(signing).all() == ["completed"]
        found = verify_document(files.get(contract.document_sha256))
    assert found.number == contract.number and len(found.signatures) == 2


def _signed_by_all(site: Site) -> bool:
    with site.desk.app.app_context(), reading() as session:
        return {state for state in session.scalars(select(Contract.state))} == {IN_FORCE}


@by_name(PAYOUTS, 2)
def test_a_payment_leaves_once_and_becomes_one_loan(site: Site, point: str, victim: str) -> None:
    desk = site.desk
    number = desk.at_payout()
    desk.prepare_payout(number, "400000.00")
    desk.complete_task(FINANCE_CHECKER, desk.task(number, "confirm_payment").id, payout_answers.CONFIRM_PAYMENT)
    site.run(point, victim)

    site.comes(lambda: desk.case(number).milestone == "disbursed" and nothing_waits(site), "the loan")

    assert site.struck()
    with sqlite3.connect(site.var_dir / "sandbox_bank.db") as bank:
        assert bank.execute("SELECT count(*), sum(amount_fen) FROM instruction").fetchone() == (1, 40_000_000)
    with desk.app.app_context(), reading() as session:
        assert [one.state for one in session.scalars(select(Payment))] == ["succeeded"]
        assert session.scalar(select(func.count()).select_from(Loan)) == 1
        events = list(session.scalars(select(JournalRow.event)))
        assert events.count("payout") == events.count("payout_confirmed") == 1
        assert {row.status for row in session.scalars(select(ProcessInstance))} == {"completed"}


def test_a_payment_that_never_left_is_closed_at_the_bank_and_paid_anew_by_people(site: Site) -> None:
    desk = site.desk
    number = desk.at_payout()
    desk.prepare_payout(number, "400000.00")
    desk.complete_task(FINANCE_CHECKER, desk.task(number, "confirm_payment").id, payout_answers.CONFIRM_PAYMENT)
    product = site.run(f"{PAY}:_mark_sent:after", HERE)  # marked as sent, and nothing left
    site.comes(lambda: site.struck() and nothing_waits(site), "the step that died")
    assert desk.case(number).milestone == "contracts_signed"

    stage = Stage(f"http://127.0.0.1:{product.port}", lambda part: site.person(part.login))
    stage.move_to(stage.today() + timedelta(days=1))  # the drawn wait for the bank's word is over
    officer, checker = site.person(FINANCE_OFFICER), site.person(FINANCE_CHECKER)
    for person, given in (
        (officer, payout_answers.CORRECT_PAYEE),
        (officer, payout_answers.PREPARE_PAYMENT | {"amount": "400000.00"}),
        (checker, payout_answers.CONFIRM_PAYMENT),
    ):
        site.comes(lambda person=person: bool(person.works(number)), person.login)  # type: ignore[misc]
        person.answer(person.works(number)[0].address, given)
    site.comes(lambda: desk.case(number).milestone == "disbursed" and nothing_waits(site), "the loan")

    with sqlite3.connect(site.var_dir / "sandbox_bank.db") as bank:
        paid = bank.execute("SELECT state, amount_fen FROM instruction WHERE amount_fen > 0 ORDER BY state").fetchall()
    assert [amount for state, amount in paid if state == "succeeded"] == [40_000_000]
    with desk.app.app_context(), reading() as session:
        assert sorted(one.state for one in session.scalars(select(Payment))) == ["failed", "succeeded"]
        assert session.scalar(select(func.count()).select_from(Loan)) == 1


@by_name(CALL_BACKS)
def test_money_that_came_is_booked_once(site: Site, point: str, victim: str) -> None:
    loan_no = lent(site.desk, paid_out_on=_today())
    site.run(point, victim)

    firm = site.person(FIRM)
    firm.post("/sandbox-bank", {"remark": loan_no, "amount": "5000.00"})
    site.comes(lambda: _receipts(site) and nothing_waits(site), "the receipt")

    assert site.struck()
    assert _receipts(site) == [Decimal("5000.00")]
    with site.desk.app.app_context(), reading() as session:
        booked = select(func.count()).where(JournalRow.event == "receipt")
        assert session.scalar(booked) == 1
        assert sum(ledger.balances(session).values()) == 0


def _receipts(site: Site) -> list[Decimal]:
    with site.desk.app.app_context(), reading() as session:
        return list(session.scalars(select(LoanReceipt.amount)))


def _today() -> date:
    return clock.moment().business_on


@by_name(CLOSES)
def test_a_day_is_closed_once(site: Site, point: str, victim: str) -> None:
    paid_out_on = _today() - timedelta(days=40)
    first, second = (lent(site.desk, login=login, paid_out_on=paid_out_on) for login in (FIRM, "lu.ming"))
    site.run(point, victim)

    site.comes(lambda: _is_closed(site) and nothing_waits(site), "the close")

    assert site.struck()
    with site.desk.app.app_context():
        on = _today()
        assert close_all(on).closed == 0
        with reading() as session:
            for number in (first, second):
                one = loan(site.desk, number)
                assert one.closed_on == on and one.dpd > 0
                billed = list(session.scalars(select(Bill.instalment).where(Bill.loan_id == one.id)))
                assert len(billed) == len(set(billed)) > 0
                rows = ledger.journals(session, one.id)
                accrued_on = [row.business_on for row in rows if row.event == "interest_accrual"]
                assert len(accrued_on) == len(set(accrued_on)) > 0
            assert sum(ledger.balances(session).values()) == 0


def _is_closed(site: Site) -> bool:
    with site.desk.app.app_context(), reading() as session:
        day = closes.by_day(session, _today())
        return day is not None and day.state == closes.DONE
