"""Fires the due timers of one instance."""

from __future__ import annotations

from app import engine
from app.gateways import clock
from app.storage import instances, waiting
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.use_cases.definitions.load_release import load_release
from app.use_cases.instances.advance import advance
from app.use_cases.instances.run import Run


def fire_timers(instance_id: int) -> bool:
    """Fires all due timers in one unit; False when the instance has none any more."""
    moment = clock.moment()
    with unit_of_work() as session:
        instance = instances.locked(session, instance_id)
        if instance is None or instance.state is None or not waiting.is_due(session, instance_id, moment.now):
            return False
        release = load_release(session, instance.release_id)
        outcome = engine.fire_timers(release.runtime, instance.state, moment)
        case = session.get_one(LoanCase, instance.case_id)
        advance(Run(session, instance, case, release, moment), outcome)
    return True
