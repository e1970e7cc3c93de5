"""The business date's offset and the daily closes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "daily_close",
        sa.Column("id", ID, primary_key=True),
        sa.Column("business_on", sa.Date(), nullable=False, unique=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("loans", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("trial_balance", sa.Text(), nullable=False),
        sa.Column("runner", sa.String(40)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("retry_at", sa.DateTime(timezone=True)),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("worked_in_ms", sa.Integer(), nullable=False),
    )
    op.create_table(
        "business_clock",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column("moved_from", sa.Date(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", ID, sa.ForeignKey("person.id"), nullable=False),
    )
    op.create_table(
        "close_failure",
        sa.Column("id", ID, primary_key=True),
        sa.Column("close_id", ID, sa.ForeignKey("daily_close.id"), nullable=False),
        sa.Column("loan_id", ID, sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("cause_zh", sa.Text(), nullable=False),
        sa.Column("cause_en", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("close_id", "loan_id"),
    )
