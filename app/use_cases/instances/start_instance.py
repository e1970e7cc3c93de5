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
    """The round under which a process may run once: "2", or "2.1" where a review returned the case within a round.

    A process about a loan counts the loan's episodes of arrears, and may come back to one of them (`again`).
    """
    first = variables.get("episode", variables.get("round", 1))
    again = variables.get("again") or variables.get("review_round")
    return f"{first}.{again}" if again else str(first)


def start_instance(
    session: Session,
    case: LoanCase,
    process_key: str,
    variables: Mapping[str, Any],
    moment: Moment,
    *,
    message: str | None = None,
    actor: Actor | None = None,
    business_key: str | None = None,
) -> ProcessInstance | None:
    """Starts the process inside the caller's unit; None when it already ran for this key (the case's number, or that of
    a loan or receipt of the case) and round.
    """
    key, round_ = business_key or case.number, business_round(variables)
    if instances.active_with_key(session, process_key, key, round_) is not None:
        return None
    release = load_current(session, process_key)
    instance = ProcessInstance(
        case_id=case.id,
        process_key=process_key,
        business_key=key,
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
