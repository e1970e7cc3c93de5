"""The finance desk holds what belongs to one's own bank; alarms are settled once, with a remark that is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, NotFound, Refused
from app.storage import payments
from app.storage.audit import AuditEntry
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.loans import LoanReceipt
from app.storage.payments import Payment
from app.use_cases.loans.show_trial_balance import TrialBalance, show_trial_balance
from app.use_cases.payments.list_payments import FILTERS, FinanceDesk, list_payments
from app.use_cases.payments.settle_alarm import settle_alarm
from bench.figure import counted
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.loans.lent import at, close_to, lent, receive
from tests.use_cases.payments.alarms import alarm, alarm_of

OTHER_CASE = {"login": people.FIRM_OF_TWO, "funder": "qiantang"}
ALARM = "other_amount:sandbox:S1:5.00"


def seen(desk: Desk, login: str, chosen: str = "out") -> FinanceDesk:
    actor = desk.actor(login)
    with desk.app.app_context():
        return list_payments(actor, chosen=chosen)


def came(desk: Desk, number: str, case_number: str | None, receipt_no: str | None = None) -> None:
    """Money that came in, for a case or for nobody; the loan's receipt is tied to it where one is named."""
    with desk.app.app_context(), unit_of_work() as session:
        case = session.scalar(select(LoanCase).where(LoanCase.number == case_number))
        payment = Payment(
            number=number,
            case_id=case.id if case else None,
            direction=payments.IN,
            kind="repayment",
            amount=Decimal("100.00"),
            counterparty_name="某公司",
            state="unapplied",
            created_at=at(date(2026, 3, 1)).now,
        )
        session.add(payment)
        session.flush()
        told = {"channel": "sandbox", "serial": number, "amount": payment.amount}
        payments.add_event(session, payment, "received", payment.created_at, **told)
        if receipt_no:
            session.query(LoanReceipt).filter_by(number=receipt_no).one().payment_id = payment.id


def trial(desk: Desk, login: str, until: date | None = None, funder_id: int | None = None) -> TrialBalance:
    actor = desk.actor(login)
    with desk.app.app_context():
        return show_trial_balance(actor, until, funder_id)


def test_a_bank_sees_its_payments_and_the_operator_those_of_all(desk: Desk) -> None:
    ours, theirs = lent(desk), lent(desk, case_number=desk.start(**OTHER_CASE))

    loans = [[line.loan_no for line in seen(desk, login).lines] for login in (people.FINANCE_OFFICER, people.OPERATOR)]

    assert loans == [[ours], [theirs, ours]]
    assert seen(desk, people.OTHER_BANKS_OFFICER).counts == {"open": 0, "unidentified": 0, "out": 1, "in": 0}


def test_money_that_no_loan_took_waits_and_what_is_nobodys_is_the_operators(desk: Desk) -> None:
    case, number = desk.start(), lent(desk)
    came(desk, "RC1", case)
    came(desk, "RC2", None)
    came(desk, "RC3", case, receive(desk, number, "100.00", date(2026, 2, 1)))

    waits = {
        login: [line.payment.number for line in seen(desk, login, "unidentified").lines]
        for login in (people.FINANCE_OFFICER, people.OTHER_BANKS_OFFICER, people.OPERATOR)
    }

    assert waits == {
        people.FINANCE_OFFICER: ["RC1"],
        people.OTHER_BANKS_OFFICER: [],
        people.OPERATOR: ["RC2", "RC1"],
    }
    assert seen(desk, people.FINANCE_OFFICER, "in").lines[0].loan_no == number


