"""Restores a backup into an empty database of either kind, and checks that everything arrived unchanged."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.errors import Refused
from app.gateways import backup_archive, clock, e_signature, files
from app.gateways.backup_archive import ArchiveRefused
from app.storage import audit, dump, schema
from app.storage.contracts import Contract
from app.storage.database import reading, unit_of_work
from app.storage.documents import Document
from app.storage.organisations import Role, RoleGrant
from app.storage.people import WebSession
from app.storage.shipped import ShippedGrant
from app.use_cases.administration.make_backup import FORMAT, KEY_MEMBER, SIGNATURE_KEYS_MEMBER, Backup
from app.use_cases.administration.verify_audit import broken_chains
from app.use_cases.parties import party_key as party_keys

OF_THE_PRODUCT = {Role.__tablename__, RoleGrant.__tablename__, ShippedGrant.__tablename__}


class RestoreRefused(Refused):
    """The backup does not fit this installation: it is not empty, has another schema, or another party key."""


def restore_backup(
    source: Path, party_key: str, keep_key: Callable[[str], None] | None, passphrase: str | None = None
) -> Backup:
    """Restores rows, files and key; raises ArchiveRefused or RestoreRefused, and then nothing was changed.

    `keep_key` stores the backup's party key for later starts; it is None where the environment sets the key, which
    then has to be the backup's.
    """
    schema.upgrade()
    with reading() as session:
        _require_empty(session)
    with tempfile.TemporaryDirectory(dir=files.root().parent, prefix="restore-") as folder:
        unpacked = Path(folder)
        manifest = backup_archive.unpack(source, unpacked)
        _require_fit(manifest)
        content = (unpacked / KEY_MEMBER).read_bytes()
        key = backup_archive.unseal(content, passphrase)
        if key != party_key and keep_key is None:
            raise RestoreRefused(
                "PARTY_KEY 与备份不一致：请把它设为制作备份时所用的值。",
                "PARTY_KEY is not the backup's: set it to the value with which the backup was made.",
            )
        stored = _restore_files(unpacked / "files")
        with unit_of_work() as session:
            _require_empty(session)
            _restore_tables(session, manifest, unpacked / "tables")
            _check(session, manifest)
            _end_sessions(session)
            if key != party_key and keep_key is not None:
                keep_key(key)
        party_keys.use(key)
        _restore_signature_keys(unpacked / SIGNATURE_KEYS_MEMBER, passphrase)
    _note(source)
    rows = {name: entry["rows"] for name, entry in manifest["tables"].items()}
    return Backup(rows, stored, sealed=b'"sealed":true' in content)


def _restore_signature_keys(file: Path, passphrase: str | None) -> None:
    if file.exists():  # the contracts that they vouch for have just come with them; others there are none
        e_signature.current().take_keys(backup_archive.unseal(file.read_bytes(), passphrase))


def _require_empty(session: Session) -> None:
    for table in dump.tables():
        if table.name not in OF_THE_PRODUCT and dump.count(session, table):
            raise RestoreRefused(
                f"目标数据库不是空的（表 {table.name} 里有数据），没有恢复任何内容。",
                f"The database is not empty (the table {table.name} has rows); nothing was restored.",
            )


def _require_fit(manifest: dict[str, Any]) -> None:
    if (manifest["format"], manifest["schema"]) != (FORMAT, schema.revision()):
        raise RestoreRefused(
            f"备份的数据库版本是 {manifest['schema']}，本产品是 {schema.revision()}：请用相同版本的产品恢复后再升级。",
            f"The backup has schema {manifest['schema']}, this product {schema.revision()}: "
            "restore it with the version that made it, then upgrade.",
        )


def _restore_files(folder: Path) -> int:
    stored = [path for path in sorted(folder.rglob("*")) if path.is_file()] if folder.exists() else []
    for path in stored:
        target = files.root() / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not target.exists():
            shutil.move(path, target)
            os.chmod(target, 0o600)
    return len(stored)


def _restore_tables(session: Session, manifest: dict[str, Any], folder: Path) -> None:
    session.execute(delete(ShippedGrant))
    session.execute(delete(RoleGrant))
    session.execute(delete(Role))
    for table in dump.tables():
        with (folder / f"{table.name}.jsonl").open("rb") as lines:
            dump.insert_lines(session, table, manifest["tables"][table.name]["columns"], lines)
    dump.reset_sequences(session)


def _check(session: Session, manifest: dict[str, Any]) -> None:
    for table in dump.tables():
        if dump.count(session, table) != manifest["tables"][table.name]["rows"]:
            raise ArchiveRefused(f"表 {table.name} 的行数不对。", f"The table {table.name} lost rows.")
    for broken in broken_chains(session):
        raise ArchiveRefused(
            f"机构 {broken.organisation_id} 的审计链在第 {broken.sequence} 条断开，没有恢复任何内容。",
            f"The audit chain of organisation {broken.organisation_id} breaks at entry {broken.sequence}; "
            "nothing was restored.",
        )
    for sha256 in session.scalars(select(Document.sha256).union(select(Contract.document_sha256))):
        if not files.path_of(sha256).exists():
            raise ArchiveRefused(f"缺少文件 {sha256}。", f"The file {sha256} is missing.")


def _end_sessions(session: Session) -> None:
    """Some of them were revoked after the backup was made, and nobody knows which: everybody logs in again."""
    session.execute(update(WebSession).where(WebSession.revoked_at.is_(None)).values(revoked_at=clock.real_now()))


def _note(source: Path) -> None:
    with unit_of_work() as session:
        audit.record(
            session,
            organisation_id=None,
            person_id=None,
            verb="restore_backup",
            target=source.name[:100],
            detail=None,
            at=clock.real_now(),
        )
