"""What a task's property `act` does when the task is completed: in the same unit, with the same controls."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.errors import Conflict, DefinitionRefused, Forbidden, FourEyes, InvalidForm, Refused
from app.gateways import clock
from app.storage import payments
from app.storage.database import reading
from app.storage.payments import Payment
from app.use_cases.administration.fresh_log_in import FRESH_MINUTES, FreshLogInNeeded
from app.use_cases.definitions.publish import publish
from app.use_cases.tasks.complete_task import complete_task
from tests.desk import FINANCE_CHECKER, FINANCE_OFFICER, REVIEWER, Desk
from tests.engine.diagrams import END, START, bpmn, element, line, mapping, process
from tests.processes.payout_answers import CONFIRM_PAYMENT, PREPARE_PAYMENT, RETURN_PAYMENT
from tests.use_cases import small_processes
from tests.use_cases.payments.counter import Counter, ready_case
from tests.use_cases.tasks.races import at_once

FORMS = Path(__file__).parents[3] / "forms"
THREE_ANSWERS = json.dumps(
    {
        "type": "default",
        "id": "three_answers",
        "schemaVersion": 19,
        "properties": {"name_zh": "复核", "name_en": "Check"},
        "components": [
            {
                "type": "radio",
                "id": "field_decision",
                "key": "decision",
                "label": "结论",
                "properties": {"label_en": "Decision"},
                "values": [
                    {"label": label, "value": value, "properties": {"label_en": value}}
                    for label, value in (("同意", "confirm"), ("退回", "return"), ("暂缓", "hold"))
                ],
            }
        ],
    }
).encode()
PAYEE = ("payee_name", "payee_bank", "payee_account", "purpose")


def person_task(key: str, role: str, form: str, inputs: dict[str, str], outputs: dict[str, str], **given: str) -> str:
    """A user task with a form and properties."""
    written = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in given.items())
    extension = (
        f'<zeebe:userTask/><zeebe:formDefinition formId="{form}"/>'
        f'<zeebe:assignmentDefinition candidateGroups="{role}"/>{mapping(inputs, outputs)}'
        f"<zeebe:properties>{written}</zeebe:properties>"
    )
    return element("userTask", key, extension, name=f"任务 {key}")


def drawing(act: str = "prepare_payment", kind: str = "drawdown", confirm_form: str = "confirm_payment") -> bytes:
    outputs = {"payment_no": "= payment_no", "payout": "= {amount: amount}"}
    parts = (
        person_task(
            "p1", "finance_officer", "prepare_payment", {"payment_max": "= 400000"}, outputs, act=act, payment_kind=kind
        ),
        person_task("p2", "finance_checker", confirm_form, {"amount": "= payout.amount"}, {}, act="confirm_payment"),
    )
    return bpmn(process(START, *parts, END, line("start", "p1", "p2", "end"), key="pays"))


def publish_drawing(desk: Desk, content: bytes) -> None:
    names = ("prepare_payment", "confirm_payment", "accept_offer")
    forms = {f"forms/{name}.form": (FORMS / f"{name}.form").read_bytes() for name in names}
    with desk.app.app_context():
        publish({"processes/pays.bpmn": content, "forms/three_answers.form": THREE_ANSWERS} | forms)


def at_preparation(desk: Desk, **drawn: str) -> str:
    """A case that waits for its payment to be prepared."""
    number = ready_case(desk)
    publish_drawing(desk, drawing(**drawn))
    small_processes.start(desk, "pays", number)
    return number


def at_confirmation(desk: Desk, **drawn: str) -> str:
    number = at_preparation(desk, **drawn)
    desk.complete(FINANCE_OFFICER, number, "prepare_payment", PREPARE_PAYMENT)
    return number


def confirm(desk: Desk, number: str, entered: dict[str, Any] = CONFIRM_PAYMENT, *, minutes_ago: int | None = 0) -> None:
    actor, task = desk.actor(FINANCE_CHECKER), desk.task(number, "confirm_payment")
    given = None if minutes_ago is None else clock.real_now() - timedelta(minutes=minutes_ago)
    with desk.app.app_context():
        complete_task(actor, task.id, entered, logged_in_at=given)


def payments_of(desk: Desk, number: str) -> list[Payment]:
    with desk.app.app_context(), reading() as session:
        return payments.of_case(session, desk.case(number).id, payments.OUT)


def test_completing_the_task_prepares_the_payment_and_its_number_goes_on(desk: Desk) -> None:
    number = at_confirmation(desk)

    (payment,) = payments_of(desk, number)
    assert (payment.state, payment.kind, str(payment.amount)) == ("prepared", "drawdown", PREPARE_PAYMENT["amount"])
    assert payment.maker_id == desk.person(FINANCE_OFFICER).id and payment.account_masked.endswith("4567")
    assert desk.task(number, "confirm_payment").variables["payment_no"] == payment.number


def test_a_form_with_a_fault_prepares_nothing(desk: Desk) -> None:
    number = at_preparation(desk)

    with pytest.raises(InvalidForm):
        desk.complete(FINANCE_OFFICER, number, "prepare_payment", PREPARE_PAYMENT | {"payee_name": ""})

    assert payments_of(desk, number) == []


@pytest.mark.parametrize("values", [{"decision": "hold"}, {}], ids=["another answer", "no answer"])
def test_only_the_answer_confirm_confirms_a_payment(desk: Desk, values: dict[str, str]) -> None:
    """An analyst's form may offer more answers, or not insist on one: money leaves on none of them."""
    number = at_preparation(desk, confirm_form="three_answers")
    desk.complete(FINANCE_OFFICER, number, "prepare_payment", PREPARE_PAYMENT)
    actor, task = desk.actor(FINANCE_CHECKER), desk.task(number, "three_answers")

    with desk.app.app_context(), pytest.raises(Refused, match="confirm or to return"):
        complete_task(actor, task.id, values, logged_in_at=clock.real_now())

    assert [one.state for one in payments_of(desk, number)] == ["prepared"]


