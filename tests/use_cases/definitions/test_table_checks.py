"""What the check of tables says stands with an upload, and rules that contradict each other are not published."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from app.errors import DefinitionRefused
from app.storage.database import unit_of_work
from app.storage.definitions import DefinitionDraftFile
from app.storage.releases import ContentFile
from app.use_cases.definitions.check_file import check_file
from app.use_cases.definitions.check_tables import check_tables
from app.use_cases.definitions.show_definition import show_definition
from tests.desk import Desk
from tests.use_cases.definitions.uploads import ANALYST, PROJECT, changed, draft_of, published, shipped, uploaded

RATING = "rules/rating.dmn"


def a_cell(number: int) -> str:
    """How the condition of a row of the rating table begins."""
    text = shipped(RATING).decode()
    start = text.index(f'id="rating_rule_{number}_input_1"')
    begin = text.index("<text>", start) + len("<text>")
    return text[begin : text.index("</text>", begin)]


def with_cell(number: int, condition: str) -> dict[str, bytes]:
    return changed(RATING, f"<text>{a_cell(number)}</text>", f"<text>{condition}</text>")


@pytest.mark.parametrize("table", sorted(path.name for path in (PROJECT / "rules").glob("*.dmn")))
def test_a_shipped_table_has_no_gap_and_no_contradiction(table: str) -> None:
    checked = check_file(table, shipped(f"rules/{table}"))

    assert [one.text.en for one in checked.problems if one.severity != "note"] == []


def test_rows_that_apply_together_refuse_an_upload_and_are_named_with_their_line(desk: Desk) -> None:
    upload = uploaded(desk, with_cell(1, "&gt;= 0"))

    (file,) = upload.checked.files
    first = file.problems[0]
    assert upload.draft_id is None and file.refused and file.keys == ("rating",)
    assert first.severity == "error" and "会同时命中" in first.text.zh and "第 1 行" in first.name.zh
    assert first.line and b"rating_rule_1" in shipped(RATING).splitlines()[first.line - 1]


def test_a_gap_is_a_warning_that_the_draft_keeps(desk: Desk) -> None:
    upload = uploaded(desk, with_cell(1, "&gt; 990"))

    (file,) = upload.checked.files
    (gap,) = [one for one in file.problems if "没有一行管到" in one.text.zh]
    assert upload.draft_id is not None and gap.severity == "warning" and gap.mend is not None


def test_a_draft_kept_before_tables_were_checked_is_not_published_with_a_contradiction(desk: Desk) -> None:
    draft_id = draft_of(desk, with_cell(1, "&gt; 990"))
    (bad,) = with_cell(1, "&gt;= 0").values()
    with desk.app.app_context(), unit_of_work() as session:
        sha256 = hashlib.sha256(bad).hexdigest()
        session.add(ContentFile(sha256=sha256, content=bad))
        session.flush()
        session.get_one(DefinitionDraftFile, (draft_id, RATING)).sha256 = sha256

    with pytest.raises(DefinitionRefused) as refused:
        published(desk, draft_id)

    assert any("apply together" in one.text.en and RATING in one.where for one in refused.value.problems)


def test_the_page_of_a_table_in_force_has_what_the_check_says(desk: Desk) -> None:
    actor = desk.actor(ANALYST)
    with desk.app.app_context():
        assert show_definition(actor, RATING).problems == ()
        (note,) = show_definition(actor, "rules/policy_knockout.dmn").problems
    assert note.severity == "note" and "not analysable" in note.text.en


def test_a_file_that_cannot_be_read_has_problems_and_no_tables(tmp_path: Path) -> None:
    for content in (b"", b"<definitions", shipped("processes/loan_intake.bpmn"), shipped(RATING)[:-20]):
        checked = check_tables("x.dmn", content)
        assert checked.refused and checked.problems and not checked.tables
