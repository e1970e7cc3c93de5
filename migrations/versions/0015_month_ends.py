"""How loans stand at the end of each month, and indexes for statistics."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "loan_month_end",
        sa.Column("on", sa.Date(), primary_key=True),
        sa.Column("loan_id", ID, sa.ForeignKey("loan.id"), primary_key=True),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("dpd", sa.Integer(), nullable=False),
        sa.Column("outstanding", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_process_instance_ended", "process_instance", ["ended_at"])
    op.create_index("ix_user_task_done", "user_task", ["done_at"])
