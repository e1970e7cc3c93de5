"""A loan in arrears for tests: days pass with the close and the timers of each, people work in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.gateways import clock
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.incidents import Incident
from app.storage.notifications import Notification
from app.storage.user_tasks import UserTask
from tests.desk import Desk
from tests.processes import collection_answers as given
from tests.use_cases.loans.lent import PAID_OUT, at, close, lent, loan, receive

FINANCE, COLLECTOR, FIELD = "bai.xue", "yu.hai", "tan.bo"
RECOVERY, RISK = "qiu.ming", "shi.lan"
DUE = date(2026, 2, 15)  # the first instalment of `lent`: 10,600.00


class Arrears:
    """One loan whose borrower does not pay; `on` is the business date."""

    def __init__(self, desk: Desk, **terms: Any) -> None:
        self.desk, self.on = desk, PAID_OUT
        with self.day():
            self.loan_no = lent(desk, **terms)
        self.case_id = loan(desk, self.loan_no).case_id

    @contextmanager
    def day(self) -> Iterator[None]:
        """The business date within the block."""
        with clock.fixed_at(at(self.on).now):
            yield

    def go_to(self, on: date, step: int = 1) -> Arrears:
        """Closes the loan for the days up to `on` (each `step`), with messages, operations and timers of each day."""
        while self.on < on:
            self.on = min(self.on + timedelta(days=step), on)
            close(self.desk, self.loan_no, self.on)
            self.work()
        return self

    def work(self) -> None:
        """What the system does today."""
        with self.day():
            self.desk.work()

    def pay(self, amount: str) -> Arrears:
        """The borrower pays today."""
        with self.day():
            receive(self.desk, self.loan_no, amount, self.on)
        self.work()
        return self

    def do(self, login: str, form: str, entered: Mapping[str, Any], process: str = "collections") -> Arrears:
        """Somebody completes the open task with this form, dated today."""
        with self.day():
            self.desk.complete_task(login, self.task(form, process).id, self.dated(entered))
        self.work()
        return self

    def dated(self, entered: Mapping[str, Any]) -> dict[str, Any]:
        """The sample answers as of today; what is promised is promised for in three days."""
        today = self.on.isoformat()
        dates = {key: today for key in ("contact_on", "sent_on", "visited_on", "checked_on") if key in entered}
        later = {"promised_on": (self.on + timedelta(days=3)).isoformat()} if "promised_on" in entered else {}
        return {**entered, **dates, **later}

    def open(self, process: str = "collections") -> list[UserTask]:
        """The open tasks of one of the case's processes."""
        query = select(UserTask).where(UserTask.case_id == self.case_id, UserTask.process_key == process)
        with self.desk.app.app_context(), reading() as session:
            return list(session.scalars(query.where(UserTask.state == "open").order_by(UserTask.id)))

    def forms(self) -> list[str]:
        """Which forms are open, sorted."""
        return sorted(task.form_key or "" for task in self.open())

    def task(self, form: str, process: str = "collections") -> UserTask:
        """The open task with this form."""
        found = [task for task in self.open(process) if task.form_key == form]
        assert found, f"{self.loan_no} waits for {self.forms()} on {self.on}"
        return found[0]

    def told(self) -> str:
        """What was told to anybody about the case."""
        query = select(Notification.text_zh).where(Notification.case_id == self.case_id).order_by(Notification.id)
        with self.desk.app.app_context(), reading() as session:
            return " / ".join(session.scalars(query))

    def incidents(self) -> list[str]:
        """What went wrong in the case and is not mended."""
        query = select(Incident.cause_en).where(Incident.case_id == self.case_id, Incident.resolved_at.is_(None))
        with self.desk.app.app_context(), reading() as session:
            return list(session.scalars(query))

    def milestone(self) -> str:
        """How far the case is."""
        with self.desk.app.app_context(), reading() as session:
            return session.get_one(LoanCase, self.case_id).milestone


def visited(arrears: Arrears) -> dict[str, Any]:
    """The sample visit with a photograph that was uploaded to the task."""
    with arrears.day():
        photo = arrears.desk.upload(FIELD, arrears.task("field_visit").id, kind="photos")
    return given.VISIT | {"photos": [photo]}
