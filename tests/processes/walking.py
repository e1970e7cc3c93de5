"""Walks a case through the shipped processes in memory: operations answer at once, people give the sample answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.engine import (
    OperationCall,
    Outcome,
    Release,
    UserTask,
    complete_operation,
    complete_task,
    deliver_message,
    fail_operation,
    fire_timers,
    load_release,
    parse_release,
    start,
)
from app.forms import parse_form
from app.moment import Moment
from app.texts import Text

ROOT = Path(__file__).parents[2]
BEGIN = datetime(2026, 11, 21, 2, tzinfo=UTC)
CASE = "LN202611210001"
APPROVAL_FACTS: dict[str, Any] = {
    "exposure": {"borrower": Decimal(0), "group": Decimal(0), "total": Decimal(0), "members": 1},
    "security": {"guarantor": None, "collateral": {"kind": None, "value": None}},
}
RESULTS: dict[str, dict[str, Any]] = {
    "verify_enterprise": {"enterprise": {"status": "active", "registered_on": "2017-03-08"}},
    "check_duplicates": {"duplicates": []},
    "risk_platform_report": {"risk": {"score": 72, "flags": []}},
    "bureau_report": {"bureau": {"overdue_days_max": 0, "queries_6m": 7, "open_loans": 2, "balance_yuan": Decimal(0)}},
    "check_consent": {"consent": {"given_at": "2026-11-21T02:00:00+00:00", "form": "working-capital-application"}},
    "registry_record": {"enterprise": {"status": "active", "abnormal": False, "name_matches": True}},
    "court_records": {
        "court": {"cases_open": 0, "enforced": 0, "dishonest": False, "amount_yuan": Decimal(0), "judgments": []}
    },
    "work_out_ratios": {"ratios": {"current_ratio": None, "interest_cover": None, "dscr": None, "missing": []}},
    "goods_price": {
        "market_valuation": {"quoted": True, "value_yuan": Decimal("2141100.00"), "unit_price": Decimal("70200")}
    },
    "internal_history": {"history": {"applications": 0, "refused": 0, "accepted": 0, "overdue_days_max": 0}},
    "market_rate": {"lpr_percent": Decimal("3.00")},
    "reserve_limit": {"reservation": {"amount": Decimal("2800000.00"), "limits": ["funder", "product"]}},
    "issue_offer": {"offer": {"number": "OF202611210001", "valid_until": "2026-12-21"}},
    "release_limit": {"released": 2},
    "lapse_offer": {"lapsed": ["OF202611210001"]},
    "record_acceptance": {"accepted": "OF202611210001"},
    "screen_parties": {"screening": {"list_version": "2026-11-01", "hits": []}},
    "open_compliance_hold": {"compliance_hold": {"hold_id": None, "state": "cleared", "persons_needed": 1}},
    "notify_party": {},
    "load_facts": {
        "facts": {
            **APPROVAL_FACTS,
            "loan": {"dpd": 12, "overdue": Decimal("10600.00"), "outstanding": Decimal("123900.00")},
        }
    },
    "accelerate_loan": {"loan": {"outstanding": Decimal("123900.00")}},
    "claim_receipt": {"claimed": {"receipt_no": "RC202601200001", "amount": Decimal("5000.00")}},
    "cancel_payment": {"cancelled": []},
    "pay_out": {"payment": {"payment_no": "PO1", "result": "sent"}},
    "query_payment": {"payment": {"payment_no": "PO1", "result": "unknown"}},
    "release_collateral": {"released": ["DB202611210001"], "sold": []},
    "book_refund": {"refunded": {"amount": Decimal("300.00")}},
    "pledge_collateral": {
        "collateral": {"number": "DB202611210001", "receipt_number": "CD-2026-0711", "value": Decimal("2135000.00")},
        "receipt": {
            "number": "CD-2026-0711",
            "goods": "电解铜 Cu-CATH-1",
            "quantity": "30.5",
            "unit": "吨",
            "value": Decimal("2135000.00"),
            "warehouse": "北仑一号库 3 区",
            "expires_on": "2027-11-30",
        },
    },
}


@cache
def files() -> dict[str, bytes]:
    wanted = (("processes", "*.bpmn"), ("rules", "*.dmn"), ("forms", "*.form"))
    return {
        f"{folder}/{path.name}": path.read_bytes() for folder, glob in wanted for path in (ROOT / folder).glob(glob)
    }


@cache
def release(process_key: str) -> Release:
    return load_release(parse_release(process_key, files()), files())


class Failing(Exception):
    """A made-up operation that ends in this BPMN error."""


@dataclass
class Walk:
    """One case: the running instance, what is open, and what was told and decided so far.

    `results` overrides what an operation type gives: a result, or a function of the call that may raise Failing.
    """

    results: dict[str, dict[str, Any] | Callable[[OperationCall], dict[str, Any]]] = field(default_factory=dict)
    moment: Moment = field(default_factory=lambda: Moment.at(BEGIN))
    process_key: str = ""
    outcome: Outcome | None = None
    tasks: dict[str, UserTask] = field(default_factory=dict)
    subscriptions: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    messages: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    notices: list[Mapping[str, Any]] = field(default_factory=list)
    milestones: list[str] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)

    def open(self, process_key: str, message: str, **variables: Any) -> Walk:
        """Starts a process by its message, and runs it to where people or the outside must act."""
        self.process_key = process_key
        self.tasks, self.subscriptions = {}, {}
        return self._take(start(release(process_key), variables, self.moment, message))

    def follow(self, message: str, process_key: str) -> Walk:
        """Starts the process that waits for the last message thrown."""
        assert self.messages[-1][0] == message and self.outcome and self.outcome.status == "completed", self.messages
        return self.open(process_key, message, **self.messages[-1][1])

    def answer(self, element_id: str, entered: Mapping[str, Any], **added: Any) -> Walk:
        """A person answers the task's form, which must find no fault; `added` is what the task's act gives."""
        task = next(task for task in self.tasks.values() if task.element_id == element_id)
        form = parse_form(files()[f"forms/{task.form_key}.form"])
        checked = form.check(entered, task.variables, self.moment)
        assert checked.errors == (), checked.errors
        del self.tasks[task.task_id]
        return self._take(complete_task(self._release, self._state, task.task_id, checked.data | added, self.moment))

    def tell(self, message: str, **payload: Any) -> Walk:
        """The message arrives at the subscription that waits for it; with its key where several wait ("Name key")."""
        task_id = self.subscriptions[message]
        return self._take(deliver_message(self._release, self._state, task_id, payload, self.moment))

    def wait(self, **duration: float) -> Walk:
        """Time passes and what is due fires."""
        self.moment = Moment.at(self.moment.now + timedelta(**duration))
        return self._take(fire_timers(self._release, self._state, self.moment))

    @property
    def waiting(self) -> list[str]:
        """The elements of the open tasks of people, sorted."""
        return sorted(task.element_id for task in self.tasks.values())

    @property
    def variables(self) -> Mapping[str, Any]:
        assert self.outcome
        return self.outcome.variables

    def task(self, element_id: str) -> UserTask:
        """The open task of an element."""
        return next(task for task in self.tasks.values() if task.element_id == element_id)

    @property
    def _release(self) -> Release:
        return release(self.process_key)

    @property
    def _state(self) -> bytes:
        assert self.outcome and self.outcome.state is not None, "the instance has ended"
        return self.outcome.state

    def _take(self, outcome: Outcome) -> Walk:
        self._note(outcome)
        for call in outcome.operations_created:
            self._note_operation(call)
        return self

    def _note(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.tasks |= {task.task_id: task for task in outcome.tasks_created}
        for task_id in outcome.tasks_withdrawn:
            self.tasks.pop(task_id, None)
        gone = set(outcome.subscriptions_removed)
        self.subscriptions = {name: task_id for name, task_id in self.subscriptions.items() if task_id not in gone}
        self.subscriptions |= {each.name: each.task_id for each in outcome.subscriptions_created}
        self.subscriptions |= {f"{each.name} {each.key}": each.task_id for each in outcome.subscriptions_created}
        self.keys |= {each.name: each.key for each in outcome.subscriptions_created}
        self.messages += [(each.name, each.payload) for each in outcome.messages]
        self.milestones += outcome.milestones
        self.elements += [step.element_id for step in outcome.steps]

    def _note_operation(self, call: OperationCall) -> None:
        if self.outcome is None or self.outcome.state is None or call.element_id not in self.outcome.waiting_at:
            return  # withdrawn meanwhile, by the error of another
        if call.type == "notify_party":
            self.notices.append(call.variables)
        given = self.results[call.type] if call.type in self.results else RESULTS[call.type]
        try:
            result = given(call) if callable(given) else given
        except Failing as failing:
            code = str(failing)
            self._take(fail_operation(self._release, self._state, call.task_id, code, Text(code, code), self.moment))
        else:
            self._take(complete_operation(self._release, self._state, call.task_id, result, self.moment))


def failing(code: str) -> Callable[[OperationCall], dict[str, Any]]:
    """An operation that always ends in the BPMN error `code`."""

    def operation(call: OperationCall) -> dict[str, Any]:
        raise Failing(code)

    return operation


def opened(product: str = "working-capital", **variables: Any) -> dict[str, Any]:
    """The variables with which a round of an application opens."""
    form = f"{product}-application"
    given = {"case_number": CASE, "round": 1, "product": product, "application_form": form, "channel": "online"}
    return given | variables
