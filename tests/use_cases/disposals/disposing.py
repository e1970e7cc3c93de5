"""A pledged loan that collections handed over, on its way through the drawn disposal: people, days and the bank act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.gateways import clock
from app.storage import collateral, disposals
from app.storage.contracts import Contract
from app.storage.database import reading, unit_of_work
from app.storage.disposals import Disposal
from app.storage.party_store import store
from app.storage.user_tasks import UserTask
from app.use_cases.ledger_check.check_ledger import check_ledger
from app.use_cases.parties import party_key
from app.use_cases.tasks.complete_task import complete_task
from tests.desk import Desk
from tests.processes import collection_answers, payout_answers
from tests.processes import disposal_answers as given
from tests.use_cases.collateral.receipts import pledged_case
from tests.use_cases.collections.arrears import DUE, RECOVERY, RISK, Arrears
from tests.use_cases.loans.lent import loan, trial
from tests.use_cases.payments import counter as counters
from tests.use_cases.payments.counter import Counter
from tests.use_cases.small_processes import send

FINANCE, CHECKER, CLERK = "bai.xue", "fu.lei", "meng.jie"
KEEPER, APPRAISER = "lei.cang", "heng.jun"
PROCESS, COLLECTIONS = "collateral_disposal", "collections"
ACCOUNT, OWNER = "6228480320567890017", "清溪织造有限公司"
# what a test's short cuts (reviews and signatures as rows) leave to the tests of the checks themselves
BOOKED = (1, 2, 3, 4, 6, 7, 8, 9, 20, 25, 27, 29, 31)
DATED = ("valued_on", "cancelled_on")


class Disposing(Arrears):
    """One loan and its disposal, which begins with `handed_over`."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.case_number = counter, pledged_case(counter.desk)
        super().__init__(counter.desk, case_number=self.case_number)
        _keep_account(counter.desk, self.case_id)

    def open(self, process: str = PROCESS) -> list[UserTask]:
        """The open tasks of the disposal, or of another process of the case."""
        query = select(UserTask).where(UserTask.case_id == self.case_id, UserTask.process_key == process)
        with self.desk.app.app_context(), reading() as session:
            return list(session.scalars(query.where(UserTask.state == "open").order_by(UserTask.id)))

    def task(self, form: str, process: str = PROCESS) -> UserTask:
        """The open task with this form."""
        return next(task for task in self.open(process) if task.form_key == form)

    def dated(self, entered: Mapping[str, Any]) -> dict[str, Any]:
        """The sample answers as of today."""
        return {**entered, **{key: self.on.isoformat() for key in DATED if key in entered}}

    def do(self, login: str, form: str, entered: Mapping[str, Any], process: str = PROCESS) -> Disposing:
        """As everywhere, by somebody who has just logged in; then the books are looked at."""
        actor, task_id = self.desk.actor(login), self.task(form, process).id
        with self.day(), self.desk.app.app_context():
            complete_task(actor, task_id, self.dated(entered), logged_in_at=clock.real_now())
        self.work()
        self.balanced()
        return self

    def balanced(self) -> dict[str, Decimal]:
        """The loan's balances, which add up to nothing."""
        found = trial(self.desk, self.loan_no)
        assert sum(found.values()) == 0
        return found

    def handed_over(self) -> Disposing:
        """Ninety-five days in arrears, called in, and approved for disposal."""
        self.go_to(DUE + timedelta(days=95), step=95)
        self.do(RECOVERY, "recovery_decision", collection_answers.DISPOSE, COLLECTIONS)
        return self.do(RISK, "disposal_approval", collection_answers.APPROVE, COLLECTIONS)

    def noticed(self, plan: Mapping[str, Any] = given.PLAN) -> Disposing:
        """The plan stands and debtor and pledgor are told."""
        return self.handed_over().do(RECOVERY, "plan_disposal", plan)

    def valued(self, value: str, plan: Mapping[str, Any] = given.PLAN) -> Disposing:
        """The notice is over, the goods are secured; the lower value is `value`."""
        self.noticed(plan).go_to(self.on + timedelta(days=16), step=16)
        self.do(KEEPER, "secure_goods", given.GOODS_PRESENT)
        self.do(APPRAISER, "value_collateral", given.EXTERNAL_VALUE | {"value": "9000000.00"})
        return self.do(RECOVERY, "desk_valuation", given.INTERNAL_VALUE | {"value": value})

    def sold(self, price: str) -> Disposing:
        """Valued so low that a disposal company sells it, for this price."""
        return self.valued("150000.00").sell(Decimal(price))

    def sell(self, price: Decimal) -> Disposing:
        """A disposal company finds a buyer."""
        company = {"agent_name": "浙江某资产处置公司"}
        return self.do(RECOVERY, "record_sale", given.sold(f"{price:f}") | company)

    def credit(self, amount: Decimal | str, serial: str = "Z1") -> str:
        """The bank tells of the buyer's money; what the product answered."""
        said = {"serial": serial, "kind": "credit", "amount": str(amount), "payer_name": "大江铜业有限公司"}
        with self.day():
            status, content = self.counter.call_back(said | {"remark": self.row.number})
        assert status == 200
        self.work()
        self.balanced()
        return str(content)

    def approve_again(self, **changes: Any) -> None:
        """Collections decides once more, as a drawing of any shape could."""
        told = {"case_number": self.case_number, "loan_no": self.loan_no, "episode": 1} | changes
        with self.day():
            send(self.desk, "DisposalApproved", self.loan_no, **told)
        self.work()

    def surplus_paid(self) -> Disposing:
        """Two people pay the surplus and the bank confirms it."""
        payee = {"amount": str(self.row.surplus), "payee_name": OWNER, "payee_account": ACCOUNT}
        self.do(FINANCE, "prepare_payment", payout_answers.PREPARE_PAYMENT | payee)
        self.do(CHECKER, "confirm_payment", payout_answers.CONFIRM_PAYMENT)
        with self.day():
            self.counter.bank.work()
        self.work()
        self.balanced()
        return self

    @property
    def row(self) -> Disposal:
        """The newest disposal of the loan."""
        with self.desk.app.app_context(), reading() as session:
            return disposals.of_loan(session, loan(self.desk, self.loan_no).id)[-1]

    def collections(self) -> list[str]:
        """Which forms are open in collections."""
        return [task.form_key or "" for task in self.open(COLLECTIONS)]

    def goods(self) -> list[str]:
        """The states of the collateral."""
        with self.desk.app.app_context(), reading() as session:
            return [item.state for item in collateral.of_case(session, self.case_id)]

    def owed(self) -> Decimal:
        """What is owed on the loan today."""
        return loan(self.desk, self.loan_no).outstanding

    def faults(self) -> list[str]:
        """What the auditor's check finds in the books."""
        with self.day(), self.desk.app.app_context():
            found = [one for one in check_ledger() if one.number in BOOKED]
        return [f"{one.number}: {each.where} {each.text.of('en')}" for one in found for each in one.violations]


@contextmanager
def disposing(desk: Desk) -> Iterator[Disposing]:
    """A disposal on a desk with a running bank."""
    with counters.counter(desk) as counter:
        yield Disposing(counter)


def _keep_account(desk: Desk, case_id: int) -> None:
    """The account of the borrower in the loan contract, to which alone a surplus may go."""
    with desk.app.app_context(), unit_of_work() as session:
        contract = session.scalars(select(Contract).where(Contract.case_id == case_id)).one()
        held = store(
            session,
            party_key.current(),
            case_id=case_id,
            kind="account_number",
            value=ACCOUNT,
            masked_as="6228 **** 0017",
            at=clock.real_now(),
        )
        contract.content = contract.content | {"account": {"bank": "甬江银行海曙支行", "number": held}}
