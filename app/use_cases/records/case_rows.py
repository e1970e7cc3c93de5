"""The stored rows that a decision record is made from, with everybody named as they were called then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import compliance, contracts, history, limits, payments, user_tasks
from app.storage.audit import AuditEntry
from app.storage.cases import LoanCase
from app.storage.compliance import ComplianceHold, HoldOpinion
from app.storage.contracts import Contract, ContractSignature
from app.storage.history import HistoryEntry
from app.storage.instances import ProcessInstance
from app.storage.limits import CreditLimit, LimitReservation
from app.storage.loans import Loan
from app.storage.loans import of_case as loans_of_case
from app.storage.notifications import Notification
from app.storage.past_names import ORGANISATION, PERSON, ROLE, Names, names_of
from app.storage.payments import Payment
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.cases.case_file import Answered, CaseFile, load_case_file
from app.use_cases.cases.sealed_votes import sealed_votes, without_words

Key = TypeVar("Key", int, str)
NOBODY = Text("系统", "The system")
# reading a file and issuing this record change nothing in the case
READING = ("open_document", "open_contract", "issue_record")


@dataclass(frozen=True)
class CaseRows:
    """All rows of a case, oldest first. Of `file` its own names are not used: they are those of today.

    What a secret vote says is missing until its sitting is decided, for every reader.
    """

    file: CaseFile
    history: tuple[HistoryEntry, ...]
    instances: tuple[ProcessInstance, ...]
    notices: tuple[Notification, ...]
    contracts: tuple[Contract, ...]
    signatures: tuple[ContractSignature, ...]
    reservations: tuple[tuple[LimitReservation, CreditLimit], ...]
    payments: tuple[Payment, ...]
    loans: tuple[Loan, ...]
    holds: tuple[ComplianceHold, ...]
    hold_opinions: tuple[HoldOpinion, ...]
    audit: tuple[AuditEntry, ...]
    candidates: dict[int, tuple[tuple[str, int], ...]]
    names: Names

    @property
    def case(self) -> LoanCase:
        return self.file.case

    def person(self, person_id: int | None, at: datetime | None) -> Text:
        """A person's name at a moment, the system's where nobody did it."""
        found = self.names.then(PERSON, person_id, at or self.case.created_at) if person_id is not None else None
        return found or NOBODY

    def organisation(self, organisation_id: int | None, at: datetime | None) -> Text:
        """An organisation's name at a moment, empty for none."""
        if organisation_id is None:
            return Text("")
        return self.names.then(ORGANISATION, organisation_id, at or self.case.created_at) or Text("")

    def roles(self, task: UserTask | None, organisation_id: int | None, at: datetime) -> Text:
        """The roles to which a task was offered in an organisation, as they were called then."""
        offered = self.candidates.get(task.id, ()) if task is not None else ()
        keys = sorted({key for key, place in offered if organisation_id in (None, place)})
        named = [name for key in keys if (name := self.names.then(ROLE, key, at))]
        return Text("、".join(one.zh for one in named), ", ".join(one.of("en") for one in named))

    def who(self, person_id: int | None, organisation_id: int | None, task: UserTask | None, at: datetime) -> Text:
        """Name, role and organisation in a line: 王磊（初审员，之江银行）."""
        name = self.person(person_id, at)
        of = [one for one in (self.roles(task, organisation_id, at), self.organisation(organisation_id, at)) if one.zh]
        if person_id is None or not of:
            return name
        zh, en = "，".join(one.zh for one in of), ", ".join(one.of("en") for one in of)
        return Text(f"{name.zh}（{zh}）", f"{name.of('en')} ({en})")

    def answer_of(self, task_id: int | None) -> Answered | None:
        """What was submitted in a task."""
        return next((one for one in self.file.answered if one.answer.task_id == task_id), None) if task_id else None

    def task(self, task_id: int | None) -> UserTask | None:
        """The task with this id."""
        return next((one for one in self.file.tasks if one.id == task_id), None) if task_id else None


