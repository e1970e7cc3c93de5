"""Limits have dates, changes by two persons and what came back by repayment; funders a type and net capital."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# in words that both databases take; SQLite adds no constraint to a table that is there but with its column
FREED = """
ALTER TABLE limit_reservation ADD COLUMN freed BIGINT NOT NULL DEFAULT 0
CONSTRAINT ck_limit_reservation_freed CHECK (freed >= 0 AND freed <= amount)
"""


def upgrade() -> None:
    op.create_table(
        "funder_standing",
        sa.Column("id", ID, primary_key=True),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("funder_type", sa.String(30), nullable=False),
        sa.Column("net_capital", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_funder_standing", "funder_id", "valid_from"),
    )
    op.create_table(
        "limit_change",
        sa.Column("id", ID, primary_key=True),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("total", sa.BigInteger()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("proposed_by", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", ID, sa.ForeignKey("person.id")),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("remark", sa.String(500), nullable=False),
        sa.CheckConstraint(
            "action = 'freeze' OR decided_by IS NULL OR decided_by <> proposed_by", name="ck_limit_change_four_eyes"
        ),
        sa.Index("ix_limit_change_funder", "funder_id", "kind", "subject"),
    )
    op.execute(FREED)
    for name in ("valid_from", "valid_until"):
        op.add_column("credit_limit", sa.Column(name, sa.Date()))
    op.add_column("credit_limit", sa.Column("frozen_reason", sa.String(500), nullable=False, server_default=""))
    op.add_column("loan_case", sa.Column("industry", sa.String(60)))
    op.add_column("offer", sa.Column("fees", sa.Text(), nullable=False, server_default="[]"))
