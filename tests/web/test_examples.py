"""Examples on the analyst's pages: with their table, in a draft, in the list, and when publication refuses."""

from __future__ import annotations

from collections.abc import Callable

from tests.desk import Desk
from tests.use_cases.definitions.uploads import (
    ANALYST,
    GRACE,
    GRACE_EXAMPLES,
    SECOND_ANALYST,
    changed,
    draft_of,
    shipped,
)
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]
FIVE_DAYS = changed(GRACE, "<text>3</text>", "<text>5</text>")


def test_a_tables_page_shows_its_examples_and_their_coverage(visit: Visit) -> None:
    page = words(visit(ANALYST).get("/definitions/rules/rating"))

    assert "用例全部通过" in page and "覆盖规则 7/7" in page
    assert "699.5 分还不是 AA 信用评分 699.5 A" in page


def test_the_list_has_the_examples_by_their_tables_name(visit: Visit) -> None:
    page = words(visit(ANALYST).get("/definitions?kind=examples"))

    assert "评级：用例" in page and "rating.tests.json" in page and "发布规则表时检查" in page


def test_a_file_of_examples_has_a_page_and_can_be_downloaded(visit: Visit) -> None:
    visitor = visit(ANALYST)

    page = words(visitor.get("/definitions/examples/grace_days.json"))
    sent = visitor.get("/definitions/examples/grace_days.json/versions/1")

    assert "还款宽限期：用例" in page and "覆盖规则 2/2" in page
    assert sent.data == shipped(GRACE_EXAMPLES)


def test_an_unknown_ending_of_examples_is_not_found(visit: Visit) -> None:
    visitor = visit(ANALYST)

    found = [visitor.get(f"/definitions/examples/{name}").status_code for name in ("rating", "rating.txt", ".json")]

    assert found == [404, 404, 404]


def test_a_draft_names_the_example_that_fails_before_and_after_it_is_refused(desk: Desk, visit: Visit) -> None:
    draft_id = draft_of(desk, FIVE_DAYS)
    second = visit(SECOND_ANALYST)

    before = words(second.get(f"/definitions/drafts/{draft_id}"))
    answer = second.post(f"/definitions/drafts/{draft_id}/publish")

    assert "有用例不通过 通过 2/3" in before and "得到 宽限天数 5" in before
    assert answer.status_code == 422
    assert "用例“支付渠道故障宽限 3 天，不计逾期天数”不通过：应为" in words(answer)


def test_a_draft_of_examples_alone_shows_what_they_say_of_the_table_in_force(desk: Desk, visit: Visit) -> None:
    content = '{"decision": "grace_days", "examples": [{"name": "平常", "inputs": {}, "expected": {"days": 0}}]}'
    draft_id = draft_of(desk, {"any name.tests.json": content.encode()})

    page = words(visit(SECOND_ANALYST).get(f"/definitions/drafts/{draft_id}"))

    assert "还款宽限期：用例" in page and "通过 1/1" in page
    assert "没有用例的规则：第 1 行" in page