def load_case_rows(session: Session, case: LoanCase) -> CaseRows:
    """The rows of a case; the caller has made sure that its reader may see them."""
    file = load_case_file(session, case)
    made = contracts.of_case(session, case.id)
    signed = contracts.signatures(session, [one.id for one in made])
    held = compliance.of_case(session, case.id)
    opinions = compliance.opinions(session, [one.id for one in held])
    told = list(session.scalars(select(Notification).where(Notification.case_id == case.id).order_by(Notification.id)))
    paid = payments.of_case(session, case.id, payments.OUT)
    sealed, entries = sealed_votes(file.tasks), history.of_case(session, case.id, limit=None)
    past = tuple(without_words(one) if one.task_id in sealed else one for one in reversed(entries))
    reserved = _reservations(session, case.id)
    offered = user_tasks.candidates_of(session, [task.id for task in file.tasks])
    noted = _audit(session, file, made, signed, paid, held)
    answers = [one.answer for one in file.answered]
    people = {case.created_by} | {row.person_id for row in past} | {row.person_id for row in answers}
    people |= {row.person_id for row in signed} | {row.person_id for row in told} | {row.person_id for row in opinions}
    people |= {row.person_id for row in noted} | {row.person_id for row in file.documents}
    people |= {row.opened_by for row in held} | {row.entered_by for row in file.reports}
    people |= {id_ for task in file.tasks for id_ in (task.claimed_by, task.done_by)}
    people |= {id_ for row in paid for id_ in (row.maker_id, row.checker_id)}
    places: set[int | None] = {*file.parties.values(), *(row.custodian_id for row in file.collateral)}
    places |= {row.organisation_id for row in past} | {row.organisation_id for row in answers}
    places |= {row.organisation_id for row in signed} | {row.organisation_id for row in told}
    places |= {row.organisation_id for row in noted} | {row.organisation_id for row in file.documents}
    places |= {int(limit.subject) for _row, limit in reserved if limit.subject.isdigit()}
    roles = {key for given in offered.values() for key, _place in given} | {row.role_key for row in told}
    return CaseRows(
        file=file,
        history=past,
        instances=tuple(
            session.scalars(
                select(ProcessInstance).where(ProcessInstance.case_id == case.id).order_by(ProcessInstance.id)
            )
        ),
        notices=tuple(told),
        contracts=tuple(made),
        signatures=tuple(signed),
        reservations=reserved,
        payments=tuple(paid),
        loans=tuple(loans_of_case(session, case.id)),
        holds=tuple(held),
        hold_opinions=tuple(opinions),
        audit=noted,
        candidates=offered,
        names=names_of(session, _known(people), _known(places), _known(roles)),
    )


def _known(ids: Iterable[Key | None]) -> set[Key]:
    return {id_ for id_ in ids if id_ is not None}


def _reservations(session: Session, case_id: int) -> tuple[tuple[LimitReservation, CreditLimit], ...]:
    rows = limits.reservations(session, case_id, open_only=False)
    return tuple((row, session.get_one(CreditLimit, row.limit_id)) for row in sorted(rows, key=lambda row: row.id))


def _audit(
    session: Session,
    file: CaseFile,
    made: Iterable[Contract],
    signed: Iterable[ContractSignature],
    paid: Iterable[Payment],
    held: Iterable[ComplianceHold],
) -> tuple[AuditEntry, ...]:
    """The audit entries about the case, by chain and place in it: what they name is looked for, never a beginning."""
    number = file.case.number
    numbers = {one.id: one.number for one in made}
    targets = {number, *(f"{number}/{row.id}" for row in file.tasks), *(f"{number}/{row.id}" for row in file.documents)}
    targets |= {f"{number}/hold/{row.id}" for row in held} | {row.number for row in paid} | set(numbers.values())
    targets |= {f"{numbers[row.contract_id]}/{row.capacity}" for row in signed}
    query = select(AuditEntry).where(AuditEntry.target.in_(targets), AuditEntry.verb.not_in(READING))
    return tuple(session.scalars(query.order_by(AuditEntry.organisation_id, AuditEntry.sequence)))
