"""Starts a process for a case and round, at most once for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import engine
from app.moment import Moment
from app.storage import instances
from app.storage.cases import LoanCase
from app.storage.instances import ProcessInstance
from app.use_cases.definitions.load_release import load_current
from app.use_cases.instances.advance import advance
from app.use_cases.instances.run import Run
from app.use_cases.permissions import Actor


def business_round(variables: Mapping[str, Any]) -> str:
    """The round under which a process may run once: "2", or "2.1" where a review returned the case within a round."""
    again = variables.get("review_round")
    return f"{variables.get('round', 1)}.{again}" if again else str(variables.get("round", 1))


def start_instance(
    session: Session,
    case: LoanCase,
    process_key: str,
    variables: Mapping[str, Any],
    moment: Moment,
    *,
    message: str | None = None,
    actor: Actor | None = None,
) -> ProcessInstance | None:
    """Starts the process inside the caller's unit; None when it already ran for this case and round."""
    round_ = business_round(variables)
    if instances.active_with_key(session, process_key, case.number, round_) is not None:
        return None
    release = load_current(session, process_key)
    instance = ProcessInstance(
        case_id=case.id,
        process_key=process_key,
        business_key=case.number,
        round=round_,
        release_id=release.id,
        status="active",
        state=None,
        version=1,
        started_at=moment.now,
    )
    session.add(instance)
    session.flush()
    outcome = engine.start(release.runtime, dict(variables), moment, start_message=message)
    advance(Run(session, instance, case, release, moment, actor), outcome)
    return instance
