"""Organisations, people, roles, sessions and the audit chain."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", ID, primary_key=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("verb", sa.String(60), nullable=False),
        sa.Column("target", sa.String(100), nullable=False),
        sa.Column("detail", sa.Text()),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("organisation_id", "sequence"),
        sa.Index("ix_audit_entry_at", "at"),
    )
    op.create_table(
        "audit_tail",
        sa.Column("organisation_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(40), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "organisation",
        sa.Column("id", ID, primary_key=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("unified_social_credit_code", sa.String(18), unique=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "person",
        sa.Column("id", ID, primary_key=True),
        sa.Column("login", sa.String(80), nullable=False, unique=True),
        sa.Column("name_zh", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(100), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "role",
        sa.Column("key", sa.String(60), primary_key=True),
        sa.Column("capacity", sa.String(30), nullable=False),
        sa.Column("name_zh", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(100), nullable=False),
    )
    op.create_table(
        "funder_product",
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), primary_key=True),
        sa.Column("product_key", sa.String(60), primary_key=True),
    )
    op.create_table(
        "membership",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("role_key", sa.String(60), sa.ForeignKey("role.key"), nullable=False),
        sa.UniqueConstraint("person_id", "organisation_id", "role_key"),
        sa.Index("ix_membership_organisation", "organisation_id"),
    )
    op.create_table(
        "role_grant",
        sa.Column("role_key", sa.String(60), sa.ForeignKey("role.key"), primary_key=True),
        sa.Column("verb", sa.String(60), primary_key=True),
    )
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Index("ix_web_session_person", "person_id"),
    )
