"""`flask rules test`: one JSON object, words on the standard error, code 1 where anything fails."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.decisions.dmn_texts import decision, dmn, literal, table
from tests.desk import Desk

PROJECT = Path(__file__).parents[2]
RATING = dmn(decision(table(["score"], ["rating"], [[">= 700", '"A"'], ["< 700", '"B"']]), id="rating"))
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>{model}</modelName>
<testCase id="001"><resultNode name="d"><expected><value xsi:type="xsd:{kind}">{text}</value></expected></resultNode>
</testCase></testCases>"""


def run(desk: Desk, path: Path) -> tuple[int, dict[str, Any], str]:
    """Exit code, the JSON and the words in English."""
    done = desk.app.test_cli_runner().invoke(args=["rules", "test", "--language", "en", str(path)])
    return done.exit_code, json.loads(done.stdout), done.stderr


def put(directory: Path, **files: str | bytes) -> Path:
    """Writes files, their names with two underscores for a dot."""
    directory.mkdir(exist_ok=True)
    for name, content in files.items():
        file = directory / name.replace("__", ".")
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return directory


def examples(*rows: tuple[str, object, object]) -> str:
    listed = [{"name": name, "inputs": {"score": score}, "expected": expected} for name, score, expected in rows]
    return json.dumps({"decision": "rating", "examples": listed})


def test_examples_that_pass_end_with_0_and_tell_what_they_cover(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path, rating__dmn=RATING, rating__tests__json=examples(("a", 700, "A"), ("b", 699, "B")))

    code, found, words = run(desk, tmp_path)

    assert (code, found) == (0, {"total": 2, "passed": 2, "failures": []})
    assert "rules covered by examples: 2/2" in words


def test_what_fails_is_told_with_what_was_expected(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path, rating__dmn=RATING, rating__tests__json=examples(("top", 700, "AA")))

    code, found, words = run(desk, tmp_path)

    failure = {"model": "rating.dmn", "case": "1", "node": "rating", "expected": "AA", "got": "A", "name": "top"}
    assert (code, found) == (1, {"total": 1, "passed": 0, "failures": [failure]})
    assert 'rating.dmn "rating" row 2 has no example' in words


def test_folders_of_the_kit_are_walked_and_told_by_level(desk: Desk, tmp_path: Path) -> None:
    one, two = put(tmp_path / "level", keep="") / "0001", tmp_path / "level" / "0002"
    put(one, m__dmn=dmn(decision(literal('"a"'))), cases__xml=CASES.format(model="m.dmn", kind="string", text="a"))
    put(two, m__dmn=dmn(decision(literal("1"))), cases__xml=CASES.format(model="m.dmn", kind="decimal", text="2"))

    code, found, words = run(desk, tmp_path)

    assert (code, found["total"], found["passed"]) == (1, 2, 1)
    assert "level: 1/2 (50.0%) of all nodes, 1/2 (50.0%) of those that expect a value" in words


def test_a_refused_model_fails_all_its_nodes(desk: Desk, tmp_path: Path) -> None:
    wrong = dmn('<inputData id="i" name="x"/>')
    put(tmp_path, m__dmn=wrong, cases__xml=CASES.format(model="m.dmn", kind="decimal", text="1"))

    code, found, _ = run(desk, tmp_path)

    assert (code, found["total"], found["passed"]) == (1, 1, 0)
    assert "no decision" in found["failures"][0]["reason"]


def test_an_expression_that_is_no_feel_is_null_in_the_kit_and_a_fault_beside_a_table(
    desk: Desk, tmp_path: Path
) -> None:
    wrong = dmn(decision(literal("1 +")))
    nothing = CASES.replace('<value xsi:type="xsd:{kind}">{text}</value>', '<value xsi:nil="true"/>')
    kit = put(tmp_path / "kit", m__dmn=wrong, cases__xml=nothing.format(model="m.dmn"))
    beside = put(tmp_path / "rules", m__dmn=wrong, m__tests__xml=nothing.format(model="m.dmn"))

    assert [run(desk, path)[1]["passed"] for path in (kit, beside)] == [1, 0]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"m__tests__json": "{"}, "no valid JSON"),
        ({"cases__xml": "<testCases>"}, "not valid XML"),
        ({"cases__xml": CASES.format(model="../m.dmn", kind="string", text="a")}, "no such rule file"),
    ],
    ids=["json", "xml", "outside"],
)
def test_a_test_file_that_cannot_be_run_counts_as_a_failure(
    desk: Desk, tmp_path: Path, files: dict[str, str], told: str
) -> None:
    put(tmp_path, m__dmn=dmn(decision(literal("1"))))

    code, found, _ = run(desk, put(tmp_path / "inside", **files))

    assert (code, found["total"], found["passed"]) == (1, 1, 0)
    assert told in found["failures"][0]["reason"]


def test_a_folder_without_test_cases_does_not_pass(desk: Desk, tmp_path: Path) -> None:
    code, found, words = run(desk, tmp_path)

    assert (code, found["total"]) == (1, 0) and "no test cases" in words


def test_one_table_is_run_by_its_own_name(desk: Desk, tmp_path: Path) -> None:
    for name in ("rating.dmn", "rating.tests.json", "pricing.dmn", "pricing.tests.json"):
        shutil.copy(PROJECT / "rules" / name, tmp_path)

    found = [run(desk, tmp_path / name)[1]["total"] for name in ("rating.dmn", "rating.tests.json")]

    assert found[0] == found[1] == run(desk, tmp_path)[1]["total"] - run(desk, tmp_path / "pricing.dmn")[1]["total"]


def test_the_products_own_tables_pass_and_every_rule_has_an_example(desk: Desk) -> None:
    tables = sorted(path.stem for path in (PROJECT / "rules").glob("*.dmn"))

    code, found, words = run(desk, PROJECT / "rules")

    assert (code, found["failures"]) == (0, [])
    assert tables == sorted(path.name.removesuffix(".tests.json") for path in (PROJECT / "rules").glob("*.tests.json"))
    assert "has no example" not in words
