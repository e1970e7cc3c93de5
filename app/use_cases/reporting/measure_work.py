"""What an operator's monitoring watches, as numbers without a name of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.gateways import clock, queue
from app.storage import closes, measures
from app.storage.database import reading

LATE_AFTER = timedelta(minutes=1)  # of a timer or a row that the poller, who looks every second, should have seen to


@dataclass(frozen=True)
class Measure:
    """A number for each combination of labels, `what` in a sentence; without labels it is ((), number)."""

    name: str
    what: str
    numbers: tuple[tuple[tuple[str, ...], float], ...]
    labels: tuple[str, ...] = ()


def measure_work() -> tuple[Measure, ...]:
    """Of this moment, counted in the database: every web process says the same."""
    moment, unmoved = clock.moment(), clock.unmoved_now()
    with reading() as session:
        open_tasks, overdue = measures.open_tasks(session, moment.now)
        waiting, oldest = measures.outbox_waiting(session, moment.now)
        return (
            _one("open_tasks", "Open tasks of people.", open_tasks),
            _one("overdue_tasks", "Open tasks past their time.", overdue),
            _one("open_incidents", "Steps that stopped and wait for a retry.", measures.open_incidents(session)),
            _one("outbox_waiting", "Outbox rows that are due and not done.", waiting),
            _one("outbox_oldest_seconds", "Age of the oldest of them.", _age(oldest, moment.now)),
            _one("outbox_abandoned", "Rows whose worker is gone.", measures.outbox_abandoned(session, unmoved)),
            _one("late_timers", "Timers late by a minute.", measures.late_timers(session, moment.now - LATE_AFTER)),
            Measure(
                "running_instances",
                "Process instances under way.",
                tuple(((key,), number) for key, number in measures.running_instances(session)),
                ("process",),
            ),
            _one("close_lag_days", "Days that are not closed yet.", _lag(session)),
            _one("close_failures", "Loans that a daily close could not close.", measures.close_failures(session)),
            _one("ledger_imbalance_yuan", "What the books are out of balance; must be 0.", measures.imbalance(session)),
            _one("payments_unknown", "Payments whose result is not known.", measures.payments_unknown(session)),
            _one("payment_alarms", "Messages of the bank that do not fit.", measures.payment_alarms(session)),
            _one("queue_up", "Whether the queue's server answers.", queue.is_reachable()),
        )


def _one(name: str, what: str, number: float | Decimal) -> Measure:
    return Measure(name, what, (((), float(number)),))


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _lag(session: Session) -> int:
    """Days after the last close that is done, up to the business date; 0 before the first loan."""
    business_on = clock.moment().business_on
    first = closes.next_day(session, business_on)
    return 0 if first is None else (business_on - first).days + 1
