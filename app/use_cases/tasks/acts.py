"""What completing a user task does besides going on: the task's property `act` -> a use case in the same unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.errors import Refused
from app.storage.payments import Payment
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.administration.fresh_log_in import FreshLogInNeeded, require_fresh
from app.use_cases.instances.run import Run
from app.use_cases.parties.keep_entered_reports import FIELDS, keep_entered_reports
from app.use_cases.payments.approve_payment import approve_in
from app.use_cases.payments.confirm_payment import confirm_in
from app.use_cases.payments.credit_cover import DRAWDOWN
from app.use_cases.payments.found import funders_case, funders_payment
from app.use_cases.payments.payment_basis import require_basis
from app.use_cases.payments.prepare_payment import PaymentOrder, prepare_in
from app.use_cases.payments.withdraw_payment import withdraw_in
from app.use_cases.permissions import require
from app.use_cases.tasks.compliance_acts import check_compliance, decide_hold

ACT, PAYMENT_KIND = "act", "payment_kind"
CONFIRM, RETURN = "confirm", "return"

Perform = Callable[[Run, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Act:
    """`perform` (run, answers) gives what joins the task's variables; `verb` is required of the person.

    `fresh` asks for the password given a short while ago; `fields` are those that the task's form must have.
    """

    name: Text
    verb: str
    fresh: bool
    fields: frozenset[str]
    perform: Perform


def act_of(task: UserTask) -> Act | None:
    """The act of a task, or None; publication refuses a diagram with an act that is not here."""
    key = (task.properties or {}).get(ACT)
    return ACTS[key] if key else None


def perform_act(run: Run, answers: Mapping[str, Any], logged_in_at: datetime | None) -> dict[str, Any]:
    """Does the task's act inside the caller's unit and gives the variables that it adds, {} where there is none.

    Raises Forbidden, FreshLogInNeeded, FourEyes, Refused or Conflict, as the use case behind it does.
    """
    assert run.task is not None and run.actor is not None
    act = act_of(run.task)
    if act is None:
        return {}
    require(act.verb, run.actor)
    if act.fresh:
        if logged_in_at is None:
            raise FreshLogInNeeded
        require_fresh(logged_in_at)
    return act.perform(run, answers)


def _prepare(run: Run, answers: Mapping[str, Any]) -> dict[str, Any]:
    """payment_no of the payment that the form describes: what it shows and fixes stands in the task's variables."""
    assert run.task is not None and run.actor is not None
    case = funders_case(run.session, run.case.number, run.actor)
    kind = (run.task.properties or {}).get(PAYMENT_KIND, DRAWDOWN)
    shown = {**(run.task.variables or {}), **answers}
    if kind == DRAWDOWN:
        require_basis(shown)
    payment = prepare_in(run.session, case, run.actor, _order(shown), run.moment, kind)
    return {"payment_no": payment.number}


def _order(answers: Mapping[str, Any]) -> PaymentOrder:
    account = answers.get("payee_account") or ""
    return PaymentOrder(
        amount=Decimal(answers.get("amount") or 0),
        payee_name=str(answers.get("payee_name") or ""),
        payee_bank=str(answers.get("payee_bank") or ""),
        payee_account=account if isinstance(account, Mapping) else str(account),
        purpose=str(answers.get("purpose") or ""),
        persons_needed=int(answers.get("persons_needed") or 2),
    )


def _confirm(run: Run, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Confirms the payment of the variable payment_no where the answer `decision` is confirm, withdraws it on return.

    Raises Refused for any other answer, also none: nobody has said then that money may leave.
    """
    assert run.actor is not None
    payment = _shown_payment(run)
    decision = answers.get("decision")
    if decision not in (CONFIRM, RETURN):
        raise Refused(
            "请选择复核无误或退回；没有付款。", "Please choose to confirm or to return it; nothing was confirmed."
        )
    if decision == RETURN:
        withdraw_in(run.session, payment, run.actor, str(answers.get("remark") or ""), run.moment)
    else:
        confirm_in(run.session, payment, run.case, run.actor, run.moment)
    return {"payment_no": payment.number}


def _approve(run: Run, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Approves the payment of the variable payment_no as the third person, or withdraws it on return."""
    assert run.actor is not None
    payment = _shown_payment(run)
    decision = answers.get("decision")
    if decision == RETURN:
        withdraw_in(run.session, payment, run.actor, str(answers.get("remark") or ""), run.moment)
    elif decision == CONFIRM:
        approve_in(run.session, payment, run.case, run.actor, run.moment)
    else:
        raise Refused("请选择批准或退回。", "Please choose to approve or to return it.")
    return {"payment_no": payment.number}


def _shown_payment(run: Run) -> Payment:
    assert run.task is not None and run.actor is not None
    number = str((run.task.variables or {}).get("payment_no") or "")
    payment, case = funders_payment(run.session, number, run.actor)
    if case.id != run.case.id:
        raise Refused(f"付款 {number} 不属于这件申请。", f"The payment {number} is not one of this case.")
    return payment


ACTS: dict[str, Act] = {
    "prepare_payment": Act(
        Text("经办付款", "prepare a payment"),
        "prepare_payments",
        False,
        frozenset({"amount", "payee_name", "payee_bank", "payee_account", "purpose"}),
        _prepare,
    ),
    "keep_reports": Act(
        Text("录入人工取得的报告", "enter reports that were obtained by hand"),
        "work_on_tasks",
        False,
        FIELDS,
        keep_entered_reports,
    ),
    "decide_hold": Act(
        Text("决定合规暂缓", "decide a compliance hold"),
        "manage_holds",
        False,
        frozenset({"decision", "reason", "evidence"}),
        decide_hold,
    ),
    "check_compliance": Act(
        Text("合规审查", "check compliance"), "manage_holds", False, frozenset({"decision", "remark"}), check_compliance
    ),
    "approve_payment": Act(
        Text("批准大额放款", "approve a large payment"), "approve_payments", True, frozenset({"decision"}), _approve
    ),
    "confirm_payment": Act(
        Text("复核付款", "confirm a payment"), "confirm_payments", True, frozenset({"decision"}), _confirm
    ),
}
