"""Examples beside tables: publication refuses what fails, pages show the coverage, and pairs stay pairs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import DefinitionRefused
from app.storage import definitions
from app.storage.database import reading
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions, read_definitions
from app.use_cases.definitions.export_definitions import definitions_in_force
from app.use_cases.definitions.keep_draft import restore_version
from app.use_cases.definitions.list_definitions import list_definitions
from app.use_cases.definitions.publish import publish
from app.use_cases.definitions.show_definition import compare_versions, show_definition
from app.use_cases.definitions.show_draft import show_draft
from tests.desk import Desk
from tests.use_cases.definitions.uploads import (
    ANALYST,
    GRACE,
    GRACE_EXAMPLES,
    PROJECT,
    SECOND_ANALYST,
    changed,
    draft_of,
    published,
    shipped,
    uploaded,
)

FIVE_DAYS = changed(GRACE, "<text>3</text>", "<text>5</text>")
FIVE_EXPECTED = changed(GRACE_EXAMPLES, ": 3", ": 5")
KIT_CASES = b"""<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <modelName>grace_days.dmn</modelName>
  <testCase id="failed">
    <inputNode name="channel_failed"><value xsi:type="xsd:boolean">true</value></inputNode>
    <resultNode name="grace_days"><expected>
      <component name="days"><value xsi:type="xsd:decimal">3</value></component>
      <component name="dpd_days"><value xsi:type="xsd:decimal">3</value></component>
    </expected></resultNode>
  </testCase>
