"""Tasks that move money ask for a fresh log-in on their page, and a contract's task ends with its signature."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.storage import payments
from app.storage.database import reading
from app.use_cases.definitions.publish import publish
from app.use_cases.demo.demo_data import demo_data
from tests import desk as people
from tests.desk import Desk
from tests.engine.diagrams import END, START, bpmn, element, line, process
from tests.processes.payout_answers import CONFIRM_PAYMENT, PREPARE_PAYMENT, RETURN_PAYMENT
from tests.use_cases import small_processes
from tests.use_cases.contracts import signing
from tests.use_cases.tasks.test_acts import at_confirmation, at_preparation
from tests.web.test_contracts import grow_stale
from tests.web.visitor import Visitor, field, words

Visit = Callable[..., Visitor]
SIGN_FORM = Path(__file__).parents[2] / "forms" / "sign_contract.form"
FRESH = {"fresh_log_in": "1"}


def state_of(desk: Desk, number: str) -> str:
    with desk.app.app_context(), reading() as session:
        return payments.of_case(session, desk.case(number).id, payments.OUT)[0].state


def test_a_payment_is_confirmed_on_its_page(desk: Desk, visit: Visit) -> None:
    number = at_confirmation(desk)
    task, checker = desk.task(number, "confirm_payment"), visit(people.FINANCE_CHECKER)

    page = checker.get(f"/tasks/{task.id}")
    answer = checker.post(f"/tasks/{task.id}/complete", CONFIRM_PAYMENT | FRESH)

    assert 'name="fresh_log_in"' in page.text and 'type="password"' not in page.text
    assert (answer.status_code, state_of(desk, number)) == (302, "authorised")


def test_the_page_asks_for_the_password_when_it_was_given_long_ago_and_keeps_what_was_typed(
    desk: Desk, visit: Visit
) -> None:
    number = at_confirmation(desk)
    task, checker = desk.task(number, "confirm_payment"), visit(people.FINANCE_CHECKER)
    grow_stale(desk)

    page = checker.get(f"/tasks/{task.id}")
    without = checker.post(f"/tasks/{task.id}/complete", RETURN_PAYMENT | FRESH)
    wrong = checker.post(f"/tasks/{task.id}/complete", RETURN_PAYMENT | FRESH | {"password": "not this one"})
    assert state_of(desk, number) == "prepared"
    right = checker.post(f"/tasks/{task.id}/complete", RETURN_PAYMENT | FRESH | {"password": demo_data()["password"]})

    assert 'type="password"' in page.text
    assert without.status_code == 403 and "请再次输入" in words(without)
    assert wrong.status_code == 422 and "密码不正确，没有提交" in words(wrong) and "not this one" not in wrong.text
    assert {field(one, "remark") for one in (without, wrong)} == {RETURN_PAYMENT["remark"]}
    assert (right.status_code, state_of(desk, number)) == (302, "withdrawn")


def test_who_leaves_out_that_the_page_asked_is_asked_all_the_same(desk: Desk, visit: Visit) -> None:
    number = at_confirmation(desk)
    task = desk.task(number, "confirm_payment")

    answer = visit(people.FINANCE_CHECKER).post(f"/tasks/{task.id}/complete", CONFIRM_PAYMENT)

    assert answer.status_code == 403 and state_of(desk, number) == "prepared"


def test_preparing_asks_for_no_password(desk: Desk, visit: Visit) -> None:
    number = at_preparation(desk)
    task, officer = desk.task(number, "prepare_payment"), visit(people.FINANCE_OFFICER)
    grow_stale(desk)

    assert "fresh_log_in" not in officer.get(f"/tasks/{task.id}").text
    assert officer.post(f"/tasks/{task.id}/complete", PREPARE_PAYMENT).status_code == 302


def at_signature(desk: Desk, login: str, way: str = "sign") -> tuple[int, str]:
    """A task that lists the loan contract for the firm or the funder; (task, contract)."""
    contract = signing.loan_contract(desk)
    capacity, role = ("borrower", "borrower") if login == people.FIRM else ("funder", "funder_signatory")
    extension = (
        '<zeebe:userTask/><zeebe:formDefinition formId="sign_contract"/>'
        f'<zeebe:assignmentDefinition candidateGroups="{role}"/>'
        f'<zeebe:properties><zeebe:property name="contracts" value="{way}"/></zeebe:properties>'
    )
    drawn = process(START, element("userTask", "p1", extension, name="签署"), END, line("start", "p1", "end"), key="s")
    with desk.app.app_context():
        publish({"processes/s.bpmn": bpmn(drawn), "forms/sign_contract.form": SIGN_FORM.read_bytes()})
    number = f"LN{contract[2:].split('-')[0]}"
    small_processes.start(desk, "s", number, signature={"contract": contract, "capacity": capacity})
    return desk.task(number, "sign_contract").id, contract


def test_a_firms_signing_task_leads_to_the_contract_and_back_to_its_application(desk: Desk, visit: Visit) -> None:
    task_id, contract = at_signature(desk, people.FIRM)
    firm = visit(people.FIRM)

    page = firm.get(f"/tasks/{task_id}")
    opened = firm.get(f"/contracts/{contract}?task={task_id}")
    signed = firm.post(f"/contracts/{contract}/sign", {"task": str(task_id)})

    assert f'href="/contracts/{contract}?task={task_id}"' in page.text and "打开合同签署" in words(page)
    assert f"/tasks/{task_id}/complete" not in page.text.replace(f'action="/tasks/{task_id}/complete"', "")
    assert f'name="task" value="{task_id}"' in opened.text
    assert signed.location == f"/applications/LN{contract[2:].split('-')[0]}"


def test_a_signing_task_is_not_completed_by_sending_its_form(desk: Desk, visit: Visit) -> None:
    task_id, contract = at_signature(desk, people.FIRM)

    answer = visit(people.FIRM).post(f"/tasks/{task_id}/complete")

    assert answer.status_code == 422 and "在合同页上签署后自动完成" in words(answer)
    assert desk.task_row(task_id).state == "open" and signing.places(desk, contract)[0].signed_at is None


def test_the_funders_signatory_signs_from_the_task_and_is_back_at_the_inbox(desk: Desk, visit: Visit) -> None:
    task_id, contract = at_signature(desk, people.FUNDER_SIGNATORY)
    signatory = visit(people.FUNDER_SIGNATORY)
    early = signatory.get(f"/tasks/{task_id}")
    signing.sign(desk, people.FIRM, contract)

    page = signatory.get(f"/tasks/{task_id}")
    signed = signatory.post(f"/contracts/{contract}/sign", {"task": str(task_id)})

    assert "打开合同签署" not in words(early) and contract in words(early)
    assert f"/contracts/{contract}?task={task_id}" in page.text
    assert signed.location == "/inbox"


def test_a_task_may_only_show_the_contracts_and_is_completed_by_its_form(desk: Desk, visit: Visit) -> None:
    task_id, contract = at_signature(desk, people.FUNDER_SIGNATORY, "show")
    signatory = visit(people.FUNDER_SIGNATORY)

    assert contract in words(signatory.get(f"/tasks/{task_id}"))
    assert signatory.post(f"/tasks/{task_id}/complete").status_code == 302
