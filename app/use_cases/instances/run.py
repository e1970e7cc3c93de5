"""One step of an instance inside a unit: what is worked on, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage.cases import LoanCase
from app.storage.instances import ProcessInstance
from app.storage.user_tasks import UserTask
from app.use_cases.definitions.load_release import LoadedRelease
from app.use_cases.permissions import Actor


@dataclass(frozen=True)
class Run:
    """The rows that a step changes; `actor` and `task` where a person did something, `note` for its history row."""

    session: Session
    instance: ProcessInstance
    case: LoanCase
    release: LoadedRelease
    moment: Moment
    actor: Actor | None = None
    task: UserTask | None = None
    note: dict[str, object] | None = None

    def noting(self, note: dict[str, object] | None) -> Run:
        """The same run with a note for the history row of the person's step."""
        return replace(self, note=note)
