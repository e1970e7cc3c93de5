"""Organisations, the roles people have in them, and the rights of roles: three tables and membership."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model
from app.texts import Text


class Organisation(Model):
    """A firm, bank, core enterprise or the platform itself; `kind` is its usual capacity in a case."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    unified_social_credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)


class Role(Model):
    """What a lane or candidate group names: `capacity` says which party of a case its people belong to."""

    __tablename__ = "role"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    capacity: Mapped[str] = mapped_column(String(30))
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)


class RoleGrant(Model):
    """A right: people of the role may do the verb (verbs stand in use_cases/permissions.py).

    `given_by` is the administrator who gave it; the product's own have nobody.
    """

    __tablename__ = "role_grant"
    role_key: Mapped[str] = mapped_column(ForeignKey("role.key"), primary_key=True)
    verb: Mapped[str] = mapped_column(String(60), primary_key=True)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Membership(Model):
    """A person's role in an organisation; a person may have several."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "role_key"),
        Index("ix_membership_organisation", "organisation_id"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role_key: Mapped[str] = mapped_column(ForeignKey("role.key"))


class FunderProduct(Model):
    """A funder offers a product of the catalogue."""

    __tablename__ = "funder_product"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    product_key: Mapped[str] = mapped_column(String(60), primary_key=True)


def by_credit_code(session: Session, code: str) -> Organisation | None:
    """The organisation with this unified social credit code."""
    return session.scalar(select(Organisation).where(Organisation.unified_social_credit_code == code))


def names(session: Session, ids: Collection[int]) -> dict[int, Text]:
    """Organisations' names by id."""
    if not ids:
        return {}
    return {row.id: row.name for row in session.scalars(select(Organisation).where(Organisation.id.in_(list(ids))))}


def roles_by_key(session: Session, keys: Any = None) -> dict[str, Role]:
    """All roles, or those of `keys`, by key."""
    query = select(Role) if keys is None else select(Role).where(Role.key.in_(list(keys)))
    return {role.key: role for role in session.scalars(query)}


def memberships(session: Session, person_id: int) -> list[tuple[Membership, Organisation, Role]]:
    """What a person may act as, with organisation and role."""
    query = (
        select(Membership, Organisation, Role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Role, Role.key == Membership.role_key)
        .where(Membership.person_id == person_id, Organisation.active)
        .order_by(Organisation.id, Role.key)
    )
    return list(session.execute(query))


def funder_products(session: Session) -> list[tuple[str, Organisation]]:
    """Which funder offers which product key."""
    query = (
        select(FunderProduct.product_key, Organisation)
        .join(Organisation, Organisation.id == FunderProduct.organisation_id)
        .where(Organisation.active)
        .order_by(Organisation.id)
    )
    return list(session.execute(query))
