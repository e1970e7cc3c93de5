"""Everything that is stored about one case, loaded for a page that somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms import Form
from app.storage import (
    answers,
    cases,
    collateral,
    decision_traces,
    documents,
    history,
    offers,
    outbox,
    people,
    reports,
)
from app.storage.answers import FormAnswer
from app.storage.cases import LoanCase
from app.storage.collateral import Collateral
from app.storage.decision_traces import DecisionTrace
from app.storage.documents import Document
from app.storage.history import HistoryEntry
from app.storage.incidents import Incident
from app.storage.offers import Offer
from app.storage.organisations import Organisation
from app.storage.outbox import OutboxRow
from app.storage.releases import Product
from app.storage.reports import ExternalReport
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.cases.case_standing import CaseStanding, staged, stages_of, stages_run
from app.use_cases.cases.sealed_votes import sealed_votes, without_words
from app.use_cases.definitions.load_release import load_release


@dataclass(frozen=True)
class Answered:
    """One submitted form: its answer, the form it was checked by, and the task it was given in."""

    answer: FormAnswer
    form: Form
    task: UserTask | None


@dataclass(frozen=True)
class CaseFile(CaseStanding):
    """The rows of a case, oldest first; `people` and `organisations` by id for whoever is named in them."""

    parties: dict[str, int]
    organisations: dict[int, Organisation]
    answered: tuple[Answered, ...]
    documents: tuple[Document, ...]
    traces: tuple[DecisionTrace, ...]
    reports: tuple[ExternalReport, ...]
    history: tuple[HistoryEntry, ...]
    offers: tuple[Offer, ...]
    collateral: tuple[Collateral, ...]
    pending: tuple[OutboxRow, ...]
    incidents: tuple[Incident, ...]

    def party(self, capacity: str) -> Organisation | None:
        """The organisation of this capacity."""
        return self.organisations.get(self.parties.get(capacity, 0))

    def applications(self) -> list[Answered]:
        """The application as submitted in each round, oldest first."""
        key = self.product.form_key if self.product else ""
        return [answered for answered in self.answered if answered.answer.form_key == key]

    @property
    def application(self) -> dict[str, Any]:
        """What the newest application says, {} before the first."""
        given = self.applications()
        return dict(given[-1].answer.data) if given else {}


def load_case_file(session: Session, case: LoanCase, reader_id: int | None = None) -> CaseFile:
    """All rows of a case; the caller has made sure that its reader may see them.

    Of a secret vote that is not decided everybody (`reader_id`) sees their own ballot only.
    """
    given = answers.of_case(session, case.id)
    run = stages_run(session, [case.id]).get(case.id, {})
    product = session.get(Product, case.product_key)
    tasks = tuple(session.scalars(select(UserTask).where(UserTask.case_id == case.id).order_by(UserTask.id)))
    by_id = {task.id: task for task in tasks}
    sealed = sealed_votes(tasks)
    given = [one for one in given if one.task_id not in sealed or one.person_id == reader_id]
    past = [without_words(one) if one.task_id in sealed else one for one in history.of_case(session, case.id)]
    filed = documents.of_case(session, case.id)
    who = cases.parties(session, case.id)
    signed: list[HistoryEntry | FormAnswer | Document] = [*past, *given, *filed]
    organisation_ids = {*who.values(), *(row.organisation_id for row in signed if row.organisation_id)}
    person_ids = {row.person_id for row in signed if row.person_id}
    person_ids |= {id_ for task in tasks for id_ in (task.claimed_by, task.done_by) if id_}
    return CaseFile(
        case=case,
        product=product,
        parties=who,
        organisations={
            o.id: o for o in session.scalars(select(Organisation).where(Organisation.id.in_(organisation_ids)))
        },
        people={id_: Text(p.name_zh, p.name_en) for id_, p in people.names(session, person_ids).items()},
        answered=tuple(_answered(session, answer, by_id) for answer in given),
        documents=tuple(filed),
        traces=tuple(decision_traces.of_case(session, case.id)),
        reports=tuple(reports.of_case(session, case.id)),
        history=tuple(reversed(past)),
        tasks=tasks,
        offers=tuple(offers.of_case(session, case.id)),
        collateral=tuple(collateral.of_case(session, case.id)),
        pending=tuple(outbox.pending(session, case.id)),
        incidents=tuple(
            session.scalars(select(Incident).where(Incident.case_id == case.id, Incident.resolved_at.is_(None)))
        ),
        stages=stages_of(staged(session), product, run),
        stages_run=run,
    )


def _answered(session: Session, answer: FormAnswer, tasks: dict[int, UserTask]) -> Answered:
    form = load_release(session, answer.release_id).form(answer.form_key)
    return Answered(answer, form, tasks.get(answer.task_id or 0))
