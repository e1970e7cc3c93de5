"""Documents of a case: rows about files that are stored under their SHA-256."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.cases import LoanCase, visible_to
from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model


class Document(Model):
    """One uploaded file; a newer one of the same kind and name does not delete it."""

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_case", "case_id", "id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"))
    kind: Mapped[str] = mapped_column(String(60))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    round: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def of_case(session: Session, case_id: int) -> list[Document]:
    """All documents of a case, oldest first."""
    return list(session.scalars(select(Document).where(Document.case_id == case_id).order_by(Document.id)))


def visible(session: Session, document_id: int, organisation_id: int | None) -> Document | None:
    """The document if the organisation is a party of its case; None as organisation sees all."""
    query = select(Document).where(Document.id == document_id)
    if organisation_id is not None:
        query = query.join(LoanCase, LoanCase.id == Document.case_id).where(visible_to(organisation_id))
    return session.scalar(query)
