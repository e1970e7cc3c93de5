"""Answers that sources send by themselves, failures told in Chinese too, and who typed a report in."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "source_answer",
        sa.Column("id", ID, primary_key=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("value_id", sa.String(32), sa.ForeignKey("party_value.id"), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("source", "key", name="uq_source_answer_key"),
    )
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("last_error_zh", sa.Text()))
    with op.batch_alter_table("external_report") as table:
        table.add_column(sa.Column("entered_by", ID, sa.ForeignKey("person.id", name="fk_external_report_entered_by")))
