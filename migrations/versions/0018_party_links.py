"""Links between parties, and the panels of funders."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# every admitted appraiser could work for every funder before there were panels
ADMITTED = """
INSERT INTO panel_member (funder_id, organisation_id, since_on, suspended_because, admitted_because, admitted_at)
SELECT f.id, a.id, DATE(a.created_at), '', '', a.created_at
FROM organisation f CROSS JOIN organisation a WHERE f.kind = 'funder' AND a.kind = 'appraiser'
"""
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "panel_member",
        sa.Column("id", ID, primary_key=True),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("suspended_at", sa.DateTime(timezone=True)),
        sa.Column("suspended_because", sa.String(500), nullable=False),
        sa.Column("admitted_by", ID, sa.ForeignKey("person.id")),
        sa.Column("admitted_because", sa.String(500), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("funder_id", "organisation_id"),
    )
    op.create_table(
        "party_link",
        sa.Column("id", ID, primary_key=True),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("other_id", ID, sa.ForeignKey("organisation.id")),
        sa.Column("other_is_person", sa.Boolean(), nullable=False),
        sa.Column("other_name", sa.String(200), nullable=False),
        sa.Column("other_key", sa.String(64)),
        sa.Column("name_ref", sa.String(32), sa.ForeignKey("party_value.id")),
        sa.Column("number_ref", sa.String(32), sa.ForeignKey("party_value.id")),
        sa.Column("number_masked", sa.String(80), nullable=False),
        sa.Column("share_basis_points", sa.Integer()),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("funder_id", ID, sa.ForeignKey("organisation.id")),
        sa.Column("case_id", ID, sa.ForeignKey("loan_case.id")),
        sa.Column("entered_by", ID, sa.ForeignKey("person.id")),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("since_on", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("other_id IS NOT NULL OR other_name <> ''", name="ck_link_other"),
        sa.CheckConstraint("share_basis_points > 0 AND share_basis_points <= 10000", name="ck_link_share"),
        sa.Index("ix_party_link_key", "other_key"),
        sa.Index("ix_party_link_organisation", "organisation_id"),
        sa.Index("ix_party_link_other", "other_id"),
    )
    op.execute(ADMITTED)
