"""Contracts and their signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(40), nullable=False, unique=True),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(60), nullable=False),
        sa.Column("offer_id", ID, sa.ForeignKey("offer.id"), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("generated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True)),
        sa.Column("lapsed_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("reference", "kind"),
        sa.Index("ix_contract_case", "case_id", "id"),
    )
    op.create_table(
        "contract_signature",
        sa.Column("id", ID, primary_key=True),
        sa.Column("contract_id", ID, sa.ForeignKey("contract.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(30), nullable=False),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("person_id", ID, sa.ForeignKey("person.id")),
        sa.Column("signed_at", sa.DateTime(timezone=True)),
        sa.Column("certificate_serial", sa.String(64)),
        sa.Column("authority", sa.String(200)),
        sa.Column("sha256_before", sa.String(64)),
        sa.Column("sha256_after", sa.String(64)),
        sa.UniqueConstraint("contract_id", "capacity"),
        sa.UniqueConstraint("contract_id", "position"),
        sa.Index("ix_contract_signature_organisation", "organisation_id", "contract_id"),
        sa.Index("ix_contract_signature_certificate", "certificate_serial"),
    )
