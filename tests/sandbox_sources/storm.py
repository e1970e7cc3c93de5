"""Bad weather for the outside sources: each behaves at random at every step, and workers die at random moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.gateways import clock, sources
from app.gateways.sources import NAMES, Reply
from app.sandbox_sources.behaviour import BEHAVIOURS, OK
from app.sandbox_sources.enquiries import Pace
from app.storage import reports
from app.storage.database import reading
from app.storage.outbox import OutboxRow
from app.storage.reports import ExternalReport
from app.use_cases import dispatch
from app.use_cases.instances.retry_incident import retry_incident
from tests.desk import ADMINISTRATOR, COMPLIANCE_OFFICER, LEAD, MANAGER, Desk, mandatory_kinds
from tests.processes import answers, payout_answers
from tests.sources import Running

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FIRMS = ("chen.jing", "lu.ming", "gu.fang", "tang.wei")
STEP = timedelta(minutes=7)
STEPS = 120
KILLED_PERCENT, BAD_PERCENT = 8, 75
# late answers go by the storm's clock: one is there after two steps, one is pushed after one
PACE = Pace(slow=0.02, late=800.0, push=400.0, again=60.0)
# what a person does where a source stayed silent, and who
BY_HAND = {
    "manual_verification": (MANAGER, answers.MANUAL_PASSED),
    "obtain_report": (LEAD, answers.OBTAIN_REPORT),
    "compliance_clearance": (COMPLIANCE_OFFICER, payout_answers.CLEARED),
}
# stalled answers are left to a test of their own: each costs the time that is waited for it
WEATHER = [name for name in BEHAVIOURS if name not in (OK, "stalled")]


def storm_clock() -> float:
    """The clock that the storm stops, in seconds."""
    return clock.unmoved_now().timestamp()


class Killed(BaseException):
    """The worker is gone at this moment; nothing of the product may catch it."""


@dataclass
class Run:
    """What one case went through."""

    number: str
    by_hand: list[str] = field(default_factory=list)
    retried: int = 0


@dataclass
class Storm:
    """Cases of one desk in bad weather; `seed` makes the weather, so that a run that fails can be played again."""

    desk: Desk
    running: Running
    seed: int
    killed: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.runs: list[Run] = []
        self._killing = False

    def submit(self, count: int) -> None:
        """So many cases are handed in, with nothing done yet by the system."""
        for number in range(count):
            login = FIRMS[number % len(FIRMS)]
            with clock.fixed_at(NOW):
                case = self.desk.start(login)
                self.desk.complete(login, case, "working-capital-application", self.desk.application(login))
                task = self.desk.task(case, "upload_documents")
                document_id = self.desk.upload(login, task.id)
                self.desk.complete_task(login, task.id, answers.uploaded(mandatory_kinds(task), document_id))
            self.runs.append(Run(case))

    def blow(self) -> None:
        """Lets time pass until every case waits for a reviewer, or is lost."""
        for step in range(STEPS):
            with clock.fixed_at(NOW + step * STEP):
                self._work()
                self.running.enquiries.work()
                self._check_reasons()
                self._people_act()
            if all(self.arrived(run) for run in self.runs):
                return

    def arrived(self, run: Run) -> bool:
        """Whether the case waits for a person who goes on with it."""
        return any(task.form_key not in BY_HAND for task in self.desk.open_tasks(run.number))

    def asked(self) -> dict[str, int]:
        """How often each behaviour was met."""
        return dict(sorted(self.running.server.met.items()))

    def doubled(self, run: Run) -> list[str]:
        """Kinds of reports that one request of the case left twice."""
        with self.desk.app.app_context(), reading() as session:
            kept = reports.of_case(session, self.desk.case(run.number).id)
            asked = session.query(OutboxRow).filter_by(case_id=kept[0].case_id if kept else 0).all()
        counts = Counter(report.reference for report in kept if report.entered_by is None)
        return [reference for reference, times in counts.items() if times > 1] + _more_than_asked(kept, asked)

    def _weather(self) -> None:
        for source in NAMES:
            bad = self.random.randrange(100) < BAD_PERCENT
            chosen = self.random.choice(WEATHER) if bad else OK
            self.running.behave(chosen, source)

    def _work(self) -> None:
        """A worker takes what is due, and another one where it dies."""
        for _ in range(200):
            with self.desk.app.app_context():
                due, timers = dispatch.due_rows(), dispatch.due_instances()
                ran = sum(self._survived(row_id) for row_id in due)
                ran += sum(dispatch.run_timers(instance_id) for instance_id in timers)
            if not ran:
                return

    def _survived(self, row_id: int) -> bool:
        self._weather()
        try:
            with self._a_killer():
                return dispatch.run_outbox_row(row_id)
        except Killed:
            self.killed += 1
            return False

    @contextmanager
    def _a_killer(self) -> Iterator[None]:
        """With bad luck the worker dies within: before or after the source is asked, or before a commit."""
        if self.random.randrange(100) >= KILLED_PERCENT:
            yield
            return
        when = self.random.choice(("asking", "answered", "committing"))
        if when == "committing":
            with _killed_before_commit(self.random.randrange(3)):
                yield
        else:
            with _killed_at_the_source(when):
                yield

    def _check_reasons(self) -> None:
        """While a case waits, it says for what: a task, a row that is tried again with its reason, or an incident."""
        for run in self.runs:
            if not self.desk.open_tasks(run.number) and not self.desk.incidents(run.number):
                with self.desk.app.app_context(), reading() as session:
                    case_id = self.desk.case(run.number).id
                    rows = session.query(OutboxRow).filter_by(case_id=case_id).all()
                waiting = [row for row in rows if row.state in ("waiting", "running")]
                assert waiting, f"{run.number} waits for nothing (seed {self.seed})"
                told = [row for row in waiting if row.state == "running" or row.last_error or not row.attempts]
                assert told == waiting, f"{run.number} does not say why it waits (seed {self.seed})"

    def _people_act(self) -> None:
        for run in self.runs:
            for form, (login, given) in BY_HAND.items():
                if self.desk.waits_for(run.number, form):
                    task = self.desk.task(run.number, form)
                    self.desk.complete_task(login, task.id, given)
                    run.by_hand.append(form)
            for incident in self.desk.incidents(run.number):
                actor = self.desk.actor(ADMINISTRATOR)
                with self.desk.app.app_context():
                    retry_incident(actor, incident.id)
                run.retried += 1


def _more_than_asked(kept: list[ExternalReport], asked: list[OutboxRow]) -> list[str]:
    """Kinds with more answers of sources than finished requests for anything."""
    done = [row for row in asked if row.state == "done"]
    return [] if len([one for one in kept if one.entered_by is None]) <= len(done) else ["more reports than requests"]


@contextmanager
def _killed_before_commit(after: int) -> Iterator[None]:
    left = [after]

    def kill(_session: Any) -> None:
        if left[0] == 0:
            raise Killed
        left[0] -= 1

    event.listen(Session, "before_commit", kill)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", kill)


class _Deadly:
    """A port whose caller dies before it asks or after it was answered."""

    def __init__(self, inner: Any, when: str) -> None:
        self.inner, self.when = inner, when

    def ask(self, *about: Any) -> Reply:
        """Never returns."""
        if self.when == "answered":
            self.inner.ask(*about)
        raise Killed


@contextmanager
def _killed_at_the_source(when: str) -> Iterator[None]:
    whole = sources.current()
    deadly = {name: _Deadly(getattr(whole, name), when) for name in NAMES}
    sources.use(sources.Sources(**deadly, secrets=whole.secrets))
    try:
        yield
    finally:
        sources.use(whole)
