"""A large payment is approved by a third person."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("payment") as table:
        table.add_column(sa.Column("approver_id", ID, sa.ForeignKey("person.id", name="fk_payment_approver")))
        table.add_column(sa.Column("persons_needed", sa.Integer(), nullable=False, server_default="2"))
    with op.batch_alter_table("payment") as table:
        table.alter_column("persons_needed", server_default=None)
