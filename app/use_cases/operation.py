"""What an operation is: a use case that a service task calls, idempotent by its outbox row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.errors import ProductError
from app.moment import Moment
from app.storage.cases import LoanCase
from app.texts import Text


class OperationRefused(ProductError):
    """The operation ran and says no; `code` is the BPMN error that the diagram may catch.

    What it wrote is undone; rows of `evidence`, which show why it says no, are kept.
    """

    def __init__(self, code: str, zh: str, en: str, *, evidence: tuple[object, ...] = ()) -> None:
        super().__init__(zh, en)
        self.code, self.evidence = code, evidence


class UnknownOperation(ProductError):
    """A diagram calls an operation that this product does not have."""


@dataclass(frozen=True)
class Call:
    """One call: the outbox row's id (the idempotency key), the case, the drawn inputs and headers, and the time."""

    row_id: int
    case: LoanCase
    inputs: dict[str, Any]
    headers: dict[str, Any]
    moment: Moment

    @property
    def key(self) -> str:
        """The same for every attempt of the same step."""
        return f"{self.case.number}-{self.row_id}"


Prepare = Callable[[Session, Call], Any]
Ask = Callable[[Any], Any]
Record = Callable[[Session, Call, Any], dict[str, Any]]


@dataclass(frozen=True)
class Operation:
    """`record` runs in the unit that resumes the instance; `prepare` and `ask` before, where the outside is asked."""

    type: str
    name: Text
    record: Record
    prepare: Prepare = lambda session, call: call
    ask: Ask | None = None
    version: int = 1
