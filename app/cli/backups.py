"""`flask backup` and `flask restore`: the whole installation as one file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.speaking import ending_politely, on_upgraded_database, said
from app.config import Settings
from app.texts import Text
from app.use_cases.administration.make_backup import Backup, make_backup
from app.use_cases.administration.restore_backup import restore_backup

CLEAR_KEY = Text(
    "注意：备份里有未加密的密钥，请妥善保管；设置 BACKUP_PASSPHRASE 可加密。",
    "Note: the backup holds its key in clear; keep it safe, or set BACKUP_PASSPHRASE to seal it.",
)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
@ending_politely
@on_upgraded_database
def backup(file: Path) -> None:
    """Writes database, uploaded files and party key to FILE (.tar.zst or .tar.gz), readable by its owner only.

    With BACKUP_PASSPHRASE set the key in it is sealed, and the restore needs the same passphrase.
    """
    made = make_backup(file, _settings().party_key, os.environ.get("BACKUP_PASSPHRASE"))
    _print(f"{file} (600)", made)
    if not made.sealed:
        click.echo(said(CLEAR_KEY), err=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@ending_politely
def restore(file: Path) -> None:
    """Restores FILE into an empty database, SQLite or PostgreSQL, and checks counts, hashes and audit chains."""
    settings = _settings()
    keep_key = None if os.environ.get("PARTY_KEY") else _key_keeper(settings)
    _print(
        said(Text("已恢复并核对", "restored and checked")),
        restore_backup(file, settings.party_key, keep_key, os.environ.get("BACKUP_PASSPHRASE")),
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _key_keeper(settings: Settings) -> Callable[[str], None]:
    def keep(key: str) -> None:
        path = settings.var_dir / "keys" / "party_key"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(key, "ascii")

    return keep


def _print(what: str, made: Backup) -> None:
    for name, rows in sorted(made.rows.items()):
        if rows:
            click.echo(f"  {name:<22}{rows:>8}")
    rows = sum(made.rows.values())
    click.echo(f"{what}: {len(made.rows)} tables, {rows} rows, {made.files} files")
