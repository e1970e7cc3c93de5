"""What happens before the product starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from app.config import PROJECT_DIRECTORY
from tests.databases import SECRETS, Databases


def prepare(tmp_path: Path, mode: str, database_url: str) -> subprocess.CompletedProcess[str]:
    own = {
        "MODE": mode,
        "DEMO_PEOPLE_ONLY": "1",
        "VAR_DIR": str(tmp_path / "var"),
        "DATABASE_URL": database_url,
        **SECRETS,
    }
    return subprocess.run(
        [sys.executable, "-m", "app.cli.prepare"],
        env=os.environ | own,
        cwd=PROJECT_DIRECTORY,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_production_does_not_start_on_a_database_with_demo_accounts(databases: Databases, tmp_path: Path) -> None:
    done = prepare(tmp_path, "production", databases.sqlite("demo", tmp_path / "demo.db"))
    assert done.returncode == 1 and "demo accounts" in done.stdout


def test_production_starts_empty_and_without_accounts(databases: Databases, tmp_path: Path) -> None:
    done = prepare(tmp_path, "production", databases.sqlite("schema", tmp_path / "new.db"))
    assert done.returncode == 0 and "demo-2026" not in done.stdout


def test_the_first_start_in_demo_mode_prints_the_accounts(tmp_path: Path) -> None:
    done = prepare(tmp_path, "demo", f"sqlite:///{tmp_path / 'new.db'}")
    assert done.returncode == 0, done.stderr
    assert "chen.jing" in done.stdout and "demo-2026" in done.stdout
