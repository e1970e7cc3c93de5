"""Decision tables by date, and penalties by instalment."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = (
    "dated_rule",
    "penalty_part",
)
SQLITE = """
CREATE TRIGGER {table}_no_{name} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_append_only()
"""


def upgrade() -> None:
    op.create_table(
        "dated_rule",
        sa.Column("id", ID, primary_key=True),
        sa.Column("decision_key", sa.String(100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("content_file.sha256"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", ID, sa.ForeignKey("person.id")),
        sa.Index("ix_dated_rule_key", "decision_key", "valid_from"),
    )
    op.create_table(
        "penalty_part",
        sa.Column("journal_id", ID, sa.ForeignKey("journal.id"), primary_key=True),
        sa.Column("instalment", sa.Integer(), primary_key=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
    )
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(POSTGRESQL_FUNCTION.format(table=table))
            op.execute(POSTGRESQL.format(table=table))
        else:
            for act in ("UPDATE", "DELETE"):
                op.execute(SQLITE.format(table=table, name=act.lower(), act=act))
