"""Notices may be for a role, and each person reads for herself."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# who worked for an organisation when its messages were marked as read had them marked, whoever did it
MARKS = """
INSERT INTO notice_mark (person_id, organisation_id, read_to)
SELECT m.person_id, m.organisation_id, max(n.id)
FROM membership m JOIN notification n ON n.organisation_id = m.organisation_id
WHERE n.read_at IS NOT NULL AND (n.person_id IS NULL OR n.person_id = m.person_id)
GROUP BY m.person_id, m.organisation_id
"""


def upgrade() -> None:
    op.create_table(
        "notice_mark",
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), primary_key=True),
        sa.Column("read_to", ID, sa.ForeignKey("notification.id"), nullable=False),
    )
    op.execute(MARKS)
    with op.batch_alter_table("notification") as table:
        table.drop_column("read_at")
        table.add_column(sa.Column("role_key", sa.String(60), sa.ForeignKey("role.key", name="fk_notification_role")))
