"""The analyst's desk through its pages: lists, versions, uploads that are refused or kept, publication by a second."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from tests.desk import FIRM, Desk
from tests.machine import within
from tests.use_cases.definitions.hostile import HOSTILE
from tests.use_cases.definitions.uploads import (
    ANALYST,
    APPLICATION,
    GRACE,
    INTAKE,
    PROJECT,
    SECOND_ANALYST,
    changed,
    draft_of,
    published,
    renamed_step,
    shipped,
)
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]
INTERNAL = ("Traceback", "Exception", "lxml", "SyntaxError", "site-packages", "<string>", str(PROJECT))


def send(visitor: Visitor, files: Mapping[str, bytes], act: str = "keep", note: str = "业务要求") -> TestResponse:
    parts = [(BytesIO(content), name) for name, content in files.items()]
    return visitor.post(
        "/definitions/uploads", {"files": parts, "note": note, "act": act}, content_type="multipart/form-data"
    )


def test_the_list_names_what_is_in_force_with_version_and_publisher(desk: Desk, visit: Visit) -> None:
    published(desk, draft_of(desk, renamed_step()))

    seen = words(visit(ANALYST).get("/definitions"))

    assert "进件与准入" in seen or "loan_intake.bpmn" in seen
    assert "第 2 版" in seen and desk.person(SECOND_ANALYST).name_zh in seen and "随产品安装" in seen


def test_running_cases_are_counted_on_the_release_they_keep(desk: Desk, visit: Visit) -> None:
    desk.start(FIRM)
    published(desk, draft_of(desk, renamed_step()))
    desk.start("shen.yue")

    listed = words(visit(ANALYST).get("/definitions"))
    page = words(visit(ANALYST, language="en").get("/definitions/processes/loan_intake"))

    assert "2 1 在 1 个旧版本上" in listed
    assert "drawing version 2 in force 1 0" in page and "drawing version 1 1 0" in page


def test_forms_and_tables_say_which_processes_use_them(visit: Visit) -> None:
    visitor = visit(ANALYST, language="en")

    forms, rules = (words(visitor.get(f"/definitions?kind={kind}")) for kind in ("forms", "rules"))

    assert "initial_review.form version 1" in forms and "Initial review" in forms
    assert "credit_score.dmn" in rules and "the daily close, by date" in rules


@pytest.mark.parametrize(
    "path",
    [
        "/definitions",
        "/definitions?kind=forms",
        "/definitions?kind=rules",
        "/definitions/processes/loan_intake",
        "/definitions/processes/overview_of_processes",
        "/definitions/forms/initial_review",
        "/definitions/rules/credit_score",
    ],
)
def test_a_page_has_no_key_or_hash_where_words_exist(path: str, desk: Desk, visit: Visit) -> None:
    for language in ("zh", "en"):
        page = visit(ANALYST, language=language).get(path)
        if page.status_code == 404:
            assert "overview" in path
            continue
        assert page.status_code == 200 and "None" not in words(page)


def test_a_process_names_its_forms_tables_operations_roles_and_messages(visit: Visit) -> None:
    seen = words(visit(ANALYST, language="en").get("/definitions/processes/initial_review"))

    for said in (
        "Forms",
        "Rule tables",
        "Operations check the consent to a credit enquiry, get the risk platform's report",
        "Roles Review lead",
        "Messages it sends",
    ):
        assert said in seen, seen
    assert "draw-node" in visit(ANALYST).get("/definitions/processes/initial_review").text


def test_a_table_shows_its_rows_and_a_form_what_it_asks(visit: Visit) -> None:
    visitor = visit(ANALYST, language="en")

    rating, form = (words(visitor.get(f"/definitions/{path}")) for path in ("rules/rating", "forms/initial_review"))

    assert "unique" in rating and "→" in rating and "≥" in rating
    assert "What the form asks" in form and "one choice" in form and "yes" in form


def test_the_file_of_a_version_is_what_was_published(visit: Visit) -> None:
    got = visit(ANALYST).get("/definitions/processes/loan_intake/versions/1")

    assert got.data == shipped(INTAKE) and "loan_intake.bpmn" in got.headers["Content-Disposition"]


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_upload_gets_a_clear_answer_in_time_and_harms_nothing(what: str, visit: Visit) -> None:
    name, content, said = HOSTILE[what]
    visitor = visit(ANALYST, language="en")

    with within(8):
        answer = send(visitor, {name: content})

    assert answer.status_code == 422 and said in words(answer) and "none was kept" in words(answer)
    assert not any(one in answer.text for one in INTERNAL)
    assert "No draft is waiting" in words(visitor.get("/definitions"))


def test_an_upload_becomes_a_draft_whose_page_says_what_differs(desk: Desk, visit: Visit) -> None:
    visitor = visit(ANALYST)

    answer = send(visitor, renamed_step())
    page = visitor.get(answer.location)

    seen = words(page)
    assert answer.status_code == 302 and "业务要求" in seen and "待第二人发布" in seen
    assert "修改 人工步骤 上传全部资料 名称（中文） 上传资料 → 上传全部资料" in seen
    assert "draw-changed" in page.text and "我看过差异" not in seen
    assert visitor.get("/definitions/drafts/1/processes/loan_intake").data == renamed_step()["loan_intake.bpmn"]


def test_a_draft_of_several_diagrams_draws_each_that_changes(visit: Visit) -> None:
    visitor = visit(ANALYST)
    review = shipped("processes/initial_review.bpmn").replace("现场尽调".encode(), "上门尽调".encode())

    page = visitor.get(send(visitor, renamed_step() | {"initial_review.bpmn": review}).location).text

    assert page.count('class="draw"') == 2 and "上门尽调" in page and "上传全部资料" in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_only_checking_keeps_nothing(visit: Visit) -> None:
    visitor = visit(ANALYST)

    answer = send(visitor, renamed_step(), act="check", note="")

    assert answer.status_code == 200 and "没有保存" in words(answer)
    assert "没有草稿在等" in words(visitor.get("/definitions"))


def test_an_upload_without_a_file_or_a_reason_says_so(visit: Visit) -> None:
    visitor = visit(ANALYST)

    assert "至少一个文件" in words(visitor.post("/definitions/uploads", {"note": "x", "act": "keep"}))
    assert "为什么要改" in words(send(visitor, renamed_step(), note=""))


def test_the_second_person_publishes_from_the_page(desk: Desk, visit: Visit) -> None:
    draft_id = draft_of(desk, renamed_step())
    author, second = visit(ANALYST), visit(SECOND_ANALYST)
    counted = second.get("/definitions").text
    assert 'data-count="nav.definitions">1<' in counted

    own = author.post(f"/definitions/drafts/{draft_id}/publish")
    done = second.post(f"/definitions/drafts/{draft_id}/publish", follow_redirects=True)
    again = second.post(f"/definitions/drafts/{draft_id}/publish")

    assert own.status_code == 403 and "另一位流程分析师" in words(own)
    assert "已发布，1 个流程有了新版本" in words(done)
    assert again.status_code == 409 and "已由" in words(again)


def test_a_missing_name_is_told_where_publication_is_refused(desk: Desk, visit: Visit) -> None:
    files = changed(INTAKE, 'type="verify_enterprise"', 'type="verify_company"')
    draft_id = draft_of(desk, files)

    page = visit(SECOND_ANALYST, language="en").get(f"/definitions/drafts/{draft_id}")
    answer = visit(SECOND_ANALYST, language="en").post(f"/definitions/drafts/{draft_id}/publish")

    assert 'no operation "verify_company"' in words(page)
    assert answer.status_code == 422 and "It was not published: mend these first" in words(answer)


def test_an_overtaken_draft_says_so_and_offers_no_publication(desk: Desk, visit: Visit) -> None:
    first, second = draft_of(desk, renamed_step()), draft_of(desk, changed(INTAKE, 'name="上传资料"', 'name="交资料"'))
    published(desk, first)

    page = visit(SECOND_ANALYST).get(f"/definitions/drafts/{second}")

    assert "已有更新的第 2 版" in words(page) and "我看过差异" not in words(page)
    assert visit(SECOND_ANALYST).post(f"/definitions/drafts/{second}/publish").status_code == 409


def test_an_upload_from_an_older_page_is_told_who_published(desk: Desk, visit: Visit) -> None:
    visitor = visit(ANALYST)
    published(desk, draft_of(desk, renamed_step()))
    files = changed(INTAKE, 'name="上传资料"', 'name="交资料"')
    parts = [(BytesIO(content), name) for name, content in files.items()]

    answer = visitor.post(
        "/definitions/uploads",
        {"files": parts, "note": "改名", "act": "keep", "seen": "1"},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 409 and desk.person(SECOND_ANALYST).name_zh in words(answer)


def test_a_draft_is_withdrawn_with_a_reason(desk: Desk, visit: Visit) -> None:
    draft_id = draft_of(desk, renamed_step())
    visitor = visit(ANALYST)

    without = visitor.post(f"/definitions/drafts/{draft_id}/withdraw", {"reason": ""}, follow_redirects=True)
    done = visitor.post(f"/definitions/drafts/{draft_id}/withdraw", {"reason": "重复了"}, follow_redirects=True)

    assert "请写明为什么撤回" in words(without)
    assert "草稿已撤回" in words(done) and "重复了" in words(done)


def test_an_older_version_is_handed_in_and_compared(desk: Desk, visit: Visit) -> None:
    published(desk, draft_of(desk, renamed_step()))
    visitor = visit(ANALYST)

    handed_in = visitor.post("/definitions/processes/loan_intake/versions/1/restore", {"note": "新版有误"})
    refused = visitor.post(
        "/definitions/processes/loan_intake/versions/2/restore", {"note": "x"}, follow_redirects=True
    )
    compared = visitor.get("/definitions/processes/loan_intake/differences?before=1&after=2")

    assert "恢复旧版" in words(visitor.get(handed_in.location))
    assert "正在使用" in words(refused)
    assert "上传资料 → 上传全部资料" in words(compared) and "draw-changed" in compared.text


def test_a_form_and_a_table_say_their_differences(desk: Desk, visit: Visit) -> None:
    files = changed(APPLICATION, '"product_name_zh": "流动资金贷款"', '"product_name_zh": "流贷"')
    draft_id = draft_of(desk, files | changed(GRACE, "<text>3</text>", "<text>5</text>"))

    seen = words(visit(SECOND_ANALYST).get(f"/definitions/drafts/{draft_id}"))

    assert "流动资金贷款 → 流贷" in seen and "3 → 5" in seen


@pytest.mark.parametrize(
    "path",
    [
        "/definitions/novels/loan_intake",
        "/definitions/processes/nothing",
        "/definitions/processes/loan_intake/versions/9",
        "/definitions/processes/loan_intake/differences?before=1&after=7",
        "/definitions/drafts/99",
        "/definitions/drafts/99/processes/loan_intake",
    ],
)
def test_what_is_not_there_is_not_found(path: str, visit: Visit) -> None:
    assert visit(ANALYST).get(path).status_code == 404
