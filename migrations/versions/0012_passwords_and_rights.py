"""First passwords, and which rights came with the product."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as person:
        person.alter_column("must_change_password", server_default=None)
    with op.batch_alter_table("role_grant") as role_grant:
        role_grant.add_column(sa.Column("given_by", ID, sa.ForeignKey("person.id", name="fk_role_grant_given_by")))
    op.create_table(
        "shipped_grant",
        sa.Column("role_key", sa.String(60), primary_key=True),
        sa.Column("verb", sa.String(60), primary_key=True),
    )
    # until now there was no page to give a right: what stands came with the product
    op.execute("INSERT INTO shipped_grant (role_key, verb) SELECT role_key, verb FROM role_grant")
