"""Files are checked, published by two people, and exported from a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask

from app.use_cases.administration.load_shipped_definitions import read_definitions
from tests.desk import Desk
from tests.use_cases.definitions.hostile import HOSTILE
from tests.use_cases.definitions.uploads import ANALYST, INTAKE, PROJECT, SECOND_ANALYST, renamed_step


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["process", *arguments, "--language", "en"])


def written(folder: Path, files: dict[str, bytes]) -> list[str]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [str(folder / name) for name in files]


def publish(desk: Desk, files: list[str], author: str = ANALYST, by: str = SECOND_ANALYST) -> Any:
    return run(desk.app, "publish", *files, "--author", author, "--by", by, "--note", "a new name")


def test_a_check_prints_a_line_of_json_for_each_file_and_words_beside(demo_app: Flask, tmp_path: Path) -> None:
    name, content, _ = HOSTILE["duplicate ids"]
    (bad,) = written(tmp_path, {name: content})
    good = str(PROJECT / INTAKE)

    done = run(demo_app, "check", good, bad)

    fine, refused = (json.loads(line) for line in done.stdout.splitlines())
    assert done.exit_code == 1
    assert fine == {
        "file": good,
        "verdict": "ok",
        "processes": [{"id": "loan_intake", "verdict": "ok"}],
        "problems": [],
    }
    assert refused["verdict"] == "refused" and refused["processes"] == [{"id": "p", "verdict": "refused"}]
    problem = refused["problems"][0]
    assert problem["element"] == "x" and problem["severity"] == "error" and problem["line"]
    assert {*problem["text"], *problem["mend"]} == {"zh", "en"}
    assert "used twice" in done.stderr and "Give one of the two another id." in done.stderr


def test_a_check_of_good_files_ends_with_code_0(demo_app: Flask) -> None:
    assert run(demo_app, "check", str(PROJECT / INTAKE)).exit_code == 0


def test_a_check_warns_of_names_that_nothing_in_force_knows(demo_app: Flask, tmp_path: Path) -> None:
    content = (PROJECT / INTAKE).read_bytes().replace(b'type="verify_enterprise"', b'type="verify_company"')

    done = run(demo_app, "check", *written(tmp_path, {"a.bpmn": content}))

    assert done.exit_code == 0 and 'no operation "verify_company"' in done.stderr
    assert json.loads(done.stdout)["problems"][0]["severity"] == "warning"


def test_files_are_published_by_two_people(desk: Desk, tmp_path: Path) -> None:
    files = written(tmp_path, renamed_step())

    alone = publish(desk, files, by=ANALYST)
    done = publish(desk, files)

    assert alone.exit_code == 1 and "two people" in alone.stderr
    assert done.exit_code == 0 and "loan_intake" in done.stdout and "is published" in done.stdout


def test_a_refused_file_is_not_published(desk: Desk, tmp_path: Path) -> None:
    name, content, _ = HOSTILE["endless loop"]

    done = publish(desk, written(tmp_path, {name: content}))

    assert done.exit_code == 1 and "endless loop" in done.stderr and "Nothing was published" in done.stderr


def test_what_is_in_force_is_exported_as_the_product_holds_it(demo_app: Flask, tmp_path: Path) -> None:
    done = run(demo_app, "export", str(tmp_path / "out"))

    assert done.exit_code == 0 and read_definitions(tmp_path / "out") == read_definitions()
