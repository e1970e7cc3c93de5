"""Releases of processes and the catalogue made from them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "content_file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "message_start",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("process_key", sa.String(100), primary_key=True),
    )
    op.create_table(
        "product",
        sa.Column("key", sa.String(60), primary_key=True),
        sa.Column("process_key", sa.String(100), nullable=False),
        sa.Column("form_key", sa.String(100), nullable=False),
        sa.Column("name_zh", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(100), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("process_key", sa.String(100), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", ID, sa.ForeignKey("person.id")),
        sa.Index("ix_release_process_key", "process_key"),
    )
    op.create_table(
        "process_definition",
        sa.Column("process_key", sa.String(100), primary_key=True),
        sa.Column("release_id", sa.String(64), sa.ForeignKey("release.id"), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
    )
    op.create_table(
        "release_spec",
        sa.Column("release_id", sa.String(64), sa.ForeignKey("release.id"), primary_key=True),
        sa.Column("engine_version", sa.String(40), primary_key=True),
        sa.Column("spec", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "shipped_release",
        sa.Column("process_key", sa.String(100), primary_key=True),
        sa.Column("release_id", sa.String(64), sa.ForeignKey("release.id"), nullable=False),
        sa.Column("files_digest", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