def test_the_desk_is_for_who_sees_the_ledger(desk: Desk) -> None:
    for login in (people.REVIEWER, people.FIRM, people.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            seen(desk, login)
        with pytest.raises(Forbidden):
            trial(desk, login)


def test_the_desk_asks_as_often_for_four_payments_as_for_one(desk: Desk) -> None:
    actor, asked = desk.actor(people.FINANCE_OFFICER), []
    for more in (1, 3):
        for _ in range(more):
            lent(desk)
        with desk.app.app_context(), counted(desk.app) as figure:
            list_payments(actor, chosen="out")
        asked.append(figure.queries)
    assert asked[0] == asked[1] <= 9
    assert set(FILTERS) == set(seen(desk, people.FINANCE_OFFICER).counts)


def test_the_trial_balance_is_nothing_on_every_date_and_for_each_bank(desk: Desk) -> None:
    ours, theirs = lent(desk), lent(desk, "50000.00", case_number=desk.start(**OTHER_CASE))
    for number in (ours, theirs):
        close_to(desk, number, date(2026, 3, 20), 10)
    before = trial(desk, people.FINANCE_OFFICER, date(2026, 2, 1))
    whole, bank = trial(desk, people.OPERATOR), trial(desk, people.FINANCE_OFFICER)

    assert before.total == whole.total == bank.total == 0
    assert dict(bank.balances)["principal_receivable"] == Decimal("120000.00")
    assert dict(whole.balances)["principal_receivable"] == Decimal("170000.00")
    assert 0 < dict(before.balances)["interest_receivable"] < dict(bank.balances)["interest_receivable"]
    assert len(whole.funders) == 2 and bank.funders == ()


def test_a_bank_has_no_trial_balance_of_another(desk: Desk) -> None:
    other = desk.organisation("qiantang").id
    with pytest.raises(NotFound):
        trial(desk, people.FINANCE_OFFICER, funder_id=other)
    assert trial(desk, people.OPERATOR, funder_id=other).balances == ()


def settle(desk: Desk, login: str, alarm_id: int, remark: str = "与银行核对，为重复通知") -> None:
    actor = desk.actor(login)
    with desk.app.app_context():
        settle_alarm(actor, alarm_id, remark)


def test_an_alarm_is_settled_once_with_a_remark_that_is_kept(desk: Desk) -> None:
    lent(desk)
    alarm_id = alarm_of(desk)
    assert [one.may_settle for one in seen(desk, people.FINANCE_OFFICER).alarms] == [True]
    assert [one.may_settle for one in seen(desk, people.FINANCE_CHECKER).alarms] == [False]

    with pytest.raises(Refused):
        settle(desk, people.FINANCE_OFFICER, alarm_id, "  ")
    settle(desk, people.FINANCE_OFFICER, alarm_id)
    with pytest.raises(Conflict):
        settle(desk, people.FINANCE_OFFICER, alarm_id)

    assert seen(desk, people.FINANCE_OFFICER).alarms == ()
    assert alarm(desk, ALARM).settled_by == desk.person(people.FINANCE_OFFICER).id
    with desk.app.app_context(), reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.verb == "settle_payment_alarm"))
        assert entry.detail == {"kind": "other_amount", "remark": "与银行核对，为重复通知"}


@pytest.mark.parametrize(
    ("login", "error"),
    [
        (people.OTHER_BANKS_OFFICER, NotFound),
        (people.OPERATOR, NotFound),
        (people.FINANCE_CHECKER, Forbidden),
        (people.FIRM, Forbidden),
    ],
)
def test_an_alarm_is_not_settled_by_others(desk: Desk, login: str, error: type[Exception]) -> None:
    lent(desk)
    alarm_id = alarm_of(desk)

    with pytest.raises(error):
        settle(desk, login, alarm_id)

    assert alarm(desk, ALARM).settled_at is None and seen(desk, people.OTHER_BANKS_OFFICER).alarms == ()


def test_an_alarm_of_no_known_payment_is_the_operators(desk: Desk) -> None:
    alarm_id = alarm_of(desk, nobodys=True)
    assert seen(desk, people.FINANCE_OFFICER).alarms == ()
    with pytest.raises(NotFound):
        settle(desk, people.FINANCE_OFFICER, alarm_id)

    settle(desk, people.OPERATOR, alarm_id)

    assert seen(desk, people.OPERATOR).alarms == ()
