"""Releases: named by their content, kept by running instances, and refused as a whole where one file is broken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.errors import DefinitionRefused, Problem
from app.storage.database import reading
from app.storage.releases import ProcessDefinition, Product, Release
from app.use_cases.administration.load_shipped_definitions import read_definitions
from app.use_cases.definitions.publish import Published, publish
from tests.desk import FIRM, REVIEWER, Desk
from tests.processes import answers
from tests.use_cases.lookups import audited

Files = dict[str, bytes]
INTAKE, REVIEW = "processes/loan_intake.bpmn", "processes/initial_review.bpmn"
SCORE, APPLICATION = "rules/credit_score.dmn", "forms/working-capital-application.form"


def published(desk: Desk, files: Files) -> list[Published]:
    with desk.app.app_context():
        return publish(files, desk.person("admin").id)


def in_force(desk: Desk) -> dict[str, str]:
    with desk.app.app_context(), reading() as session:
        return {row.process_key: row.release_id for row in session.query(ProcessDefinition)}


def changed(path: str, old: str, new: str, files: Files | None = None) -> Files:
    """The shipped files, or these, with one text changed in one of them."""
    files = read_definitions() if files is None else files
    assert old.encode() in files[path]
    return files | {path: files[path].replace(old.encode(), new.encode())}


def refused(desk: Desk, files: Files) -> tuple[Problem, ...]:
    """Why the files are refused; nothing of them is in force then."""
    before = in_force(desk)
    with pytest.raises(DefinitionRefused) as error:
        published(desk, files)
    assert in_force(desk) == before
    return error.value.problems


def line_of(files: Files, path: str, text: str) -> int:
    return files[path].decode().partition(text)[0].count("\n") + 1


def test_publishing_the_same_content_changes_nothing(desk: Desk) -> None:
    before, entries = in_force(desk), len(audited(desk))

    done = published(desk, read_definitions())

    assert not any(one.changed for one in done)
    assert in_force(desk) == before and len(audited(desk)) == entries


def test_another_rule_makes_another_release_of_the_processes_that_use_it(desk: Desk) -> None:
    before = in_force(desk)

    done = published(desk, changed(SCORE, "</decisionTable>", "</decisionTable><!-- 2 -->"))

    assert {one.process_key for one in done if one.changed} == {"initial_review"}
    assert in_force(desk)["initial_review"] != before["initial_review"]
    assert audited(desk)[-1].verb == "publish_definitions"
    assert audited(desk)[-1].person_id == desk.person("admin").id


def test_a_return_to_earlier_content_is_the_earlier_release(desk: Desk) -> None:
    before = in_force(desk)
    published(desk, changed(SCORE, "</decisionTable>", "</decisionTable><!-- 2 -->"))

    published(desk, read_definitions())

    assert in_force(desk) == before


def test_a_running_instance_keeps_its_release(desk: Desk) -> None:
    number, old = desk.start(FIRM), in_force(desk)["loan_intake"]
    published(desk, changed(INTAKE, 'name="上传资料"', 'name="上传全部资料"'))

    desk.complete(FIRM, number, "working-capital-application", desk.application(FIRM))

    assert desk.instances(number)[0].release_id == old
    assert desk.task(number, "upload_documents").name.zh == "上传资料"


def test_a_new_instance_runs_on_the_new_release(desk: Desk) -> None:
    published(desk, changed(INTAKE, 'name="上传资料"', 'name="上传全部资料"'))
    number = desk.start(FIRM)

    desk.complete(FIRM, number, "working-capital-application", desk.application(FIRM))

    assert desk.task(number, "upload_documents").name.zh == "上传全部资料"


def test_a_task_is_checked_by_the_form_of_its_own_release(desk: Desk) -> None:
    number = desk.at_initial_review()
    published(desk, changed("forms/initial_review.form", '"no_conflict"', '"declared"'))

    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_PASS)

    assert desk.case(number).milestone == "initial_passed"


def broken_xml(files: Files) -> Files:
    return changed(INTAKE, "</bpmn:process>", "", files)


def broken_feel(files: Files) -> Files:
    return changed(REVIEW, "[item = null]) &gt; 0</bpmn:cond", "[item = null] &gt;</bpmn:cond", files)


def broken_form(files: Files) -> Files:
    return changed(APPLICATION, '"type": "textfield"', '"type": "textfeld"', files)


def broken_table(files: Files) -> Files:
    return changed(SCORE, 'hitPolicy="COLLECT"', 'hitPolicy="GUESS"', files)


@pytest.mark.parametrize(
    ("breaks", "path"),
    [(broken_xml, INTAKE), (broken_feel, REVIEW), (broken_form, APPLICATION), (broken_table, SCORE)],
    ids=["xml", "feel", "form", "table"],
)
def test_a_broken_file_is_refused_with_its_line_and_nothing_is_published(
    desk: Desk, breaks: Callable[[Files], Files], path: str
) -> None:
    files = breaks(changed("processes/second_review.bpmn", 'name="复审"', 'name="复审新"'))

    problems = refused(desk, files)

    assert problems and all(path in problem.where for problem in problems)
    assert any(problem.line for problem in problems)


def test_the_faults_of_all_files_are_told_at_once(desk: Desk) -> None:
    files = broken_form(broken_table(read_definitions()))

    problems = refused(desk, files)

    assert {path for path in (SCORE, APPLICATION) if any(path in one.where for one in problems)} == {SCORE, APPLICATION}


@pytest.mark.parametrize(
    ("path", "element", "asked"),
    [
        ("forms/site_visit.form", "visit_site", "site_visit"),
        (SCORE, "score_credit", "credit_score"),
    ],
    ids=["form", "table"],
)
def test_a_missing_file_is_told_at_the_element_that_needs_it(desk: Desk, path: str, element: str, asked: str) -> None:
    files = read_definitions()
    del files[path]

    (problem,) = [one for one in refused(desk, files) if asked in one.text.zh]

    assert element in problem.where
    assert problem.line == line_of(files, REVIEW, f'id="{element}"')


def test_a_role_that_nobody_can_have_is_told_at_its_task(desk: Desk) -> None:
    files = changed(REVIEW, 'candidateGroups="review_lead"', 'candidateGroups="review_boss"')

    problems = refused(desk, files)

    tasks = ("obtain_report", "reconsider", "decide_as_lead")
    assert all("review_boss" in one.text.zh for one in problems)
    assert [one.line for one in problems] == [line_of(files, REVIEW, f'<bpmn:userTask id="{task}"') for task in tasks]


def test_an_operation_that_the_product_does_not_have_is_told_with_its_line(desk: Desk) -> None:
    files = changed(REVIEW, 'type="market_rate"', 'type="marketrate"')

    (problem,) = refused(desk, files)

    assert "marketrate" in problem.text.zh and problem.line == line_of(files, REVIEW, 'type="marketrate"')


@pytest.mark.parametrize(
    ("path", "key"),
    [(INTAKE, "loan_intake"), (SCORE, "credit_score"), (APPLICATION, "working-capital-application")],
    ids=["process", "table", "form"],
)
def test_two_files_of_one_key_are_refused(desk: Desk, path: str, key: str) -> None:
    files = read_definitions()
    copy = path.replace(".", "-copy.")

    problems = refused(desk, files | {copy: files[path]})

    assert any(key in problem.where and problem.text.zh.endswith("请换一个编号。") for problem in problems)


def test_a_product_whose_process_does_not_exist_is_refused(desk: Desk) -> None:
    files = changed(APPLICATION, '"process": "loan_intake"', '"process": "loan_intak"')

    (problem,) = refused(desk, files)

    assert "loan_intak" in problem.text.zh and APPLICATION in problem.where


def test_a_new_form_text_reaches_the_catalogue(desk: Desk) -> None:
    published(desk, changed(APPLICATION, '"product_name_zh": "流动资金贷款"', '"product_name_zh": "流贷"'))

    with desk.app.app_context(), reading() as session:
        assert session.get_one(Product, "working-capital").name_zh == "流贷"


def test_a_release_says_who_published_it_and_when(desk: Desk) -> None:
    (new,) = [one for one in published(desk, changed(SCORE, "</definitions>", "\n</definitions>")) if one.changed]

    with desk.app.app_context(), reading() as session:
        row = session.get_one(Release, new.release_id)
    assert row.published_by == desk.person("admin").id and SCORE in row.files
