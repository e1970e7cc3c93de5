"""Compliance holds and what officers said of each."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("compliance_opinion",)
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
        "compliance_hold",
        sa.Column("id", ID, primary_key=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id"), nullable=False),
        sa.Column("reference", sa.String(60), unique=True),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("reason_en", sa.String(500), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("persons_needed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", ID, sa.ForeignKey("person.id")),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("persons_needed IN (1, 2)", name="ck_compliance_hold_persons"),
        sa.Index("ix_compliance_hold_case", "case_id", "state"),
        sa.Index("ix_compliance_hold_state", "state", "opened_at"),
    )
    op.create_table(
        "compliance_opinion",
        sa.Column("id", ID, primary_key=True),
        sa.Column("hold_id", ID, sa.ForeignKey("compliance_hold.id"), nullable=False),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("evidence", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("hold_id", "person_id"),
    )
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(POSTGRESQL_FUNCTION.format(table=table))
            op.execute(POSTGRESQL.format(table=table))
        else:
            for act in ("UPDATE", "DELETE"):
                op.execute(SQLITE.format(table=table, name=act.lower(), act=act))
