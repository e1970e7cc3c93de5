"""`flask rules check` prints a line of JSON for each file, words beside it, and ends by what it found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask

from tests.decisions.dmn_texts import decision, dmn, table
from tests.use_cases.definitions.uploads import PROJECT

OWN = sorted(map(str, (PROJECT / "rules").glob("*.dmn")))


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["rules", "check", *arguments, "--language", "en"])


def test_overlaps_are_told_with_rows_values_and_code_1(demo_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "t.dmn"
    file.write_bytes(dmn(decision(table(["score"], ["out"], [["<= 10", "1"], [">= 10", "2"]]), name="Points")))

    done = run(demo_app, str(file))

    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert done.exit_code == 1 and told["file"] == str(file) and told["verdict"] == "refused"
    (checked,) = told["tables"]
    assert (checked["decision"], checked["hit_policy"], checked["rules"]) == ("d", "UNIQUE", 2)
    (overlap,) = checked["findings"]
    assert (overlap["kind"], overlap["severity"], overlap["rules"]) == ("overlap", "error", [1, 2])
    assert [one["value"]["en"] for one in overlap["example"]] == ["10"]
    assert {*overlap["text"], *overlap["mend"]} == {"zh", "en"}
    assert "error  Rows 1 and 2 apply together (for example score = 10)" in done.stderr


def test_the_product_s_own_tables_pass(demo_app: Flask) -> None:
    done = run(demo_app, *OWN)

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0 and [one["file"] for one in told] == OWN and len(OWN) >= 24
    assert {one["verdict"] for one in told} == {"ok"}
    severities = {each["severity"] for one in told for part in one["tables"] for each in part["findings"]}
    assert severities == {"note"} and "nothing found" in done.stderr


def test_a_gap_alone_ends_with_code_0_and_a_file_that_cannot_be_read_with_1(demo_app: Flask, tmp_path: Path) -> None:
    gap, broken = tmp_path / "gap.dmn", tmp_path / "broken.dmn"
    gap.write_bytes(dmn(decision(table(["score"], ["out"], [["<= 10", "1"], ["> 11", "2"]]))))
    broken.write_bytes(gap.read_bytes()[:-30])

    fine, refused = run(demo_app, str(gap)), run(demo_app, str(gap), str(broken))

    assert fine.exit_code == 0 and "No row covers: score > 10 and ≤ 11" in fine.stderr
    assert refused.exit_code == 1 and json.loads(refused.stdout.splitlines()[1])["problems"]
