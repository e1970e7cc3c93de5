"""A desk at which tests play the demo's people: they apply, upload, complete tasks and let the system do its part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.gateways import clock
from app.sandbox_bank.bank import Bank
from app.storage import loans, people
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.history import HistoryEntry
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.loans import Loan
from app.storage.organisations import Organisation, memberships
from app.storage.people import Person
from app.storage.user_tasks import UserTask
from app.use_cases import dispatch
from app.use_cases.administration.load_actor import actor_of
from app.use_cases.applications.start_application import start_application
from app.use_cases.contracts.show_contract import list_contracts
from app.use_cases.contracts.sign_contract import sign_contract
from app.use_cases.demo.demo_data import demo_data
from app.use_cases.documents.upload_document import upload_document
from app.use_cases.permissions import Actor
from app.use_cases.tasks.complete_task import Completed, complete_task
from tests.assessment.statements import statement
from tests.kept_stages import KeptStages, kept
from tests.processes import answers, payout_answers

FIRM, OTHER_FIRM, FIRM_OF_TWO = "chen.jing", "lu.ming", "shen.yue"
CONFIRMER, OTHER_CONFIRMER = "wu.tao", "ye.qing"
MANAGER, REVIEWER, OTHER_REVIEWER = "zhou.lan", "wang.lei", "xu.na"
SECOND_REVIEWER, OTHER_SECOND_REVIEWER, LEAD = "sun.hao", "he.ping", "lin.yan"
COMMITTEE = ("guo.qiang", "ma.li", "zhu.jun")
OTHER_BANKS_MANAGER, OTHER_BANKS_REVIEWER = "hu.xue", "gao.feng"
FUNDER_SIGNATORY, OTHER_BANKS_SIGNATORY = "qian.rong", "pan.yi"
REGISTRATION_CLERK, COMPLIANCE_OFFICER = "meng.jie", "jin.ping"
FINANCE_OFFICER, OTHER_BANKS_OFFICER = "bai.xue", "ren.yi"
FINANCE_CHECKER, OTHER_BANKS_CHECKER = "fu.lei", "liao.wen"
KEEPER = "lei.cang"
OPERATOR, ADMINISTRATOR = "yun.ying", "admin"

APPLICATIONS = {
    "working-capital": answers.WORKING_CAPITAL,
    "trade-order": answers.TRADE_ORDER,
    "warehouse-receipt": answers.WAREHOUSE_RECEIPT,
}
STATEMENTS_ABOVE = 5_000_000  # yuan: the form wants three years of statements
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


class Desk:
    """Plays people on an app whose database holds the demo; each call has its own app context: threads may share it."""

    def __init__(self, app: Flask, kept: KeptStages | None = None) -> None:
        self.app, self.kept = app, kept

    def actor(self, login: str, place: str | None = None) -> Actor:
        """A demo person acting for their first organisation, or for the one with the demo's key `place`."""
        with self.app.app_context(), reading() as session:
            person = people.by_login(session, login)
            assert person is not None, f"the demo has nobody called {login}"
            wanted = self.organisation(place).id if place else memberships(session, person.id)[0][1].id
            actor = actor_of(session, person, wanted)
            assert actor is not None, f"{login} does not work for {place}"
            return actor

    def person(self, login: str) -> Person:
        """The row of somebody who logs in."""
        with self.app.app_context(), reading() as session:
            found = people.by_login(session, login)
            assert found is not None, f"the demo has nobody called {login}"
            return found

    def organisation(self, key: str) -> Organisation:
        """The row of an organisation by its key in the demo's files, as "zhijiang"."""
        name = next(entry["name"]["zh"] for entry in demo_data()["organisations"] if entry["key"] == key)
        with self.app.app_context(), reading() as session:
            return session.scalars(select(Organisation).where(Organisation.name_zh == name)).one()

    def start(self, login: str = FIRM, product: str = "working-capital", funder: str = "zhijiang") -> str:
        """Opens a draft for the person's firm and gives the case number."""
        actor, funder_id = self.actor(login), self.organisation(funder).id
        with self.app.app_context():
            return start_application(actor, product, funder_id).case_number

    def complete(self, login: str, number: str, form_key: str, entered: Mapping[str, Any]) -> Completed:
        """Completes the case's open task with this form (a visit with two photos); then the system does all it can."""
        task = self.task(number, form_key)
        if form_key == "site_visit":
            entered = {**entered, "photos": [self.upload(login, task.id, kind="photos") for _ in range(2)]}
        done = self.complete_task(login, task.id, entered)
        self.work()
        return done

    def complete_task(self, login: str, task_id: int, entered: Mapping[str, Any]) -> Completed:
        """Completes one task as somebody who has just logged in, and nothing else happens."""
        actor = self.actor(login)
        with self.app.app_context():
            return complete_task(actor, task_id, entered, logged_in_at=clock.real_now())

    def upload(
        self,
        login: str,
        task_id: int,
        *,
        kind: str = "other",
        filename: str = "a.pdf",
        content: bytes = PDF,
    ) -> int:
        """Uploads a file to a task and gives the document's id."""
        actor = self.actor(login)
        with self.app.app_context():
            return upload_document(actor, task_id, kind=kind, filename=filename, content=content).document_id

    def upload_all(self, login: str, number: str) -> None:
        """Gives every mandatory document of the checklist, the same file for each, and submits them."""
        task = self.task(number, "upload_documents")
        document_id = self.upload(login, task.id)
        self.complete(login, number, "upload_documents", answers.uploaded(mandatory_kinds(task), document_id))

    def work(self) -> int:
        """Runs operations, messages and timers until nothing is due; how many ran."""
        with self.app.app_context():
            return dispatch.run_all_due()

    def application(self, login: str, product: str = "working-capital", **changes: Any) -> dict[str, Any]:
        """Valid answers to a product's application form in the name of the person's firm, with changes."""
        given = APPLICATIONS[product]
        with self.app.app_context(), reading() as session:
            firm = session.get_one(Organisation, self.actor(login).organisation_id)
        core, keeper = self.organisation("dongming"), self.organisation("jinshi")
        own = {"company_name": firm.name_zh, "unified_social_credit_code": firm.unified_social_credit_code}
        buyer = {"core_enterprise_name": core.name_zh, "core_enterprise_code": core.unified_social_credit_code}
        custodian = {"custodian_name": keeper.name_zh, "custodian_code": keeper.unified_social_credit_code}
        others = {"trade-order": buyer, "warehouse-receipt": custodian}.get(product, {})
        filled: dict[str, Any] = given | own | others | changes
        if "statements" not in filled and _is_large(filled["requested_amount"]):
            filled["statements"] = [_posted(statement(f"{year}-12-31")) for year in (2023, 2024, 2025)]
        return filled

    @kept
    def submit(
        self, login: str = FIRM, product: str = "working-capital", funder: str = "zhijiang", **changes: Any
    ) -> str:
        """Applies with form and documents; the core enterprise, the warehouse or a review comes next."""
        number = self.start(login, product, funder)
        self.complete(login, number, f"{product}-application", self.application(login, product, **changes))
        self.upload_all(login, number)
        if self.waits_for(number, "manual_verification"):  # a firm's second application at the same time
            manager = MANAGER if funder == "zhijiang" else OTHER_BANKS_MANAGER
            self.complete(manager, number, "manual_verification", answers.MANUAL_PASSED)
        return number

    @kept
    def at_initial_review(self, login: str = FIRM, **changes: Any) -> str:
        """A working capital application of Zhijiang Bank that waits for its initial review."""
        number = self.submit(login, **changes)
        if self.waits_for(number, "site_visit"):
            self.complete(MANAGER, number, "site_visit", answers.SITE_VISIT)
        return number

    @kept
    def at_second_review(self, login: str = FIRM, **changes: Any) -> str:
        """As at_initial_review, passed by REVIEWER with what was asked, and waiting for the second review."""
        number = self.at_initial_review(login, **changes)
        proposal: dict[str, str] = answers.INITIAL_PASS["proposal"]
        asked = min(changes.get("requested_amount", proposal["amount"]), proposal["amount"], key=float)
        passed = answers.INITIAL_PASS | {"proposal": proposal | {"amount": asked}}
        self.complete(REVIEWER, number, "initial_review", passed)
        return number

    @kept
    def at_committee(self, login: str = FIRM, amount: str = "6000000.00", **changes: Any) -> str:
        """A working capital application of this amount (the table wants a committee) that waits for its votes."""
        number = self.at_initial_review(login, requested_amount=amount, **changes)
        terms = answers.INITIAL_PASS["proposal"] | {"amount": amount}
        self.complete(REVIEWER, number, "initial_review", answers.INITIAL_PASS | {"proposal": terms})
        if self.waits_for(number, "lead_decision"):
            self.complete(LEAD, number, "lead_decision", answers.LEAD_PASS | {"proposal": terms})
        self.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE | {"approved": terms})
        return number

    def at_confirmation(self, login: str = FIRM, **changes: Any) -> str:
        """A trade order application that waits for the core enterprise (CONFIRMER)."""
        return self.submit(login, "trade-order", **changes)

    def at_goods(self, login: str = FIRM, **changes: Any) -> str:
        """A warehouse receipt application that waits for the warehouse (KEEPER)."""
        return self.submit(login, "warehouse-receipt", **changes)

    @kept
    def at_signing(self, login: str = FIRM, amount: str = "400000.00") -> str:
        """A working capital loan of this amount (its approval needs one person) whose firm is to sign its contract."""
        number = self.at_second_review(login, requested_amount=amount)
        terms = answers.INITIAL_PASS["proposal"] | {"amount": amount}
        self.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE | {"approved": terms})
        self.complete(login, number, "accept_offer", answers.ACCEPT)
        return number

    @kept
    def at_disbursement(self, login: str = FIRM, amount: str = "400000.00") -> str:
        """As at_signing, signed by the firm and by the funder: its payout waits for its conditions to be checked."""
        number = self.at_signing(login, amount)
        for signatory in (login, FUNDER_SIGNATORY):
            self.sign_all(signatory, number)
        return number

    @kept
    def at_payout(self, login: str = FIRM, amount: str = "400000.00") -> str:
        """As at_disbursement, with conditions and compliance done: its payment waits to be prepared."""
        number = self.at_disbursement(login, amount)
        task = self.task(number, "check_conditions")
        self.complete(FINANCE_OFFICER, number, "check_conditions", payout_answers.all_met(task.variables))
        self.complete(COMPLIANCE_OFFICER, number, "compliance_check", payout_answers.COMPLIANCE_CLEAR)
        return number

    def disbursed(self, bank: Bank, login: str = FIRM, amount: str = "400000.00") -> str:
        """The number of an active loan, paid out by the running sandbox bank (fixture `bank`, or Counter.bank)."""
        number = self.at_payout(login, amount)
        self.prepare_payout(number, amount)
        self.complete(FINANCE_CHECKER, number, "confirm_payment", payout_answers.CONFIRM_PAYMENT)
        bank.work()
        self.work()
        return self.loan_of(number).number

    def prepare_payout(self, number: str, amount: str) -> None:
        """The finance officer prepares the payment, to whom the table says."""
        own = self.waits_for(number, "prepare_own_payment")
        form, given = (
            ("prepare_own_payment", payout_answers.PREPARE_OWN_PAYMENT)
            if own
            else ("prepare_payment", payout_answers.PREPARE_PAYMENT)
        )
        task = self.task(number, form)
        proof = {} if own else {"payment_evidence": [self.upload(FINANCE_OFFICER, task.id, kind="payment_evidence")]}
        lines = {} if own else {"evidence_lines": [given["evidence_lines"][0] | {"line_amount": amount}]}
        self.complete(FINANCE_OFFICER, number, form, given | proof | lines | {"amount": amount})

    def loan_of(self, number: str) -> Loan:
        """The case's newest loan as it is now."""
        with self.app.app_context(), reading() as session:
            found = loans.of_case(session, self.case(number).id)
        assert found, f"{number} has no loan but {[row.cause_en for row in self.incidents(number)]}"
        return found[-1]

    def sign_all(self, login: str, number: str) -> None:
        """The person's organisation signs every contract of the case that waits for it; then the system goes on."""
        actor = self.actor(login)
        with self.app.app_context():
            for contract in list_contracts(actor, number):
                if contract.to_sign:
                    sign_contract(actor, contract.number, logged_in_at=clock.real_now())
        self.work()

    def open_tasks(self, number: str) -> list[UserTask]:
        """The open tasks of a case, oldest first."""
        with self.app.app_context(), reading() as session:
            query = select(UserTask).join(LoanCase, LoanCase.id == UserTask.case_id).where(LoanCase.number == number)
            return list(session.scalars(query.where(UserTask.state == "open").order_by(UserTask.id)))

    def waits_for(self, number: str, form_key: str) -> bool:
        """Whether an open task of the case has this form."""
        return any(task.form_key == form_key for task in self.open_tasks(number))

    def task(self, number: str, form_key: str) -> UserTask:
        """The case's open task with this form."""
        found = self.open_tasks(number)
        assert any(task.form_key == form_key for task in found), (
            f"{number} does not wait for {form_key} but for {[task.form_key for task in found]}; "
            f"incidents: {[row.cause_en for row in self.incidents(number)]}"
        )
        return next(task for task in found if task.form_key == form_key)

    def task_row(self, task_id: int) -> UserTask:
        """A task as it is now, whatever its state."""
        with self.app.app_context(), reading() as session:
            return session.get_one(UserTask, task_id)

    def case(self, number: str) -> LoanCase:
        """The case as it is now."""
        with self.app.app_context(), reading() as session:
            return session.scalars(select(LoanCase).where(LoanCase.number == number)).one()

    def instances(self, number: str) -> list[ProcessInstance]:
        """The case's process instances, oldest first."""
        with self.app.app_context(), reading() as session:
            query = select(ProcessInstance).where(ProcessInstance.business_key == number)
            return list(session.scalars(query.order_by(ProcessInstance.id)))

    def history(self, number: str) -> list[HistoryEntry]:
        """The case's history, oldest first."""
        case_id = self.case(number).id
        with self.app.app_context(), reading() as session:
            query = select(HistoryEntry).where(HistoryEntry.case_id == case_id)
            return list(session.scalars(query.order_by(HistoryEntry.id)))

    def incidents(self, number: str) -> list[Incident]:
        """The case's incidents that nobody has resolved."""
        case_id = self.case(number).id
        with self.app.app_context(), reading() as session:
            query = select(Incident).where(Incident.case_id == case_id, Incident.resolved_at.is_(None))
            return list(session.scalars(query))


def _is_large(amount: str) -> bool:
    return amount.replace(".", "", 1).isdigit() and float(amount) > STATEMENTS_ABOVE


def _posted(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in row.items()}


def mandatory_kinds(task: UserTask) -> list[str]:
    """The kinds of document that a task's checklist asks for."""
    lists = [value for value in task.variables.values() if isinstance(value, list)]
    return [
        item["kind"] for items in lists for item in items if isinstance(item, dict) and item.get("mandatory") is True
    ]