def test_what_the_controls_refuse_leaves_the_task_open(desk: Desk) -> None:
    number = at_preparation(desk)
    desk.complete(FINANCE_OFFICER, number, "prepare_payment", PREPARE_PAYMENT | {"amount": "400000.00"})
    small_processes.start(desk, "pays", number, round=2)

    with pytest.raises(Refused, match=r"400,000\.00"):
        desk.complete(FINANCE_OFFICER, number, "prepare_payment", PREPARE_PAYMENT)

    assert len(payments_of(desk, number)) == 1 and desk.waits_for(number, "prepare_payment")


def test_confirming_in_time_makes_the_payment_ready_to_leave(desk: Desk) -> None:
    number = at_confirmation(desk)

    confirm(desk, number)

    (payment,) = payments_of(desk, number)
    assert payment.state == "authorised" and payment.checker_id == desk.person(FINANCE_CHECKER).id


@pytest.mark.parametrize("minutes_ago", [None, FRESH_MINUTES + 1])
def test_confirming_asks_for_a_fresh_log_in(desk: Desk, minutes_ago: int | None) -> None:
    number = at_confirmation(desk)

    with pytest.raises(FreshLogInNeeded):
        confirm(desk, number, minutes_ago=minutes_ago)

    assert payments_of(desk, number)[0].state == "prepared" and desk.waits_for(number, "confirm_payment")


def test_returning_withdraws_the_payment_so_that_it_can_never_leave(desk: Desk) -> None:
    number = at_confirmation(desk)

    confirm(desk, number, RETURN_PAYMENT)

    (payment,) = payments_of(desk, number)
    assert (payment.state, payment.reason) == ("withdrawn", RETURN_PAYMENT["remark"])


def test_two_submits_at_once_confirm_once(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = at_confirmation(desk)
    actor, task = desk.actor(FINANCE_CHECKER), desk.task(number, "confirm_payment")

    def submit() -> str:
        with desk.app.app_context():
            try:
                complete_task(actor, task.id, CONFIRM_PAYMENT, logged_in_at=clock.real_now())
            except Conflict:
                return "late"
            return "done"

    assert sorted(at_once(submit, submit)) == ["done", "late"]
    assert [one.state for one in payments_of(desk, number)] == ["authorised"]


def test_a_reviewer_does_not_prepare_whatever_is_drawn(desk: Desk) -> None:
    number = ready_case(desk)
    publish_drawing(
        desk, drawing().replace(b'candidateGroups="finance_officer"', b'candidateGroups="initial_reviewer"')
    )
    small_processes.start(desk, "pays", number)
    task = desk.task(number, "prepare_payment")

    with pytest.raises(Forbidden):
        desk.complete_task(REVIEWER, task.id, PREPARE_PAYMENT)  # has not the right
    with pytest.raises(FourEyes), desk.app.app_context():
        complete_task(Counter.with_rights(desk.actor(REVIEWER)), task.id, PREPARE_PAYMENT)
    assert payments_of(desk, number) == []


@pytest.mark.parametrize(
    ("drawn", "fault"),
    [
        ({"act": "pay_everybody"}, "pay_everybody"),
        ({"kind": "gift"}, "gift"),
        ({"act": "confirm_payment"}, "decision"),
        ({"confirm_form": "prepare_payment"}, "decision"),
    ],
)
def test_publication_refuses_an_act_that_cannot_be_done(desk: Desk, drawn: dict[str, str], fault: str) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        publish_drawing(desk, drawing(**drawn))

    assert any(fault in problem.text.en and problem.line for problem in refused.value.problems)
