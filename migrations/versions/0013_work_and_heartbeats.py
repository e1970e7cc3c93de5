"""Whom tasks were meant for, messages to one person, and signs of life of workers and pollers."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("user_task") as user_task:
        user_task.add_column(sa.Column("candidate_groups", sa.String(1000), nullable=False, server_default=""))
    with op.batch_alter_table("user_task") as user_task:
        user_task.alter_column("candidate_groups", server_default=None)
    joined = "string_agg" if op.get_bind().dialect.name == "postgresql" else "group_concat"
    op.execute(
        f"UPDATE user_task SET candidate_groups = COALESCE((SELECT {joined}(role_key, ',') FROM task_candidate"
        " WHERE task_candidate.task_id = user_task.id), '')"
    )
    op.create_index(
        "ix_user_task_open",
        "user_task",
        ["due_at", "claimed_by"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    with op.batch_alter_table("notification") as notification:
        notification.add_column(sa.Column("person_id", ID, sa.ForeignKey("person.id", name="fk_notification_person")))
    op.create_table(
        "heartbeat",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("host", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
