"""Versions of the files in force, and drafts that wait for a second person."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("definition_version",)
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
RELEASES = "SELECT files, published_at, published_by FROM release ORDER BY published_at, id"
DATED = "SELECT decision_key, sha256, published_at, published_by FROM dated_rule ORDER BY id"
IN_FORCE = """
SELECT r.files, r.published_at, r.published_by FROM release r
JOIN process_definition d ON d.release_id = r.id ORDER BY d.process_key
"""
INSERT = sa.text(
    "INSERT INTO definition_version (path, number, sha256, published_at, published_by) "
    "VALUES (:path, :number, :sha256, :at, :by)"
)


def upgrade() -> None:
    op.create_table(
        "definition_draft",
        sa.Column("id", ID, primary_key=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("restores", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", ID, sa.ForeignKey("person.id")),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Index("ix_definition_draft_state", "state"),
    )
    op.create_table(
        "definition_draft_file",
        sa.Column("draft_id", ID, sa.ForeignKey("definition_draft.id"), primary_key=True),
        sa.Column("path", sa.String(200), primary_key=True),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("content_file.sha256"), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
    )
    op.create_table(
        "definition_version",
        sa.Column("id", ID, primary_key=True),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("content_file.sha256"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", ID, sa.ForeignKey("person.id")),
        sa.Column("draft_id", ID, sa.ForeignKey("definition_draft.id")),
        sa.UniqueConstraint("path", "number"),
    )
    _number_what_was_published()
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(POSTGRESQL_FUNCTION.format(table=table))
            op.execute(POSTGRESQL.format(table=table))
        else:
            for act in ("UPDATE", "DELETE"):
                op.execute(SQLITE.format(table=table, name=act.lower(), act=act))


def _number_what_was_published() -> None:
    """Gives what releases and dated tables hold their versions, in the order of publication."""
    bound = op.get_bind()
    newest: dict[str, tuple[int, str]] = {}

    def note(path: str, sha256: str, at: Any, person_id: int | None) -> None:
        number, last = newest.get(path, (0, ""))
        if last != sha256:
            newest[path] = number + 1, sha256
            bound.execute(INSERT, {"path": path, "number": number + 1, "sha256": sha256, "at": at, "by": person_id})

    for files, at, person_id in bound.execute(sa.text(RELEASES)).fetchall():
        for path, sha256 in sorted(json.loads(files).items()):
            note(path, sha256, at, person_id)
    known = {sha256 for _, sha256 in newest.values()}
    for key, sha256, at, person_id in bound.execute(sa.text(DATED)).fetchall():
        if sha256 not in known:
            note(f"rules/{key}.dmn", sha256, at, person_id)
    for files, at, person_id in bound.execute(sa.text(IN_FORCE)).fetchall():
        for path, sha256 in json.loads(files).items():
            if path.startswith("processes/"):  # an earlier release that is in force again
                note(path, sha256, at, person_id)
