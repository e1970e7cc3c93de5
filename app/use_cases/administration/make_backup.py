"""Makes a backup: the whole database, the files, and the keys that encrypted values and signatures need."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.gateways import backup_archive, clock, e_signature, files
from app.storage import audit, dump, schema
from app.storage.database import unit_of_work

FORMAT = 1
KEY_MEMBER = "keys/party_key.json"
SIGNATURE_KEYS_MEMBER = "keys/signature_keys.json"


@dataclass(frozen=True)
class Backup:
    """What a backup holds: rows by table, how many files, and whether its key is sealed by a passphrase."""

    rows: dict[str, int]
    files: int
    sealed: bool


def make_backup(target: Path, party_key: str, passphrase: str | None = None) -> Backup:
    """Writes `target` (.tar.zst or .tar.gz), readable by its owner only; raises ArchiveRefused where it exists.

    Tables are read as of one moment; files are read after them, so that every document in a row is there.
    """
    with unit_of_work() as session:
        audit.record(
            session,
            organisation_id=None,
            person_id=None,
            verb="make_backup",
            target=target.name[:100],
            detail={"sealed": bool(passphrase)},
            at=clock.real_now(),
        )
    tables: dict[str, dict[str, Any]] = {}
    made_at = clock.real_now().isoformat()
    manifest = {"format": FORMAT, "schema": schema.revision(), "made_at": made_at, "tables": tables}
    with backup_archive.writing(target, manifest) as archive:
        with dump.snapshot() as session:
            for table in dump.tables():
                rows = archive.add_lines(f"tables/{table.name}.jsonl", dump.lines(session, table))
                tables[table.name] = {"rows": rows, "columns": [column.name for column in table.columns]}
        stored = files.stored()
        for path in stored:
            archive.add_file(f"files/{path.relative_to(files.root())}", path)
        archive.add_bytes(KEY_MEMBER, backup_archive.seal(party_key, passphrase))
        signature_keys = e_signature.current().kept_keys()
        if signature_keys is not None:
            archive.add_bytes(SIGNATURE_KEYS_MEMBER, backup_archive.seal(signature_keys, passphrase))
    return Backup({name: entry["rows"] for name, entry in tables.items()}, len(stored), bool(passphrase))
