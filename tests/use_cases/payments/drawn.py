"""A small drawing that pays and waits for the result, on which workers run, race and die."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.gateways import clock
from app.storage.database import reading
from app.storage.instances import ProcessInstance
from app.storage.outbox import OutboxRow
from app.use_cases import dispatch
from app.use_cases.definitions.publish import publish
from tests.engine.diagrams import END, START, bpmn, element, line, mapping, process
from tests.use_cases import small_processes
from tests.use_cases.payments.counter import Counter
from tests.use_cases.small_processes import operation

DECLARED = """<bpmn:message id="m_result" name="PaymentResult"><bpmn:extensionElements>
  <zeebe:subscription correlationKey="=payment_no" /></bpmn:extensionElements></bpmn:message>"""
RESULT = '<bpmn:messageEventDefinition messageRef="m_result" />'
PAYS = process(
    START,
    operation("p1", "pay_out", inputs={"payment_no": "= payment_no"}, headers={"retry_backoff": "PT1S,PT1S,PT1S,PT1S"}),
    element("intermediateCatchEvent", "p2", mapping(outputs={"result": "= result"}), RESULT),
    END,
    line("start", "p1", "p2", "end"),
    key="pays_and_waits",
)


class Drawn:
    """One instance of the drawing, for a confirmed payment."""

    def __init__(self, counter: Counter, amount: str = "1000.00") -> None:
        self.counter, self.desk = counter, counter.desk
        self.case_number = counter.ready_case()
        self.number = counter.confirmed(self.case_number, amount)
        with self.desk.app.app_context():
            publish({"processes/pays.bpmn": bpmn(PAYS, declared=DECLARED)})
        self.instance_id = small_processes.start(self.desk, "pays_and_waits", self.case_number, payment_no=self.number)

    @property
    def row_id(self) -> int:
        """The outbox row of the step that pays."""
        with self.desk.app.app_context(), reading() as session:
            return session.query(OutboxRow).filter_by(instance_id=self.instance_id, name="pay_out").one().id

    def run(self) -> bool:
        """Runs the step as a worker does."""
        with self.desk.app.app_context():
            return dispatch.run_outbox_row(self.row_id)

    def die(self, at: Callable[[Callable[..., Any]], None], act: Callable[[], object]) -> int:
        """Acts in a process of its own, where `at` has planted a kill -9; the exit code.

        `at` gets the function that kills.
        """

        def child() -> None:
            at(killed)
            act()
            os._exit(0)

        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        process.join(60)
        assert process.exitcode is not None
        return process.exitcode

    def work(self, now: datetime | None = None) -> None:
        """Workers, bank and timers until nothing is left to do, at a time when every lease is over."""
        with clock.fixed_at(now or clock.real_now() + 2 * dispatch.LEASE):
            for _ in range(3):
                self.desk.work()
                self.counter.bank.work()
            self.desk.work()

    @property
    def instance(self) -> ProcessInstance:
        """The instance as it is now."""
        return small_processes.instance(self.desk, self.instance_id)


def killed(*_: Any, **__: Any) -> Any:
    """What stands in the place of a function at whose call the process dies."""
    os.kill(os.getpid(), signal.SIGKILL)
