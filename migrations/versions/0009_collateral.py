"""Collateral: what secures a loan, and its registration."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "collateral",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(30), nullable=False, unique=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id"), nullable=False),
        sa.Column("loan_id", ID, sa.ForeignKey("loan.id")),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("receipt_number", sa.String(100), nullable=False),
        sa.Column("goods", sa.String(200), nullable=False),
        sa.Column("quantity", sa.String(60), nullable=False),
        sa.Column("unit", sa.String(30), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("owner_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("custodian_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("warehouse", sa.String(200), nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("registration_no", sa.String(60)),
        sa.Column("registered_on", sa.Date()),
        sa.Column("registration_ends_on", sa.Date()),
        sa.Column("registration_cancelled_on", sa.Date()),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("pledged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('pledged', 'secured', 'sold', 'released')", name="ck_collateral_state"),
        sa.CheckConstraint("value > 0", name="ck_collateral_value"),
        sa.Index("ix_collateral_case", "case_id"),
        sa.Index("ix_collateral_loan", "loan_id"),
        sa.Index(
            "ux_collateral_live_receipt",
            "custodian_id",
            "receipt_number",
            sqlite_where=sa.text("state IN ('pledged', 'secured')"),
            postgresql_where=sa.text("state IN ('pledged', 'secured')"),
            unique=True,
        ),
    )
