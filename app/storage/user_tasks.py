"""User tasks: the inbox as rows, with the candidates of open tasks in a table of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    and_,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.storage.answers import FormDraft
from app.storage.cases import CaseParty, LoanCase
from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model
from app.storage.instances import ProcessInstance
from app.texts import Text


class UserTask(Model):
    """One piece of work for a person. `state` is open, done or withdrawn; `claimed_by` who took it.

    `candidate_groups` are the keys of the roles that the diagram named, with commas, also of those that nobody has.
    """

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_case", "case_id", "state"),
        Index("ix_user_task_instance", "instance_id", "state"),
        Index("ix_user_task_claimed", "claimed_by", "state", "due_at"),
        Index(
            "ix_user_task_open",
            "due_at",
            "claimed_by",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_user_task_done", "done_at"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    engine_task_id: Mapped[str] = mapped_column(String(40))
    element_id: Mapped[str] = mapped_column(String(200))
    process_key: Mapped[str] = mapped_column(String(100))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    duty: Mapped[str] = mapped_column(String(60), default="")
    four_eyes: Mapped[str] = mapped_column(String(300), default="")
    candidate_groups: Mapped[str] = mapped_column(String(1000), default="")
    opinion: Mapped[bool] = mapped_column(Boolean, default=False)
    form_key: Mapped[str | None] = mapped_column(String(100))
    round: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(12), default="open")
    priority: Mapped[int] = mapped_column(Integer, default=50)
    variables: Mapped[Any] = mapped_column(PlainJson)
    properties: Mapped[Any] = mapped_column(PlainJson)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(60))

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)

    @property
    def apart_from(self) -> set[str]:
        """The duties of the case whose performer may not do this task."""
        return {duty.strip() for duty in self.four_eyes.split(",") if duty.strip()}

    def clashes_with(self, earlier: UserTask) -> bool:
        """Whether who did the earlier task of the same case may not do this one, as `bars` says it for queries.

        Votes that are apart from each other are those of one sitting: who voted may vote again when it meets anew.
        """
        apart = earlier.duty in self.apart_from
        return apart and (earlier.duty != self.duty or self._sitting() == earlier._sitting())

    def _sitting(self) -> tuple[object, ...]:
        # the tasks of one multi-instance are offered in one unit, at one moment
        return self.instance_id, self.created_at


class TaskCandidate(Model):
    """Whom a task is or was offered to: a role's people in one organisation. Inboxes read the index of open ones."""

    __tablename__ = "task_candidate"
    task_id: Mapped[int] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    role_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    open: Mapped[bool] = mapped_column(Boolean, default=True)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        Index(
            "ix_task_candidate_open",
            "organisation_id",
            "role_key",
            "due_at",
            sqlite_where=text("open"),
            postgresql_where=text("open"),
        ),
    )


# made once: an alias of a wide table costs a millisecond
_Earlier = aliased(UserTask)


def _offered(organisation_id: int, roles: Iterable[str]) -> Any:
    return exists().where(
        TaskCandidate.task_id == UserTask.id,
        TaskCandidate.organisation_id == organisation_id,
        TaskCandidate.role_key.in_(list(roles)),
    )


def for_actor(
    session: Session, task_id: int, organisation_id: int, roles: Iterable[str]
) -> tuple[UserTask, ProcessInstance, LoanCase] | None:
    """The task, its instance and case if the role in this organisation was offered it, and it is still a party."""
    row = session.execute(_task_query(task_id, organisation_id, roles)).first()
    return row


def release_and_form(
    session: Session, task_id: int, organisation_id: int, roles: Iterable[str]
) -> tuple[str, str | None] | None:
    """The release of the task's instance and the key of its form, under the condition of for_actor."""
    row = session.execute(
        _task_query(task_id, organisation_id, roles).with_only_columns(ProcessInstance.release_id, UserTask.form_key)
    ).first()
    return row


def for_work(
    session: Session, task_id: int, organisation_id: int, roles: Iterable[str]
) -> tuple[UserTask, ProcessInstance, LoanCase] | None:
    """As for_actor, with the rows locked: a second worker waits here and then sees what the first one did."""
    row = session.execute(
        _task_query(task_id, organisation_id, roles).with_for_update(of=[ProcessInstance, UserTask])
    ).first()
    return row


def with_draft(
    session: Session, task_id: int, organisation_id: int, roles: Iterable[str], person_id: int, *, locked: bool = False
) -> tuple[UserTask, ProcessInstance, LoanCase, FormDraft | None] | None:
    """As for_actor, or for_work where `locked`, with what the person has typed so far."""
    query = _task_query(task_id, organisation_id, roles).add_columns(FormDraft)
    own = and_(FormDraft.task_id == UserTask.id, FormDraft.person_id == person_id)
    query = query.outerjoin(FormDraft, own)
    row = session.execute(query.with_for_update(of=[ProcessInstance, UserTask]) if locked else query).first()
    return row


