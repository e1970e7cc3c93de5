"""Which version of a process a case keeps: a number for everybody, key and hash for those whose work they are."""

from __future__ import annotations

import re

import pytest

from tests import desk as people
from tests.desk import Desk
from tests.web.visitor import Visitor, words

KEY_AND_HASH = re.compile(r"initial_review [0-9a-f]{8}")


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "一直用流程图第 1 版"), ("en", "and keeps version 1 of the diagram")],
)
def test_a_reviewer_reads_the_number_of_the_version_and_no_key_or_hash(desk: Desk, language: str, said: str) -> None:
    case = desk.at_initial_review()
    visitor = Visitor(desk, people.REVIEWER, language=language)

    for path in (
        f"/cases/{case}/processes/initial_review",
        f"/tasks/{desk.task(case, 'initial_review').id}?tab=process",
    ):
        page = words(visitor.get(path))
        assert said in page and not KEY_AND_HASH.search(page)


def test_an_administrator_reads_key_and_hash_too(desk: Desk) -> None:
    case = desk.at_initial_review()
    page = words(Visitor(desk, "admin").get(f"/cases/{case}/processes/initial_review"))
    assert "流程图第 1 版" in page and KEY_AND_HASH.search(page)


def test_a_process_that_has_not_begun_shows_the_version_in_force(desk: Desk) -> None:
    case = desk.at_initial_review()
    page = words(Visitor(desk, people.REVIEWER).get(f"/cases/{case}/processes/collections"))
    assert "本件还没有走到，图为现行的第 1 版" in page