</testCases>"""


def of_grace(examples: list[dict[str, Any]]) -> dict[str, bytes]:
    """An upload of examples of the table of grace days."""
    content = json.dumps({"decision": "grace_days", "examples": examples}, ensure_ascii=False, indent=1)
    return {"mine.tests.json": content.encode()}


def newest(desk: Desk, path: str) -> tuple[int, str]:
    with desk.app.app_context(), reading() as session:
        row = definitions.newest(session)[path]
        return row.number, row.sha256


def refusal(desk: Desk, draft_id: int) -> str:
    """What publication says to a draft, in English."""
    with pytest.raises(DefinitionRefused) as refused:
        published(desk, draft_id)
    return " ".join(one.text.of("en") for one in refused.value.problems)


def test_a_table_whose_examples_fail_is_not_published(desk: Desk) -> None:
    before = newest(desk, GRACE)

    said = refusal(desk, draft_of(desk, FIVE_DAYS))

    assert 'The example "A failed payment channel gives 3 days' in said
    assert "expected" in said and "3" in said and "got" in said and "5" in said
    assert newest(desk, GRACE) == before


def test_a_table_and_its_examples_are_published_together(desk: Desk) -> None:
    published(desk, draft_of(desk, FIVE_DAYS | FIVE_EXPECTED))

    assert (newest(desk, GRACE)[0], newest(desk, GRACE_EXAMPLES)[0]) == (2, 2)
    with desk.app.app_context():
        assert definitions_in_force()[GRACE_EXAMPLES] == FIVE_EXPECTED["grace_days.tests.json"]


def test_an_upload_warns_of_the_examples_that_will_be_refused(desk: Desk) -> None:
    (table,) = uploaded(desk, FIVE_DAYS).checked.files

    said = [one.text.of("en") for one in table.problems if one.severity == "warning"]

    assert [one for one in said if "cannot be published" in one and "fails: expected" in one]
    assert not table.refused


def test_examples_come_without_their_table_under_any_name(desk: Desk) -> None:
    one = {"name": "故障", "inputs": {"channel_failed": True}, "expected": {"days": 3}}
    draft_id = draft_of(desk, of_grace([one]))

    published(desk, draft_id)

    assert newest(desk, GRACE_EXAMPLES)[0] == 2


def test_examples_that_the_table_does_not_meet_are_not_published(desk: Desk) -> None:
    one = {"name": "故障", "name_en": "Failure", "inputs": {"channel_failed": True}, "expected": {"days": 4}}

    said = refusal(desk, draft_of(desk, of_grace([one])))

    assert 'The example "Failure" fails' in said


@pytest.mark.parametrize(
    ("one", "told"),
    [
        ({"inputs": {"chanel": True}, "expected": {"days": 0}}, 'no input "chanel"; known are channel_failed'),
        ({"inputs": {"channel_failed": "yes"}, "expected": {"days": 0}}, "is not true or false"),
        ({"inputs": {}, "expected": {"day": 0}}, 'no output "day"; known are days, dpd_days'),
        ({"inputs": {}, "expected": 0, "decision": "grace"}, 'no decision "grace"; it has: grace_days'),
    ],
    ids=["input", "type", "output", "decision"],
)
def test_what_the_table_does_not_have_is_told_and_refused(desk: Desk, one: dict[str, Any], told: str) -> None:
    assert told in refusal(desk, draft_of(desk, of_grace([{"name": "例"} | one])))


def test_cases_of_the_kit_stand_beside_a_table_too(desk: Desk) -> None:
    published(desk, draft_of(desk, {"grace.tests.xml": KIT_CASES}))

    assert newest(desk, "rules/grace_days.tests.xml")[0] == 1
    said = refusal(desk, draft_of(desk, FIVE_DAYS | FIVE_EXPECTED))
    assert '"failed" fails' in said


def test_examples_of_no_table_make_a_draft_and_no_publication(desk: Desk) -> None:
    content = b'{"decision": "fee_table", "examples": []}'

    said = refusal(desk, draft_of(desk, {"fee_table.tests.json": content}))

    assert "no table for these examples" in said


def test_the_draft_shows_examples_results_and_the_rules_that_none_covers(desk: Desk) -> None:
    one = {"name": "平常", "inputs": {"channel_failed": False}, "expected": {"days": 0}}
    draft_id = draft_of(desk, of_grace([one]))

    with desk.app.app_context():
        (file,) = show_draft(desk.actor(SECOND_ANALYST), draft_id).files

    assert file.examples is not None and file.kind == "examples"
    assert (file.examples.passed, file.examples.total) == (1, 1)
    assert (file.examples.covered, file.examples.rules) == (1, 2)
    assert [rule.number for rule in file.examples.uncovered] == [1]
    assert [one.kind for one in file.differences] == ["added", "removed", "removed", "removed"]


def test_a_tables_page_shows_its_examples_with_the_words_of_its_columns(desk: Desk) -> None:
    with desk.app.app_context():
        found = show_definition(desk.actor(ANALYST), "rules/rating.dmn").examples
        listed = {line.path: line for line in list_definitions(desk.actor(ANALYST)).lines}

    assert found is not None and found.holds and found.covered == found.rules
    assert found.rows[0].inputs[0][0].zh == "信用评分"
    assert listed["rules/rating.tests.json"].kind == "examples"
    assert listed["rules/rating.tests.json"].name.zh == "评级：用例"


def test_an_older_table_comes_back_with_the_examples_it_had(desk: Desk) -> None:
    published(desk, draft_of(desk, FIVE_DAYS | FIVE_EXPECTED))

    with desk.app.app_context():
        draft_id = restore_version(desk.actor(ANALYST), GRACE, 1, "改回").draft_id
    assert draft_id is not None
    published(desk, draft_id)

    with desk.app.app_context():
        found = definitions_in_force()
    assert (found[GRACE], found[GRACE_EXAMPLES]) == (shipped(GRACE), shipped(GRACE_EXAMPLES))


def test_versions_of_examples_are_compared_by_their_names(desk: Desk) -> None:
    published(desk, draft_of(desk, FIVE_DAYS | FIVE_EXPECTED))

    with desk.app.app_context():
        found = compare_versions(desk.actor(ANALYST), GRACE_EXAMPLES, 1, 2).differences

    (one,) = found
    assert one.kind == "changed" and one.name.zh.startswith("支付渠道故障")
    assert [part.before.zh for part in one.details] == ["宽限天数 3，不计入逾期天数的天数 3"]


def test_examples_shipped_for_a_table_that_an_analyst_changed_leave_hers_alone(desk: Desk, tmp_path: Path) -> None:
    published(desk, draft_of(desk, FIVE_DAYS | FIVE_EXPECTED))
    mine = newest(desk, GRACE_EXAMPLES)
    newer_product(tmp_path, GRACE_EXAMPLES, b"\n")

    with desk.app.app_context():
        load_shipped_definitions(tmp_path)

    assert newest(desk, GRACE_EXAMPLES) == mine


def test_a_table_shipped_newer_does_not_take_the_place_of_one_with_an_analysts_examples(
    desk: Desk, tmp_path: Path
) -> None:
    one = {"name": "故障", "inputs": {"channel_failed": True}, "expected": {"days": 3}}
    published(desk, draft_of(desk, of_grace([one])))
    mine = newest(desk, GRACE), newest(desk, GRACE_EXAMPLES)
    newer_product(tmp_path, GRACE, b"<!-- newer -->")

    with desk.app.app_context():
        load_shipped_definitions(tmp_path)

    assert (newest(desk, GRACE), newest(desk, GRACE_EXAMPLES)) == mine


def test_an_installation_without_examples_gets_them_and_goes_on(desk: Desk) -> None:
    files = {path: content for path, content in read_definitions().items() if not path.endswith(".json")}
    with desk.app.app_context():
        publish({GRACE: files[GRACE]})
        load_shipped_definitions()

    assert newest(desk, GRACE_EXAMPLES)[0] == 1


def newer_product(directory: Path, path: str, more: bytes) -> None:
    """The product's files in a directory, one of them with something more at its end."""
    for each, content in read_definitions(PROJECT).items():
        (directory / each).parent.mkdir(exist_ok=True)
        (directory / each).write_bytes(content + (more if each == path else b""))
