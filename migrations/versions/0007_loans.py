"""Loans, their schedules, journals, receipts and bills."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = (
    "journal",
    "journal_line",
    "settlement",
    "loan_schedule",
    "loan_schedule_row",
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
        "loan",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(30), nullable=False, unique=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id"), nullable=False),
        sa.Column("payment_id", ID, sa.ForeignKey("payment.id"), nullable=False, unique=True),
        sa.Column("contract_id", ID, sa.ForeignKey("contract.id")),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("borrower_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("rate_percent_per_year", sa.String(20), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.Column("repayment_method", sa.String(60), nullable=False),
        sa.Column("paid_out_on", sa.Date(), nullable=False),
        sa.Column("matures_on", sa.Date(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("judged_class", sa.String(20), nullable=False),
        sa.Column("stopped_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("dpd", sa.Integer(), nullable=False),
        sa.Column("asset_class", sa.String(20), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(10)),
        sa.Column("outstanding", sa.BigInteger(), nullable=False),
        sa.Column("overdue", sa.BigInteger(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_on", sa.Date()),
        sa.CheckConstraint("principal > 0", name="ck_loan_principal"),
        sa.Index("ix_loan_case", "case_id"),
        sa.Index("ix_loan_state", "state", "funder_id"),
    )
    op.create_table(
        "bill",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(40), nullable=False, unique=True),
        sa.Column("loan_id", ID, sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("instalment", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("loan_id", "instalment"),
    )
    op.create_table(
        "journal",
        sa.Column("id", ID, primary_key=True),
        sa.Column("loan_id", ID, sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("event", sa.String(30), nullable=False),
        sa.Column("business_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("reverses_id", ID, sa.ForeignKey("journal.id"), unique=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_journal_day", "business_on", "funder_id"),
        sa.Index("ix_journal_loan", "loan_id", "id"),
    )
    op.create_table(
        "loan_charge",
        sa.Column("id", ID, primary_key=True),
        sa.Column("loan_id", ID, sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("voucher_no", sa.String(60), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("loan_id", "voucher_no"),
        sa.CheckConstraint("amount > 0", name="ck_loan_charge"),
    )
    op.create_table(
        "loan_receipt",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(40), nullable=False, unique=True),
        sa.Column("loan_id", ID, sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("payment_id", ID, sa.ForeignKey("payment.id"), unique=True),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("allocation_order", sa.Text(), nullable=False),
        sa.Column("order_hash", sa.String(64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_loan_receipt"),
        sa.Index("ix_loan_receipt_loan", "loan_id"),
    )
    op.create_table(
        "loan_schedule",
        sa.Column("id", ID, primary_key=True),
        sa.Column("loan_id", ID, sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("loan_id", "version"),
    )
    op.create_table(
        "journal_line",
        sa.Column("journal_id", ID, sa.ForeignKey("journal.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("side", sa.String(6), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_journal_line_amount"),
        sa.CheckConstraint("side IN ('debit', 'credit')", name="ck_journal_line_side"),
        sa.Index("ix_journal_line_account", "account"),
    )
    op.create_table(
        "loan_schedule_row",
        sa.Column("schedule_id", ID, sa.ForeignKey("loan_schedule.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "settlement",
        sa.Column("journal_id", ID, sa.ForeignKey("journal.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("receipt_no", sa.String(40), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("instalment", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Index("ix_settlement_receipt", "receipt_no"),
    )
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(POSTGRESQL_FUNCTION.format(table=table))
            op.execute(POSTGRESQL.format(table=table))
        else:
            for act in ("UPDATE", "DELETE"):
                op.execute(SQLITE.format(table=table, name=act.lower(), act=act))
