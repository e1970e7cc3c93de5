"""Names that were replaced are kept, and the audit log is found by what an act was done to."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAMED = {"person": "id", "organisation": "id", "role": "key"}
# until when a name held is told in the product's time, as the times of acts are: a demo's business date may be ahead
SQLITE = """
CREATE TRIGGER {table}_past_name AFTER UPDATE OF name_zh, name_en ON {table}
WHEN OLD.name_zh IS NOT NEW.name_zh OR OLD.name_en IS NOT NEW.name_en
BEGIN
    INSERT INTO past_name (kind, subject, name_zh, name_en, until)
    VALUES ('{table}', CAST(OLD.{key} AS TEXT), OLD.name_zh, OLD.name_en, strftime('%Y-%m-%d %H:%M:%f', 'now',
        COALESCE((SELECT offset_days FROM business_clock WHERE id = 1), 0) || ' days') || '000');
END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION keep_past_name_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO past_name (kind, subject, name_zh, name_en, until)
    VALUES ('{table}', CAST(OLD.{key} AS TEXT), OLD.name_zh, OLD.name_en, clock_timestamp()
        + make_interval(days => COALESCE((SELECT offset_days FROM business_clock WHERE id = 1), 0)));
    RETURN NULL;
END $$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_past_name AFTER UPDATE OF name_zh, name_en ON {table} FOR EACH ROW
WHEN (OLD.name_zh IS DISTINCT FROM NEW.name_zh OR OLD.name_en IS DISTINCT FROM NEW.name_en)
EXECUTE FUNCTION keep_past_name_of_{table}()
"""


def upgrade() -> None:
    op.create_table(
        "past_name",
        sa.Column("id", ID, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_past_name_subject", "kind", "subject"),
    )
    op.create_index("ix_audit_entry_target", "audit_entry", ["target"])
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, key in NAMED.items():
        for statement in (POSTGRESQL_FUNCTION, POSTGRESQL) if on_postgresql else (SQLITE,):
            op.execute(statement.format(table=table, key=key))