def finish(session: Session, task: UserTask, person_id: int, at: datetime, outcome: str | None) -> bool:
    """Marks a task done; False where the person performed a duty that it must be apart from.

    One statement under the instance's lock: two submits of one person at the same instant cannot both pass.
    """
    done = update(UserTask).where(UserTask.id == task.id)
    if task.apart_from:
        done = done.where(~exists().where(bars(_Earlier, UserTask), _Earlier.done_by == person_id))
    values = {"state": "done", "done_by": person_id, "done_at": at, "outcome": outcome}
    if task.claimed_by is None:
        values |= {"claimed_by": person_id, "claimed_at": at}
    written = session.execute(done.values(**values).execution_options(synchronize_session=False))
    return bool(written.rowcount == 1)  # type: ignore[attr-defined]


def _task_query(task_id: int, organisation_id: int, roles: Iterable[str]) -> Any:
    # a party that another one replaced (a core enterprise in a new round) has no business with the case any more
    is_party = exists().where(CaseParty.case_id == UserTask.case_id, CaseParty.organisation_id == organisation_id)
    return (
        select(UserTask, ProcessInstance, LoanCase)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(LoanCase, LoanCase.id == UserTask.case_id)
        .where(UserTask.id == task_id, _offered(organisation_id, roles), is_party)
    )


def candidates_of(session: Session, task_ids: Iterable[int]) -> dict[int, tuple[tuple[str, int], ...]]:
    """Task id -> (role key, organisation id) of everybody to whom it is or was offered."""
    query = select(TaskCandidate.task_id, TaskCandidate.role_key, TaskCandidate.organisation_id)
    found: dict[int, tuple[tuple[str, int], ...]] = {}
    for task_id, key, place in session.execute(
        query.where(TaskCandidate.task_id.in_(list(task_ids))).order_by(TaskCandidate.task_id, TaskCandidate.role_key)
    ):
        found[task_id] = (*found.get(task_id, ()), (key, place))
    return found


def duties_done(session: Session, case_id: int, person_id: int) -> set[str]:
    """The duties that a person performed in a case, over all its processes and rounds."""
    query = select(UserTask.duty).where(UserTask.case_id == case_id, UserTask.done_by == person_id, UserTask.duty != "")
    return set(session.scalars(query))


def done_with_duty(session: Session, case_ids: Iterable[int | None], person_id: int) -> list[UserTask]:
    """The tasks with a duty that a person did in these cases, oldest first."""
    query = select(UserTask).where(
        UserTask.case_id.in_(list(case_ids)), UserTask.done_by == person_id, UserTask.duty != ""
    )
    return list(session.scalars(query.order_by(UserTask.id)))


def performers(session: Session, case_id: int, round_: int, duties: Iterable[str]) -> set[int]:
    """Who performed one of the duties in a round of a case."""
    query = select(UserTask.done_by).where(
        UserTask.case_id == case_id,
        UserTask.round == round_,
        UserTask.duty.in_(list(duties)),
        UserTask.done_by.is_not(None),
    )
    return {person for person in session.scalars(query) if person is not None}


def inbox(organisation_id: int, roles: Iterable[str], person_id: int) -> Any:
    """The query of the open tasks that a person may do: offered to one of her roles, and free or her own."""
    free_or_own = or_(UserTask.claimed_by.is_(None), UserTask.claimed_by == person_id)
    return open_for(organisation_id, roles).where(free_or_own)


def count_doable(session: Session, organisation_id: int, roles: Iterable[str], person_id: int) -> int:
    """How many open tasks a person may do in an organisation, without those that four eyes keep from her."""
    mine = inbox(organisation_id, roles, person_id).where(~barred_for(person_id))
    return session.scalar(mine.with_only_columns(func.count())) or 0


def bars(earlier: Any, task: Any) -> ColumnElement[bool]:
    """Whether who did the earlier task may not do the other one, as `UserTask.clashes_with` says it of rows."""
    apart = "," + func.replace(task.four_eyes, " ", "") + ","
    one_sitting = and_(earlier.instance_id == task.instance_id, earlier.created_at == task.created_at)
    return and_(
        earlier.case_id == task.case_id,
        earlier.done_by.is_not(None),
        earlier.duty != "",
        apart.contains("," + earlier.duty + ","),
        or_(earlier.duty != task.duty, one_sitting),
    )


def barred_for(person_id: int) -> ColumnElement[bool]:
    """Whether four eyes keep a task from a person: she did in its case what it must be apart from, or made the case."""
    did = exists().where(bars(_Earlier, UserTask), _Earlier.done_by == person_id)
    made = exists().where(LoanCase.id == UserTask.case_id, LoanCase.created_by == person_id)
    return and_(UserTask.four_eyes != "", or_(did.correlate(UserTask), made.correlate(UserTask)))


def open_for(organisation_id: int, roles: Iterable[str]) -> Any:
    """The query of the open tasks that are offered to one of the roles in the organisation, whoever claimed them."""
    # a Boolean would be written as "open = 1" for SQLite, which then leaves its index of open ones aside
    is_open: Any = text("task_candidate.open")
    offered = (
        select(TaskCandidate.task_id)
        .where(TaskCandidate.organisation_id == organisation_id, TaskCandidate.role_key.in_(list(roles)), is_open)
        .distinct()
        .subquery()
    )
    return (
        select(UserTask)
        .select_from(offered)
        .join(UserTask, UserTask.id == offered.c.task_id)
        .where(UserTask.state == "open")
    )
