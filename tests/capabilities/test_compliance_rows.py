"""Rows 87 and 94 to 95: compliance over a case, and a payout by two persons through the bank's system."""

from __future__ import annotations

from sqlalchemy import select

from app.sandbox_bank.bank import Bank
from app.storage import payments
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.use_cases.demo.demo_data import demo_data
from tests import desk as people
from tests.desk import Desk
from tests.processes.payout_answers import COMPLIANCE_CLEAR, COMPLIANCE_HOLD, CONFIRM_PAYMENT, all_met
from tests.use_cases.compliance.holding import SECOND_OFFICER, hold, open_of
from tests.web.test_contracts import grow_stale
from tests.web.visitor import Visitor, words

AMOUNT = "400000.00"
FRESH = {"fresh_log_in": "1"}  # as the page of an act that wants the password posts it


def order_of(desk: Desk, number: str) -> payments.Payment:
    """The case's newest order."""
    with desk.app.app_context(), reading() as session:
        return payments.of_case(session, desk.case(number).id, payments.OUT)[-1]


def test_row_087_compliance_has_a_checklist_and_nothing_is_paid_while_its_hold_is_open(desk: Desk, bank: Bank) -> None:
    """Compliance checklist task; payout blocked while open."""
    number = desk.at_disbursement()
    task = desk.task(number, "check_conditions")
    desk.complete(people.FINANCE_OFFICER, number, "check_conditions", all_met(task.variables))
    check = desk.task(number, "compliance_check")
    officer = Visitor(desk, people.COMPLIANCE_OFFICER)

    page = words(officer.get(f"/tasks/{check.id}"))
    doubtful = officer.post(f"/tasks/{check.id}/complete", COMPLIANCE_CLEAR | {"owners_known": "no"})
    held = officer.post(f"/tasks/{check.id}/complete", COMPLIANCE_HOLD)
    desk.work()

    for wanted in ("名单筛查无命中", "反洗钱与制裁名单", "受益所有人识别", "大额交易报告", "收款安排与借款用途"):
        assert wanted in page
    assert doubtful.status_code == 422 and held.status_code == 302
    assert len(open_of(desk, number)) == 1 and not desk.waits_for(number, "prepare_own_payment")
    desk.complete(SECOND_OFFICER, number, "compliance_clearance", CLEAR_IT)
    desk.complete(people.COMPLIANCE_OFFICER, number, "compliance_check", COMPLIANCE_CLEAR)
    desk.prepare_payout(number, AMOUNT)
    hold(desk, number)
    order = desk.task(number, "confirm_payment")
    refused = Visitor(desk, people.FINANCE_CHECKER).post(f"/tasks/{order.id}/complete", CONFIRM_PAYMENT | FRESH)
    assert refused.status_code == 422 and "合规暂缓未解除" in words(refused)
    assert order_of(desk, number).state == "prepared"


CLEAR_IT = {"decision": "clear", "reason": "证件号码不同，不是同一人。", "evidence": "核验回执 2026-1101"}


def test_row_094_what_was_prepared_is_fixed_and_confirmed_with_the_password_given_again(desk: Desk, bank: Bank) -> None:
    """Payout task shows everything read-only, second person confirms."""
    number = desk.at_payout()
    desk.prepare_payout(number, AMOUNT)
    task = desk.task(number, "confirm_payment")
    checker = Visitor(desk, people.FINANCE_CHECKER)
    grow_stale(desk)

    page = checker.get(f"/tasks/{task.id}")
    stale = checker.post(f"/tasks/{task.id}/complete", CONFIRM_PAYMENT | FRESH)
    typed = {"amount": "1.00", "payee_name": "别的公司", "password": demo_data()["password"]}
    done = checker.post(f"/tasks/{task.id}/complete", CONFIRM_PAYMENT | FRESH | typed)

    assert 'type="password"' in page.text and "400,000.00" in words(page) and "密码" in words(page)
    assert stale.status_code >= 400 and done.status_code == 302
    paid = order_of(desk, number)
    assert (f"{paid.amount:.2f}", paid.counterparty_name) == (AMOUNT, desk.organisation("qingxi").name_zh)
    assert paid.maker_id != paid.checker_id


def test_row_095_the_call_to_the_bank_and_its_acknowledgement_are_shown(desk: Desk, bank: Bank) -> None:
    """Payment file/API call and its acknowledgement shown."""
    desk.disbursed(bank)
    with desk.app.app_context(), reading() as session:
        number = session.scalars(select(LoanCase.number)).one()
    order = order_of(desk, number)
    finance = Visitor(desk, people.FINANCE_OFFICER)

    listed = finance.get("/finance?show=out")
    page = words(finance.get(f"/finance/payments/{order.number}"))

    assert f"/finance/payments/{order.number}" in listed.text
    for wanted in (order.number, order.bank_reference, "请求时间", "应答时间", "银行回执", "白雪", "傅磊", "已付"):
        assert wanted in page, wanted
    assert Visitor(desk, people.OTHER_BANKS_OFFICER).get(f"/finance/payments/{order.number}").status_code == 404
