"""What an evaluation could read, so that a changed table can be tried on past cases."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision_trace", sa.Column("variables", sa.Text(), nullable=True))
