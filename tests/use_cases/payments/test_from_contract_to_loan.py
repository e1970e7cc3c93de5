"""From contracts in force to an active loan through the shipped drawing and a running bank, and what stops it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from app.errors import Conflict, FourEyes, NotFound
from app.gateways import clock
from app.sandbox_bank.bank import Bank
from app.storage import limits, payments
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Membership
from app.storage.payments import Payment
from app.use_cases.applications.show_progress import list_mine
from app.use_cases.compliance.clear_hold import Opinion
from tests.bank import sandbox_bank
from tests.desk import (
    COMPLIANCE_OFFICER,
    CONFIRMER,
    FINANCE_CHECKER,
    FINANCE_OFFICER,
    FIRM,
    FUNDER_SIGNATORY,
    LEAD,
    OTHER_BANKS_OFFICER,
    REGISTRATION_CLERK,
    REVIEWER,
    Desk,
)
from tests.processes.payout_answers import (
    BANK_SILENT,
    CANCEL,
    CLEARED,
    COMPLIANCE_CLEAR,
    COMPLIANCE_HOLD,
    CONFIRM_PAYMENT,
    CORRECT_PAYEE,
    GIVE_UP,
    PREPARE_OWN_PAYMENT,
    PREPARE_PAYMENT,
    REGISTRATION,
    RETURN_PAYMENT,
    UPHELD,
    all_met,
)
from tests.use_cases.compliance.holding import SECOND_OFFICER, decide, hold
from tests.use_cases.contracts import signing
from tests.use_cases.lookups import rows_of, told, used_of
from tests.use_cases.tasks.races import at_once

AMOUNT = "400000.00"


def payments_of(desk: Desk, number: str) -> list[Payment]:
    with desk.app.app_context(), reading() as session:
        return payments.of_case(session, desk.case(number).id, payments.OUT)


def confirm(desk: Desk, number: str) -> None:
    desk.complete(FINANCE_CHECKER, number, "confirm_payment", CONFIRM_PAYMENT)


def sent(desk: Desk, amount: str = AMOUNT) -> str:
    """A case whose payment of this amount left for the bank."""
    number = desk.at_payout()
    desk.prepare_payout(number, amount)
    confirm(desk, number)
    return number


def confirm_only(desk: Desk, number: str) -> None:
    """Confirmed, and the system has not come to send it yet."""
    desk.complete_task(FINANCE_CHECKER, desk.task(number, "confirm_payment").id, CONFIRM_PAYMENT)


def later(desk: Desk, hours: float) -> None:
    with clock.fixed_at(clock.real_now() + timedelta(hours=hours)):
        desk.work()


def test_a_signed_contract_becomes_a_loan(desk: Desk, bank: Bank) -> None:
    loan_no = desk.disbursed(bank)

    (activated,) = rows_of(desk, _case_of(desk), "LoanActivated")
    number = activated.payload["payload"]["case_number"]
    loan = desk.loan_of(number)
    assert (loan.number, loan.principal, loan.state) == (loan_no, Decimal(AMOUNT), "active")
    assert activated.payload["payload"]["loan_no"] == loan_no
    assert desk.case(number).milestone == "disbursed" and desk.incidents(number) == []
    assert desk.open_tasks(number) == []
    assert [one.state for one in payments_of(desk, number)] == ["succeeded"]
    assert any("已放款" in text for text in told(desk, number, "qingxi"))
    assert any("已到账" in text for text in told(desk, number, "zhijiang"))


def _case_of(desk: Desk) -> str:
    with desk.app.app_context(), reading() as session:
        return session.query(LoanCase).one().number


def test_the_same_on_postgresql_and_sqlite(desk_on_each_database: Desk) -> None:
    with sandbox_bank(desk_on_each_database.app) as (bank, _server):
        assert desk_on_each_database.disbursed(bank).startswith("DK")


def test_own_payment_goes_to_the_account_that_the_firm_applied_with(desk: Desk, bank: Bank) -> None:
    number = sent(desk)

    (payment,) = payments_of(desk, number)
    firm = desk.organisation("qingxi")
    assert payment.counterparty_name == firm.name_zh and payment.account_masked.endswith("0017")


def test_a_trade_order_is_paid_to_the_supplier(desk: Desk, bank: Bank) -> None:
    number = signing.order_at_signing(desk)
    for signatory in (CONFIRMER, FIRM, FUNDER_SIGNATORY):
        desk.sign_all(signatory, number)
    today = clock.moment().business_on
    dates = {"registered_on": today.isoformat(), "ends_on": (today + timedelta(days=400)).isoformat()}
    desk.complete(REGISTRATION_CLERK, number, "register_pledge", REGISTRATION | dates)
    task = desk.task(number, "check_conditions")
    desk.complete(FINANCE_OFFICER, number, "check_conditions", all_met(task.variables))
    desk.complete(COMPLIANCE_OFFICER, number, "compliance_check", COMPLIANCE_CLEAR)
    desk.prepare_payout(number, "900000.00")
    confirm(desk, number)
    bank.work()
    desk.work()

    (payment,) = payments_of(desk, number)
    assert payment.counterparty_name == PREPARE_PAYMENT["payee_name"]
    assert desk.loan_of(number).principal == Decimal("900000.00") and desk.incidents(number) == []


def test_conditions_that_are_not_met_stop_everything(desk: Desk) -> None:
    number = desk.at_disbursement()
    task = desk.task(number, "check_conditions")
    checks = all_met(task.variables)["checks"]
    desk.complete(FINANCE_OFFICER, number, "check_conditions", {"checks": [{**checks[0], "met": "no"}, *checks[1:]]})

    assert [task.form_key for task in desk.open_tasks(number)] == ["check_conditions"]
    assert desk.task(number, "check_conditions").variables["conditions_missing"] is True


def test_compliance_may_hold_and_another_officer_upholds_it(desk: Desk) -> None:
    number = desk.at_disbursement()
    held = used_of(desk, "funder")
    task = desk.task(number, "check_conditions")
    desk.complete(FINANCE_OFFICER, number, "check_conditions", all_met(task.variables))
    desk.complete(COMPLIANCE_OFFICER, number, "compliance_check", COMPLIANCE_HOLD)
    with pytest.raises(FourEyes):
        desk.complete(COMPLIANCE_OFFICER, number, "compliance_clearance", CLEARED)
    desk.complete(SECOND_OFFICER, number, "compliance_clearance", UPHELD)

    assert desk.case(number).milestone == "payout_cancelled" and used_of(desk, "funder") < held
    assert not any(word in text for text in told(desk, number, "qingxi") for word in ("合规", "名单", "暂缓"))
    assert payments_of(desk, number) == []


def test_a_payout_cancelled_after_its_confirmation_leaves_no_order_behind(desk: Desk, bank: Bank) -> None:
    number = desk.at_payout()
    desk.prepare_payout(number, AMOUNT)
    confirm_only(desk, number)
    hold_id = hold(desk, number)
    desk.work()
    assert desk.task(number, "held_payout").variables["payment_refused"] is True
    decide(desk, hold_id, SECOND_OFFICER, Opinion("uphold", "确为名单所列人员。"))
    desk.complete(LEAD, number, "held_payout", CANCEL)
    bank.work()
    desk.work()

    assert [one.state for one in payments_of(desk, number)] == ["withdrawn"] and _debits(bank) == 0
    assert desk.case(number).milestone == "payout_cancelled" and desk.incidents(number) == []


def test_the_maker_does_not_confirm_even_with_both_roles(desk: Desk) -> None:
    number = desk.at_payout()
    desk.prepare_payout(number, AMOUNT)
    task = desk.task(number, "confirm_payment")
    _give_role(desk, FINANCE_OFFICER, "finance_checker")

    with pytest.raises(FourEyes):
        desk.complete_task(FINANCE_OFFICER, task.id, CONFIRM_PAYMENT)
    assert payments_of(desk, number)[0].state == "prepared"


def _give_role(desk: Desk, login: str, role: str) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        place = desk.actor(login).organisation_id
        session.add(Membership(person_id=desk.person(login).id, organisation_id=place, role_key=role))


def test_who_reviewed_the_credit_does_not_prepare_its_payout(desk: Desk) -> None:
    number = desk.at_payout()
    _give_role(desk, REVIEWER, "finance_officer")
    task = desk.task(number, "prepare_own_payment")

    with pytest.raises(FourEyes):
        desk.complete_task(REVIEWER, task.id, PREPARE_OWN_PAYMENT)
    assert payments_of(desk, number) == []


def test_another_banks_officer_finds_no_such_task(desk: Desk) -> None:
    number = desk.at_payout()

    with pytest.raises(NotFound):
        desk.complete_task(OTHER_BANKS_OFFICER, desk.task(number, "prepare_own_payment").id, PREPARE_OWN_PAYMENT)


def test_two_submits_at_once_prepare_one_payment(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_payout()
    task = desk.task(number, "prepare_own_payment")

    def submit() -> str:
        try:
            desk.complete_task(FINANCE_OFFICER, task.id, PREPARE_OWN_PAYMENT | {"amount": AMOUNT})
        except Conflict:
            return "late"
        return "done"

    assert sorted(at_once(submit, submit)) == ["done", "late"]
    assert len(payments_of(desk, number)) == 1


def test_two_confirmations_at_once_send_one_payment(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    with sandbox_bank(desk.app) as (bank, _server):
        number = desk.at_payout()
        desk.prepare_payout(number, AMOUNT)
        task = desk.task(number, "confirm_payment")

        def submit() -> str:
            try:
                desk.complete_task(FINANCE_CHECKER, task.id, CONFIRM_PAYMENT)
            except Conflict:
                return "late"
            return "done"

        assert sorted(at_once(submit, submit)) == ["done", "late"]
        at_once(*(partial(desk.work) for _ in range(3)))
        bank.work()
        desk.work()

        assert desk.case(number).milestone == "disbursed" and _debits(bank) == 1


def _debits(bank: Bank) -> int:
    with bank._book.open() as page:
        return int(page.execute("SELECT count(*) FROM entry WHERE direction = 'out'").fetchone()[0])


def test_a_returned_payment_is_withdrawn_and_prepared_anew(desk: Desk, bank: Bank) -> None:
    number = desk.at_payout()
    desk.prepare_payout(number, AMOUNT)
    desk.complete(FINANCE_CHECKER, number, "confirm_payment", RETURN_PAYMENT)
    assert desk.task(number, "prepare_own_payment").variables["return_remark"] == RETURN_PAYMENT["remark"]
    desk.prepare_payout(number, AMOUNT)
    confirm(desk, number)
    bank.work()
    desk.work()

    assert [one.state for one in payments_of(desk, number)] == ["withdrawn", "succeeded"]
    assert desk.case(number).milestone == "disbursed" and _debits(bank) == 1


def test_a_result_that_never_comes_is_queried_and_never_sent_again(desk: Desk, bank: Bank) -> None:
    number = sent(desk, "399999.08")  # the bank settles, and never calls back
    bank.work()
    desk.work()
    assert desk.case(number).milestone == "contracts_signed" and desk.open_tasks(number) == []

    later(desk, 4.1)

    assert desk.case(number).milestone == "disbursed" and _debits(bank) == 1
    assert desk.loan_of(number).principal == Decimal("399999.08")


def test_a_silent_bank_is_chased_by_a_person_after_six_queries(desk: Desk, bank: Bank) -> None:
    number = sent(desk)
    bank._settle_seconds, bank.work = 0.0, lambda: 0  # type: ignore[method-assign]  # it never comes to settle
    for query in range(1, 7):
        assert not desk.waits_for(number, "chase_payment")
        later(desk, 4.1 * query)
    assert desk.waits_for(number, "chase_payment")

    del bank.work  # type: ignore[attr-defined]
    bank.work()
    desk.complete(FINANCE_OFFICER, number, "chase_payment", BANK_SILENT)

    assert desk.case(number).milestone == "disbursed" and _debits(bank) == 1


def test_a_payment_that_the_bank_refuses_is_corrected_and_paid(desk: Desk, bank: Bank) -> None:
    number = sent(desk, "399999.01")  # refused at once
    reason = payments_of(desk, number)[0].reason
    assert desk.task(number, "failed_payment").variables["payment"]["reason"] == reason
    desk.complete(FINANCE_OFFICER, number, "failed_payment", CORRECT_PAYEE)
    desk.prepare_payout(number, AMOUNT)
    confirm(desk, number)
    bank.work()
    desk.work()

    assert [one.state for one in payments_of(desk, number)] == ["failed", "succeeded"]
    assert desk.case(number).milestone == "disbursed" and desk.loan_of(number).principal == Decimal(AMOUNT)


def test_a_payment_that_fails_later_may_be_given_up(desk: Desk, bank: Bank) -> None:
    number = sent(desk, "399999.05")  # taken, and refused afterwards
    held = used_of(desk, "funder")
    bank.work()
    desk.work()
    desk.complete(FINANCE_OFFICER, number, "failed_payment", GIVE_UP)

    assert desk.case(number).milestone == "payout_cancelled" and used_of(desk, "funder") < held
    assert any("取消" in text for text in told(desk, number, "qingxi")) and _debits(bank) == 0


def test_a_limit_that_went_away_holds_the_payout(desk: Desk) -> None:
    number = desk.at_disbursement()
    with desk.app.app_context(), unit_of_work() as session:
        for one in limits.reservations(session, desk.case(number).id):
            one.released_at = clock.real_now()
            limits.give_back(session, one.limit_id, one.amount)
    task = desk.task(number, "check_conditions")
    desk.complete(FINANCE_OFFICER, number, "check_conditions", all_met(task.variables))
    desk.complete(COMPLIANCE_OFFICER, number, "compliance_check", COMPLIANCE_CLEAR)

    assert [one.form_key for one in desk.open_tasks(number)] == ["held_payout"]


def test_the_firm_sees_how_far_its_loan_is(desk: Desk, bank: Bank) -> None:
    desk.disbursed(bank)
    actor = desk.actor(FIRM)

    with desk.app.app_context():
        files, _tasks = list_mine(actor)
    assert [file.case.milestone for file in files] == ["disbursed"]
