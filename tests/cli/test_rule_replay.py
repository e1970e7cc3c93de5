"""A changed table is tried on stored evaluations from a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.storage.audit import AuditEntry
from app.storage.database import reading
from tests.desk import Desk
from tests.use_cases.definitions.uploads import stricter


def run(desk: Desk, file: Path, *more: str) -> Any:
    arguments = ["rules", "replay", "rating", "--with", str(file), "--since", "2020-01-01", *more, "--language", "en"]
    return desk.app.test_cli_runner().invoke(args=arguments)


def test_a_replay_prints_one_json_object_and_says_the_cases(desk: Desk, tmp_path: Path) -> None:
    number = desk.at_initial_review()
    (file := tmp_path / "rating.dmn").write_bytes(stricter(desk.case(number).score or 0)["rating.dmn"])

    done = run(desk, file)

    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert done.exit_code == 0
    assert {key: found[key] for key in ("evaluations", "replayed", "changed", "unchanged")} == {
        "evaluations": 1,
        "replayed": 1,
        "changed": 1,
        "unchanged": 0,
    }
    assert found["cases"][0] | {"date": ""} == {
        "case": number,
        "round": "1",
        "date": "",
        "before": "AA",
        "after": "A",
        "before_words": {"zh": "AA", "en": "AA"},
        "after_words": {"zh": "A", "en": "A"},
        "rules_then": [2],
        "rules_now": [3],
        "version_then": 1,
    }
    assert "1 stored evaluations, 1 compared, 1 with another outcome" in done.stderr
    assert f"{number}  round 1" in done.stderr and "AA → A  (row 2, now row 3; version 1)" in done.stderr


def test_a_replay_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.at_initial_review()
    (file := tmp_path / "rating.dmn").write_bytes(stricter(900)["rating.dmn"])

    def entries() -> int:
        with desk.app.app_context(), reading() as session:
            return session.scalar(select(func.count()).select_from(AuditEntry)) or 0

    before = entries()
    assert run(desk, file, "--json").stderr == ""
    assert entries() == before


def test_a_refused_file_is_told_by_its_faults(desk: Desk, tmp_path: Path) -> None:
    broken = stricter(900)["rating.dmn"].replace(b"<text>score</text>", b"<text>1 +</text>")
    (file := tmp_path / "rating.dmn").write_bytes(broken)

    done = run(desk, file)

    assert done.exit_code == 1 and done.stdout == ""
    assert "FEEL error" in done.stderr and "rating.dmn is refused" in done.stderr
