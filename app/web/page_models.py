"""What pages show: the values that templates take, in the words of look and layout, not of tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.texts import Text

Words = Text | str


@dataclass(frozen=True)
class Fact:
    """A label and a value; `kind` says how the value is written (text, money, percent, date, code, grade ...)."""

    label: Text
    value: Any
    kind: str = "text"
    note: Text | None = None


@dataclass(frozen=True)
class FactGroup:
    name: Text
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Tag:
    """`kind` is its colour: red, amber, green, blue, violet or grey."""

    kind: str
    label: Text


@dataclass(frozen=True)
class Chip:
    key: str
    label: Text
    count: int | None
    selected: bool
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Choice:
    value: str
    label: Text
    selected: bool


@dataclass(frozen=True)
class Pager:
    first: int
    last: int
    total: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True)
class Link:
    label: Text
    url: str
    post: bool = False


@dataclass(frozen=True)
class Empty:
    title: Text
    text: Text
    action: Link | None = None
    second: Link | None = None


@dataclass(frozen=True)
class Entry:
    """A line of a timeline; `kind` is person, system, decision, borrower or message."""

    at: datetime
    person: str
    role: Text | None
    text: Text
    detail: Text | None
    kind: str
    duration: Text | None = None
    tone: str = ""


@dataclass(frozen=True)
class CaseHead:
    case_number: str
    company: str
    product: Text
    round: int
    status: Text
    status_tone: str
    line: tuple[Words, ...]
    case_url: str | None
    firm_url: str | None = None


@dataclass(frozen=True)
class Timing:
    due_at: datetime | None
    started_at: datetime | None
    used_percent: int | None
    limit: Text | None


@dataclass(frozen=True)
class Step:
    """A station on the way; `state` is done, current, ahead, skipped or failed."""

    name: Text
    state: str
    person: str = ""
    at: datetime | None = None
    note: Text | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class DocumentRow:
    document_id: int
    kind: Text
    file_name: str
    size_bytes: int
    uploaded_at: datetime
    uploaded_by: str
    round: int
    tag: Tag | None
    url: str


@dataclass(frozen=True)
class Change:
    label: Text
    before: Words
    after: Words
    note: Text | None = None


@dataclass(frozen=True)
class Judgement:
    tone: str
    text: Text
    reason: Text | None = None
    tab: str | None = None
    tab_label: Text | None = None


@dataclass(frozen=True)
class InboxRow:
    task_id: int
    case_number: str
    company: str
    step: Text
    product: Text
    amount: Decimal | None
    grade: str | None
    score: int | None
    assignee: str | None
    is_mine: bool
    can_claim: bool
    can_open: bool
    entered_at: datetime
    timing: Timing
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class InboxPage:
    title: Text
    scope: str
    chips: tuple[Chip, ...]
    steps: tuple[Choice, ...]
    products: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    query: str
    filter_key: str
    rows: tuple[InboxRow, ...]
    pager: Pager
    empty: Empty | None
    poll_url: str
    stamp: str
    show_rating: bool


@dataclass(frozen=True)
class Party:
    capacity: Text
    name: str
    note: Text | None = None
    url: str | None = None


@dataclass(frozen=True)
class OfferCard:
    funder: str
    amount: Decimal
    rate_percent: Decimal
    all_in_percent: Decimal
    term_months: int
    repayment: Text
    valid_until: date
    costs: tuple[Fact, ...]
    total_cost: Decimal
    schedule: tuple[Any, ...]
    conditions: tuple[Text, ...]
    task_url: str | None
    state: str
    differs: Text | None


@dataclass(frozen=True)
class ContractRow:
    """A contract in the list of a case's page."""

    name: Text
    number: str
    url: str
    tag: Tag
    signed: int
    signatures: int
    to_sign: bool
