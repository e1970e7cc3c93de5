"""Disposals of collateral, the buyer's money, and to whom the proceeds went."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("disposal_line",)
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
        "disposal",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(30), nullable=False, unique=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id"), nullable=False),
        sa.Column("loan_id", ID, sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.Column("external_value", sa.BigInteger()),
        sa.Column("internal_value", sa.BigInteger()),
        sa.Column("route", sa.String(20), nullable=False),
        sa.Column("buyer_name", sa.String(200), nullable=False),
        sa.Column("price", sa.BigInteger()),
        sa.Column("sold_on", sa.Date()),
        sa.Column("surplus", sa.BigInteger()),
        sa.Column("shortfall", sa.BigInteger()),
        sa.Column("surplus_payment_id", ID, sa.ForeignKey("payment.id"), unique=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("price IS NULL OR price > 0", name="ck_disposal_price"),
        sa.CheckConstraint("state IN ('open', 'stopped', 'failed') OR price IS NOT NULL", name="ck_disposal_sold"),
        sa.Index("ix_disposal_case", "case_id"),
        sa.Index(
            "ux_disposal_live",
            "loan_id",
            sqlite_where=sa.text("state IN ('open', 'sold')"),
            postgresql_where=sa.text("state IN ('open', 'sold')"),
            unique=True,
        ),
    )
    op.create_table(
        "disposal_item",
        sa.Column("disposal_id", ID, sa.ForeignKey("disposal.id"), primary_key=True),
        sa.Column("collateral_id", ID, sa.ForeignKey("collateral.id"), primary_key=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "disposal_line",
        sa.Column("disposal_id", ID, sa.ForeignKey("disposal.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(20), nullable=False),
        sa.Column("payee", sa.String(200), nullable=False),
        sa.Column("voucher_no", sa.String(60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("paid >= 0 AND paid <= amount", name="ck_disposal_line_paid"),
    )
    op.create_table(
        "disposal_money",
        sa.Column("payment_id", ID, sa.ForeignKey("payment.id"), primary_key=True, autoincrement=False),
        sa.Column("disposal_id", ID, sa.ForeignKey("disposal.id"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
    )
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(POSTGRESQL_FUNCTION.format(table=table))
            op.execute(POSTGRESQL.format(table=table))
        else:
            for act in ("UPDATE", "DELETE"):
                op.execute(SQLITE.format(table=table, name=act.lower(), act=act))
