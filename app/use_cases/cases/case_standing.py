"""Where cases stand: their stages and tasks, loaded for many at once for lists, for one as part of its file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.storage import people, releases
from app.storage.cases import LoanCase
from app.storage.instances import ProcessInstance
from app.storage.releases import ProcessDefinition, Product
from app.storage.user_tasks import UserTask
from app.texts import Text


@dataclass(frozen=True)
class CaseStanding:
    """A case with its tasks, oldest first, the people named in them, and each process's state by its key."""

    case: LoanCase
    product: Product | None
    people: dict[int, Text]
    tasks: tuple[UserTask, ...]
    stages: tuple[ProcessDefinition, ...]
    stages_run: dict[str, str]

    def person(self, person_id: int | None) -> Text | None:
        """The name of a person, None for the system."""
        return self.people.get(person_id) if person_id is not None else None

    @property
    def product_name(self) -> Text:
        return Text(self.product.name_zh, self.product.name_en) if self.product else Text(self.case.product_key)

    @property
    def open_tasks(self) -> list[UserTask]:
        return [task for task in self.tasks if task.state == "open"]


def load_standings(session: Session, cases: Sequence[LoanCase]) -> list[CaseStanding]:
    """One for each case, in five queries however many; what tasks asked for is left unread."""
    ids = [case.id for case in cases]
    wide = (defer(UserTask.variables, raiseload=True), defer(UserTask.properties, raiseload=True))
    query = select(UserTask).where(UserTask.case_id.in_(ids)).order_by(UserTask.id).options(*wide)
    tasks: dict[int | None, list[UserTask]] = {}
    for task in session.scalars(query):
        tasks.setdefault(task.case_id, []).append(task)
    products, offered, run = releases.products(session), staged(session), stages_run(session, ids)
    named = names(session, (task for of_case in tasks.values() for task in of_case))
    return [
        CaseStanding(
            case=case,
            product=products.get(case.product_key),
            people=named,
            tasks=tuple(tasks.get(case.id, ())),
            stages=stages_of(offered, products.get(case.product_key), run.get(case.id, {})),
            stages_run=run.get(case.id, {}),
        )
        for case in cases
    ]


def names(session: Session, tasks: Iterable[UserTask]) -> dict[int, Text]:
    """The names of who claimed or did the tasks."""
    ids = {id_ for task in tasks for id_ in (task.claimed_by, task.done_by) if id_}
    return {id_: Text(p.name_zh, p.name_en) for id_, p in people.names(session, ids).items()}


def staged(session: Session) -> list[ProcessDefinition]:
    """The processes that are a stage of a product."""
    query = select(ProcessDefinition).where(ProcessDefinition.stage > 0).order_by(ProcessDefinition.process_key)
    return list(session.scalars(query))


def stages_of(
    offered: Sequence[ProcessDefinition], product: Product | None, run: dict[str, str]
) -> tuple[ProcessDefinition, ...]:
    """One process a stage: the one that ran for the case, else the product's own, else the shared one."""
    own = product.process_key if product else ""
    ranked = sorted(offered, key=lambda one: (one.process_key in run, one.process_key == own))
    found = {definition.stage: definition for definition in ranked}
    return tuple(found[stage] for stage in sorted(found))


def stages_run(session: Session, case_ids: Sequence[int]) -> dict[int | None, dict[str, str]]:
    """Case id -> process key -> status of its newest instance."""
    query = select(ProcessInstance.case_id, ProcessInstance.process_key, ProcessInstance.status)
    found: dict[int | None, dict[str, str]] = {}
    for case_id, key, status in session.execute(
        query.where(ProcessInstance.case_id.in_(case_ids)).order_by(ProcessInstance.id)
    ):
        found.setdefault(case_id, {})[key] = status
    return found
