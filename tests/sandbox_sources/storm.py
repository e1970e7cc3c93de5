"""Bad weather for the outside sources: each behaves at random at every step, and workers die at random moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
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
from app.storage.incidents import Incident
from app.storage.outbox import OutboxRow
from app.storage.reports import ExternalReport
from app.storage.user_tasks import UserTask
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
    case_id: int
    by_hand: list[str] = field(default_factory=list)
    retried: int = 0


@dataclass
class Stand:
    """Where a case stands at a moment."""

    tasks: list[UserTask] = field(default_factory=list)
    rows: list[OutboxRow] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)


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
        """So many cases are handed in, and then nothing is done yet by the system."""
        with clock.fixed_at(NOW):
            drafts = [(login, self.desk.start(login)) for login in islice(cycle(FIRMS), count)]
            for login, case in drafts:
                self.desk.complete(login, case, "working-capital-application", self.desk.application(login))
                self.runs.append(Run(case, self.desk.case(case).id))
            for login, case in drafts:
                task = self.desk.task(case, "upload_documents")
                document_id = self.desk.upload(login, task.id)
                self.desk.complete_task(login, task.id, answers.uploaded(mandatory_kinds(task), document_id))

    def blow(self) -> None:
        """Lets time pass, from one thing that is due to the next, until every case waits for a reviewer or is lost."""
        now = NOW
        for _ in range(STEPS):
            with clock.fixed_at(now):
                self._work()
                self.running.enquiries.work()
                stands = self._look()
                self._check_reasons(stands)
                acted = self._people_act(stands)
            if all(self._arrived(stands[run.case_id]) for run in self.runs):
                return
            now = now + timedelta(seconds=1) if acted else self._next_moment(now, stands)

    def lost(self) -> list[str]:
        """Cases that wait for nobody who goes on with them."""
        stands = self._look()
        return [run.number for run in self.runs if not self._arrived(stands[run.case_id])]

    def _arrived(self, stand: Stand) -> bool:
        return any(task.form_key not in BY_HAND for task in stand.tasks)

    def _next_moment(self, now: datetime, stands: dict[int, Stand]) -> datetime:
        rows = [row for stand in stands.values() for row in stand.rows]
        due = [row.next_at for row in rows if row.state == "waiting" and row.next_at]
        due += [row.lease_until for row in rows if row.state == "running" and row.lease_until]
        due += [now + timedelta(seconds=PACE.push)] if self.running.enquiries.pending else []
        return max(min(due, default=now + STEP), now) + timedelta(seconds=1)

    def _look(self) -> dict[int, Stand]:
        """Where every case stands: its open tasks, its rows that are not done and its open incidents."""
        stands = {run.case_id: Stand() for run in self.runs}
        with self.desk.app.app_context(), reading() as session:
            for task in session.query(UserTask).filter_by(state="open"):
                stands[task.case_id or 0].tasks.append(task)
            for row in session.query(OutboxRow).filter(OutboxRow.state.in_(("waiting", "running"))):
                stands[row.case_id or 0].rows.append(row)
            for incident in session.query(Incident).filter_by(resolved_at=None):
                stands[incident.case_id or 0].incidents.append(incident)
        return stands

    def asked(self) -> dict[str, int]:
        """How often each behaviour was met."""
        return dict(sorted(self.running.server.met.items()))

    def doubled(self, run: Run) -> list[str]:
        """Kinds of reports that one request of the case left twice."""
        with self.desk.app.app_context(), reading() as session:
            kept = reports.of_case(session, run.case_id)
            asked = session.query(OutboxRow).filter_by(case_id=run.case_id).all()
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

    def _check_reasons(self, stands: dict[int, Stand]) -> None:
        """While a case waits, it says for what: a task, a row that is tried again with its reason, or an incident."""
        for run in self.runs:
            stand = stands[run.case_id]
            if stand.tasks or stand.incidents:
                continue
            assert stand.rows, f"{run.number} waits for nothing (seed {self.seed})"
            silent = [row.name for row in stand.rows if row.state == "waiting" and row.attempts and not row.last_error]
            assert silent == [], f"{run.number} does not say why it waits (seed {self.seed})"

    def _people_act(self, stands: dict[int, Stand]) -> bool:
        """People do by hand what sources did not, and administrators retry what stopped; whether anybody did."""
        acted = False
        for run in self.runs:
            for task in [one for one in stands[run.case_id].tasks if one.form_key in BY_HAND]:
                login, given = BY_HAND[task.form_key or ""]
                self.desk.complete_task(login, task.id, given)
                run.by_hand.append(task.form_key or "")
                acted = True
            for incident in stands[run.case_id].incidents:
                actor = self.desk.actor(ADMINISTRATOR)
                with self.desk.app.app_context():
                    retry_incident(actor, incident.id)
                run.retried += 1
                acted = True
        return acted


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
