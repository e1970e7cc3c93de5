"""Plays the demo's stories in one order of time: people, timers, the bank and the daily close, each when it is due."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.config import Settings
from app.gateways import clock, sources
from app.gateways.sandboxes import Availability, sandboxes
from app.moment import Moment
from app.storage import audit, loans
from app.storage.audit import AuditEntry
from app.storage.cases import LoanCase
from app.storage.database import alone, reading, unit_of_work
from app.storage.loans import Loan
from app.storage.user_tasks import UserTask
from app.use_cases import dispatch
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.applications.start_application import start_application
from app.use_cases.closing.catch_up import catch_up
from app.use_cases.demo.agenda import CLOSE_OF_DAY, DAY, PAYS, Agenda, in_office_hours, local
from app.use_cases.demo.answer_book import book
from app.use_cases.demo.demo_bank import DemoBank, demo_bank
from app.use_cases.demo.demo_data import demo_stories
from app.use_cases.demo.demo_people import DemoPeople
from app.use_cases.demo.load_demo import VERB
from app.use_cases.demo.pay_instalment import pay_instalment
from app.use_cases.demo.story import Story, span, story_of
from app.use_cases.demo.work_on_task import work_on_task
from app.use_cases.parties.read_notifications import mark_all_read
from app.use_cases.payments.simulate_credit import Credit, simulate_credit

READS = timedelta(days=3)  # before the end, everybody reads the messages of the year
HOURS = 4.0  # after which somebody does what stands in the inbox, where the answer book says nothing
BANK = "bank"
BEGUN, ENDED = "year", "year played"


def play_demo(settings: Settings) -> list[str]:
    """The numbers of the cases that were played up to now; each act has the clock of its own time.

    Nothing else may work on the database meanwhile: a worker or poller would act at its own time.
    """
    _note(BEGUN)
    stories = [story_of(entry, number) for number, entry in enumerate(demo_stories()["cases"], start=1)]
    with alone(), _rare_collections(), demo_bank(settings) as bank, _sources() as availability:
        _Play(clock.moment().now, bank, availability).run(stories, demo_stories()["credits"])
    _note(ENDED)
    return [story.number for story in stories]


def is_half_played() -> bool:
    """Whether a play was cut off: its cases stand as they stood then, and nobody goes on with them."""
    with reading() as session:
        noted = set(session.scalars(select(AuditEntry.target).where(AuditEntry.verb == VERB)))
    return BEGUN in noted and ENDED not in noted


def _note(target: str) -> None:
    with unit_of_work() as session:
        at = clock.real_now()
        audit.record(session, organisation_id=None, person_id=None, verb=VERB, target=target, detail=None, at=at)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Lets Python look for cycles among objects less often: a fifteenth of the play's time."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _sources() -> Iterator[Availability]:
    """The sandboxes of the outside sources, some of which the stories switch off for some hours."""
    before, state = sources.current(), Availability()
    sources.use(sandboxes(state))
    try:
        yield state
    finally:
        sources.use(before)


class _Play:
    """Who does what next, up to `end`."""

    def __init__(self, end: datetime, bank: DemoBank, availability: Availability) -> None:
        self._end, self._bank, self._availability = end, bank, availability
        self._people, self._agenda = DemoPeople(), Agenda()
        self._of_case: dict[int, Story] = {}
        self._last_task = self._last_loan = 0

    def run(self, stories: list[Story], credits: list[Mapping[str, Any]]) -> None:
        """Begins every story in its time and goes on until the end."""
        for story in stories:
            begins = self._end - story.ago
            self._agenda.add(in_office_hours(begins) if story.keeps_hours else begins, self._begin, story)
        for credit in credits:
            self._agenda.add(self._end - span(credit["ago"]), self._credit, credit)
        first = Moment.at(self._end - max(story.ago for story in stories)).business_on
        self._agenda.add(local(first, CLOSE_OF_DAY), self._close_day)
        self._agenda.add(self._end - READS, self._read)
        for at, act in self._agenda.until(self._end):
            with clock.fixed_at(at):
                act()
                self._settle()
                self._look()
        with clock.fixed_at(self._end):
            catch_up()
            self._settle()

    def _settle(self) -> None:
        """What the system and the bank do at this moment."""
        dispatch.run_all_due()
        while self._bank.work():
            dispatch.run_all_due()

    def _begin(self, story: Story) -> None:
        place = self._people.organisations[story.funder]
        story.number = start_application(self._people.of_firm(story.firm), story.product, place).case_number
        with reading() as session:
            case_id = session.scalars(select(LoanCase.id).where(LoanCase.number == story.number)).one()
        self._of_case[case_id] = story

    def _look(self) -> None:
        """Plans what people will do with tasks and loans that have come up."""
        with reading() as session:
            newest = select(
                select(func.max(UserTask.id)).scalar_subquery(), select(func.max(Loan.id)).scalar_subquery()
            )
            if session.execute(newest).one() == (self._last_task or None, self._last_loan or None):
                return
            query = select(UserTask).where(UserTask.id > self._last_task).order_by(UserTask.id)
            tasks = [(task, self._people.roles_of(session, task)) for task in session.scalars(query)]
            lent = list(session.scalars(select(Loan).where(Loan.id > self._last_loan).order_by(Loan.id)))
        for task, roles in tasks:
            self._last_task = task.id
            self._plan_task(self._of_case[task.case_id or 0], task, roles)
        for loan in lent:
            self._last_loan = loan.id
            self._plan_payments(self._of_case[loan.case_id], loan)

    def _plan_task(self, story: Story, task: UserTask, roles: set[str]) -> None:
        now, form = clock.moment().now, task.form_key or ""
        if story.pulls_back == form:
            story.pulls_back = ""
            self._agenda.add(in_office_hours(now + timedelta(hours=HOURS)), self._pull_back, story)
            return
        said = story.saying(form)
        if story.waits_at(form, roles) and not said:
            return
        at = now + timedelta(hours=float(said.get("after", book(form).get("after", HOURS))))
        self._agenda.add(in_office_hours(at) if story.keeps_hours else at, self._work, story, task.id, form, said)

    def _work(self, story: Story, task_id: int, form: str, said: Mapping[str, Any]) -> None:
        if story.outage.get("after") == form:
            self._lose(story.outage["source"])
            back = clock.moment().now + timedelta(hours=float(story.outage["hours"]))
            self._agenda.add(back, self._find)
        work_on_task(self._people, story, task_id, said)

    def _lose(self, source: str) -> None:
        self._bank.is_away = source == BANK
        self._availability.down.update({source} - {BANK})

    def _find(self) -> None:
        self._bank.is_away = False
        self._availability.down.clear()

    def _pull_back(self, story: Story) -> None:
        pull_back(self._people.of_firm(story.firm), story.number)

    def _plan_payments(self, story: Story, loan: Loan) -> None:
        with reading() as session:
            rows = loans.rows_in_force(session, [loan.id])[loan.id]
        payer = self._people.of_firm(story.firm)
        for position, row in enumerate(rows):
            late = story.days_late(position)
            if late is not None:
                on = row.due_on + timedelta(days=late)
                self._agenda.add(local(on, PAYS), pay_instalment, payer, loan.number)

    def _credit(self, credit: Mapping[str, Any]) -> None:
        said = Credit(credit["remark"], Decimal(credit["amount"]), credit["payer"])
        simulate_credit(self._people.named(credit["by"]), said)

    def _read(self) -> None:
        for person in self._people.everybody():
            mark_all_read(person)

    def _close_day(self) -> None:
        if self._last_loan:  # before the first loan there is nothing to close
            catch_up()
        self._agenda.add(clock.moment().now + DAY, self._close_day)
