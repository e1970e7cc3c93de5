"""Cases with their parties, limits, offers, reports and notices."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "credit_limit",
        sa.Column("id", ID, primary_key=True),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("funder_id", "kind", "subject"),
        sa.CheckConstraint("used >= 0 AND used <= total", name="ck_credit_limit_within"),
    )
    op.create_table(
        "loan_case",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(30), nullable=False, unique=True),
        sa.Column("source_key", sa.String(80), unique=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("product_key", sa.String(60), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.String(40), nullable=False),
        sa.Column("milestone_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applicant_name", sa.String(200), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("term_months", sa.Integer()),
        sa.Column("purpose", sa.String(200)),
        sa.Column("repayment_method", sa.String(60)),
        sa.Column("score", sa.Integer()),
        sa.Column("rating", sa.String(10)),
        sa.Column("previous_case_id", ID, sa.ForeignKey("loan_case.id")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", ID, sa.ForeignKey("person.id")),
        sa.Index("ix_case_created", "created_at"),
        sa.Index("ix_case_milestone", "milestone"),
    )
    op.create_table(
        "case_party",
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id"), primary_key=True),
        sa.Column("capacity", sa.String(30), primary_key=True),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Index("ix_case_party_organisation", "organisation_id", "case_id"),
    )
    op.create_table(
        "external_report",
        sa.Column("id", ID, primary_key=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("source_zh", sa.String(100), nullable=False),
        sa.Column("source_en", sa.String(100), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_external_report_case", "case_id", "id"),
    )
    op.create_table(
        "limit_reservation",
        sa.Column("id", ID, primary_key=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id"), nullable=False),
        sa.Column("limit_id", ID, sa.ForeignKey("credit_limit.id"), nullable=False),
        sa.Column("reference", sa.String(60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("case_id", "limit_id", "reference"),
    )
    op.create_table(
        "notification",
        sa.Column("id", ID, primary_key=True),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id")),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Index("ix_notification_organisation", "organisation_id", "id"),
    )
    op.create_table(
        "offer",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(30), nullable=False, unique=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id"), nullable=False),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("rate_percent_per_year", sa.String(20), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.Column("repayment_method", sa.String(60), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Index("ix_offer_case", "case_id"),
    )
    op.create_table(
        "party_value",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id")),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("cipher", sa.LargeBinary(), nullable=False),
        sa.Column("search_index", sa.String(64), nullable=False),
        sa.Column("masked", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_party_value_case", "case_id"),
        sa.Index("ix_party_value_search", "search_index"),
    )
