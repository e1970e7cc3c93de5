"""Payments, what happened to each of them (append-only), and alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TWO_PERSONS = (
    "(direction = 'in' AND state = 'unapplied') OR (direction = 'out' AND maker_id IS NOT NULL"
    " AND (state IN ('prepared', 'withdrawn') OR (state IN"
    " ('authorised', 'sent', 'unknown', 'succeeded', 'failed')"
    " AND checker_id IS NOT NULL AND checker_id <> maker_id)))"
)
APPEND_ONLY_SQLITE = """
CREATE TRIGGER payment_event_no_{name} BEFORE {act} ON payment_event
BEGIN SELECT RAISE(ABORT, 'payment_event is append-only'); END
"""
APPEND_ONLY_FUNCTION = """
CREATE FUNCTION payment_event_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'payment_event is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
APPEND_ONLY_POSTGRESQL = """
CREATE TRIGGER payment_event_append_only BEFORE UPDATE OR DELETE ON payment_event
FOR EACH ROW EXECUTE FUNCTION payment_event_append_only()
"""


def upgrade() -> None:
    op.create_table(
        "payment",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(30), nullable=False, unique=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id")),
        sa.Column("direction", sa.String(3), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("counterparty_name", sa.String(200), nullable=False),
        sa.Column("counterparty_bank", sa.String(200), nullable=False),
        sa.Column("account_id", sa.String(32), sa.ForeignKey("party_value.id")),
        sa.Column("account_masked", sa.String(80), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("bank_reference", sa.String(80), nullable=False),
        sa.Column("value_on", sa.Date()),
        sa.Column("maker_id", ID, sa.ForeignKey("person.id")),
        sa.Column("checker_id", ID, sa.ForeignKey("person.id")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("amount > 0", name="ck_payment_amount"),
        sa.CheckConstraint(TWO_PERSONS, name="ck_payment_two_persons"),
        sa.Index("ix_payment_case", "case_id", "direction"),
        sa.Index("ix_payment_state", "state", "direction"),
    )
    op.create_table(
        "payment_event",
        sa.Column("id", ID, primary_key=True),
        sa.Column("payment_id", ID, sa.ForeignKey("payment.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(40)),
        sa.Column("serial", sa.String(80)),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("body_hash", sa.String(64)),
        sa.Column("person_id", ID, sa.ForeignKey("person.id")),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("channel", "serial"),
        sa.Index("ix_payment_event_payment", "payment_id", "id"),
    )
    op.create_table(
        "payment_alarm",
        sa.Column("id", ID, primary_key=True),
        sa.Column("fingerprint", sa.String(200), nullable=False, unique=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("payment_id", ID, sa.ForeignKey("payment.id")),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("text_zh", sa.String(500), nullable=False),
        sa.Column("text_en", sa.String(500), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", ID, sa.ForeignKey("person.id")),
        sa.Index("ix_payment_alarm_open", "settled_at", "first_at"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(APPEND_ONLY_FUNCTION)
        op.execute(APPEND_ONLY_POSTGRESQL)
    else:
        for act in ("UPDATE", "DELETE"):
            op.execute(APPEND_ONLY_SQLITE.format(name=act.lower(), act=act))
