"""What the pages of a task show: its head, form, tabs and their panes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import FieldError
from app.texts import Text
from app.use_cases.cases.contributions import Contribution
from app.use_cases.cases.explain_decisions import Explained
from app.web.page_models import (
    CaseHead,
    Change,
    Chip,
    ContractRow,
    DocumentRow,
    Entry,
    Fact,
    FactGroup,
    Judgement,
    Step,
    Timing,
)


@dataclass(frozen=True)
class TaskHead:
    """`state` is open (nobody has it), mine, other, done or withdrawn; `sign_url`: where a signature ends it."""

    task_id: int
    name: Text
    state: str
    assignee: str | None
    claimed_at: datetime | None
    done_at: datetime | None
    can_claim: bool
    can_release: bool
    can_complete: bool
    has_next: bool
    sign_url: str | None = None


@dataclass(frozen=True)
class FreshLogIn:
    """The act behind the form asks for a password given a short while ago; `missing` where it has to be given now."""

    missing: bool
    error: Text | None


@dataclass(frozen=True)
class FormPage:
    nodes: Any
    errors: tuple[FieldError, ...]
    version: int
    draft_saved_at: datetime | None
    draft_url: str
    preview_url: str
    documents: dict[str, Any]
    multipart: bool
    readonly: bool
    fresh_log_in: FreshLogIn | None = None


@dataclass(frozen=True)
class ConflictNote:
    title: Text
    text: Text


@dataclass(frozen=True)
class TaskTab:
    key: str
    label: Text
    count: int | None
    tone: str = ""


@dataclass(frozen=True)
class Queue:
    position: int
    total: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True)
class FourEyesNote:
    ok: bool
    title: Text
    text: Text


@dataclass(frozen=True)
class TaskPage:
    task: TaskHead
    case: CaseHead
    timing: Timing
    figures: tuple[Fact, ...]
    tabs: tuple[TaskTab, ...]
    tab: str
    pane: Any
    queue: Queue | None
    form: FormPage | None
    four_eyes: FourEyesNote | None
    note: Text | None
    conflict: ConflictNote | None
    contracts: tuple[ContractRow, ...] = ()


@dataclass(frozen=True)
class Overview:
    judgements: tuple[Judgement, ...]
    groups: tuple[FactGroup, ...]
    recent: tuple[Entry, ...]
    total: int


@dataclass(frozen=True)
class Report:
    name: Text
    source: Text
    fetched_at: datetime | None
    status: str
    status_text: Text
    facts: tuple[Fact, ...]
    findings: tuple[Judgement, ...]


@dataclass(frozen=True)
class Documents:
    rows: tuple[DocumentRow, ...]
    missing: tuple[Text, ...]


@dataclass(frozen=True)
class Check:
    label: Text
    answer: Text
    tone: str
    remark: str


@dataclass(frozen=True)
class Opinion:
    step: Text
    person: str
    role: Text
    at: datetime
    round: int
    conclusion: Text | None
    tone: str
    checks: tuple[Check, ...]
    text: str
    groups: tuple[FactGroup, ...]
    changes: tuple[Change, ...] | None


@dataclass(frozen=True)
class Points:
    """A bar of points: `percent` of the longest, `most` what could have been given."""

    one: Contribution
    tone: str
    percent: int


@dataclass(frozen=True)
class RuleTrace:
    """One decision of the case; `version_url` leads analysts to the table's versions."""

    one: Explained
    version_url: str | None
    points: tuple[Points, ...]


@dataclass(frozen=True)
class TimelinePane:
    entries: tuple[Entry, ...]
    chips: tuple[Chip, ...]


@dataclass(frozen=True)
class ProcessPane:
    name: Text
    code: str
    version: int | None
    entered_at: datetime | None
    steps: tuple[Step, ...]
    drawing: Any
    after: tuple[Text, ...]
    records: tuple[Entry, ...]
