"""What an analyst uploads waits for a second person; who was overtaken is told by whom; older versions come back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import pytest

from app.errors import Conflict, DefinitionRefused, Forbidden, FourEyes, NotFound, Refused
from app.gateways import clock
from app.storage import definitions
from app.storage.database import reading
from app.storage.definitions import DefinitionDraft, DefinitionVersion
from app.storage.releases import ContentFile, ProcessDefinition, Release
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions
from app.use_cases.definitions.keep_draft import restore_version, upload_draft
from app.use_cases.definitions.publish_draft import withdraw_draft
from app.use_cases.definitions.rules_in_force import rules_in_force
from tests.desk import ADMINISTRATOR, FIRM, Desk
from tests.use_cases.definitions.uploads import (
    ANALYST,
    APPLICATION,
    GRACE,
    GRACE_EXAMPLES,
    INTAKE,
    PROJECT,
    SECOND_ANALYST,
    changed,
    draft_of,
    published,
    renamed_step,
    shipped,
    uploaded,
)
from tests.use_cases.lookups import audited
from tests.use_cases.tasks.races import at_once


def newest(desk: Desk, path: str) -> DefinitionVersion:
    with desk.app.app_context(), reading() as session:
        return definitions.newest(session)[path]


def release_of(desk: Desk, key: str) -> str:
    with desk.app.app_context(), reading() as session:
        return session.get_one(ProcessDefinition, key).release_id


def draft(desk: Desk, draft_id: int) -> DefinitionDraft:
    with desk.app.app_context(), reading() as session:
        return session.get_one(DefinitionDraft, draft_id)


def test_a_draft_is_in_force_only_after_a_second_person_published_it(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    before = release_of(desk, "loan_intake")
    draft_id = draft_of(desk, renamed_step())
    assert release_of(desk, "loan_intake") == before and newest(desk, INTAKE).number == 1

    done = published(desk, draft_id)

    assert [one.process_key for one in done if one.changed] == ["loan_intake"]
    version = newest(desk, INTAKE)
    assert (version.number, version.published_by, version.draft_id) == (2, desk.person(SECOND_ANALYST).id, draft_id)
    assert draft(desk, draft_id).state == "published"
    assert {"upload_draft", "publish_draft", "publish_definitions"} <= {row.verb for row in audited(desk)}


def test_who_uploaded_cannot_publish(desk: Desk) -> None:
    draft_id = draft_of(desk, renamed_step())

    with pytest.raises(FourEyes):
        published(desk, draft_id, ANALYST)

    assert newest(desk, INTAKE).number == 1 and draft(desk, draft_id).state == "open"


def test_nobody_but_analysts_uploads_publishes_or_withdraws(desk: Desk) -> None:
    draft_id = draft_of(desk, renamed_step())
    for act in (
        lambda: uploaded(desk, renamed_step(), ADMINISTRATOR),
        lambda: published(desk, draft_id, ADMINISTRATOR),
        lambda: withdrawn(desk, draft_id, ADMINISTRATOR),
    ):
        with pytest.raises(Forbidden):
            act()


def withdrawn(desk: Desk, draft_id: int, login: str, reason: str = "不需要了") -> None:
    actor = desk.actor(login)
    with desk.app.app_context():
        withdraw_draft(actor, draft_id, reason)


def test_a_running_case_keeps_its_release_and_a_new_one_gets_the_new(desk: Desk) -> None:
    number, old = desk.start(FIRM), release_of(desk, "loan_intake")
    published(desk, draft_of(desk, renamed_step()))

    desk.complete(FIRM, number, "working-capital-application", desk.application(FIRM))

    assert desk.instances(number)[0].release_id == old != release_of(desk, "loan_intake")
    assert desk.task(number, "upload_documents").name.zh == "上传资料"


def test_a_form_reaches_every_process_that_uses_it(desk: Desk) -> None:
    files = changed(APPLICATION, '"product_name_zh": "流动资金贷款"', '"product_name_zh": "流贷"')

    done = published(desk, draft_of(desk, files))

    assert {one.process_key for one in done if one.changed} == {"loan_intake"}


def test_who_was_overtaken_is_told_by_whom_and_when(desk: Desk) -> None:
    first, second = draft_of(desk, renamed_step()), draft_of(desk, changed(INTAKE, 'name="上传资料"', 'name="交资料"'))
    published(desk, first)

    with pytest.raises(Conflict) as told:
        published(desk, second)

    assert told.value.by == desk.person(SECOND_ANALYST).name_zh in told.value.text.zh
    assert told.value.at == newest(desk, INTAKE).published_at and "第 2 版" in told.value.text.zh
    assert newest(desk, INTAKE).number == 2 and draft(desk, second).state == "open"


def test_an_upload_from_a_page_that_is_older_than_the_version_in_force_is_a_conflict(desk: Desk) -> None:
    seen = newest(desk, INTAKE).id
    published(desk, draft_of(desk, renamed_step()))
    actor = desk.actor(ANALYST)

    with desk.app.app_context(), pytest.raises(Conflict):
        upload_draft(actor, changed(INTAKE, 'name="上传资料"', 'name="交资料"'), "改名", seen)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (INTAKE, 'formId="upload_documents"', 'formId="upload_paper"'),
        (INTAKE, 'type="verify_enterprise"', 'type="verify_company"'),
        (INTAKE, 'candidateGroups="customer_manager"', 'candidateGroups="customer_boss"'),
    ],
    ids=["form", "operation", "role"],
)
def test_a_name_that_nothing_knows_may_be_kept_but_not_published(desk: Desk, path: str, old: str, new: str) -> None:
    upload = uploaded(desk, changed(path, old, new))
    asked = new.partition('"')[2].rstrip('"')
    warnings = [one for one in upload.checked.files[0].problems if asked in one.text.zh]
    assert warnings and all(one.severity == "warning" and one.line and one.name.zh and one.mend for one in warnings)
    assert upload.draft_id is not None

    with pytest.raises(DefinitionRefused) as refused:
        published(desk, upload.draft_id)

    assert any(asked in problem.text.zh for problem in refused.value.problems)
    assert newest(desk, INTAKE).number == 1 and draft(desk, upload.draft_id).state == "open"


def test_a_message_that_nobody_sends_is_only_a_warning(desk: Desk) -> None:
    files = changed(INTAKE, 'name="ApplicationWithdrawn"', 'name="ApplicationWithdrown"')

    upload = uploaded(desk, files)

    (warning,) = [one for one in upload.checked.files[0].problems if "ApplicationWithdrown" in one.text.zh]
    assert warning.severity == "warning" and "一直等" in warning.text.zh
    assert upload.draft_id is not None and published(desk, upload.draft_id)


def test_files_that_need_each_other_are_one_draft_that_misses_nothing(desk: Desk) -> None:
    folder = "tests/use_cases/definitions/equipment"
    names = ("equipment-application.form", "equipment_eligibility.dmn", "equipment_intake.bpmn")

    upload = uploaded(desk, {name: shipped(f"{folder}/{name}") for name in names})

    told = [problem.text.en for one in upload.checked.files for problem in one.problems]
    assert told == ["The file has no layout, so no page can show the diagram."]
    assert upload.draft_id is not None
    assert "equipment_intake" in {one.process_key for one in published(desk, upload.draft_id) if one.changed}


def test_of_two_publications_of_a_draft_at_the_same_instant_one_counts(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    draft_id = draft_of(desk, renamed_step())

    results = at_once(*[lambda: published(desk, draft_id)] * 2)

    assert sorted(type(one) is Conflict for one in results) == [False, True], results
    assert newest(desk, INTAKE).number == 2


def test_two_drafts_published_at_the_same_instant_lose_nothing(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    form = changed(APPLICATION, '"product_name_zh": "流动资金贷款"', '"product_name_zh": "流贷"')
    first, second = draft_of(desk, renamed_step()), draft_of(desk, form, SECOND_ANALYST)

    results = at_once(lambda: published(desk, first), lambda: published(desk, second, ANALYST))
    for draft_id, login in ((first, SECOND_ANALYST), (second, ANALYST)):
        if draft(desk, draft_id).state == "open":  # it was told to try again
            published(desk, draft_id, login)

    assert all(isinstance(one, list | Conflict) for one in results), results
    with desk.app.app_context(), reading() as session:
        release = session.get_one(Release, session.get_one(ProcessDefinition, "loan_intake").release_id)
    assert [release.files[path] for path in (INTAKE, APPLICATION)] == [
        newest(desk, path).sha256 for path in (INTAKE, APPLICATION)
    ]


def test_what_is_refused_is_not_kept(desk: Desk) -> None:
    with desk.app.app_context(), reading() as session:
        before = session.query(ContentFile).count()

    upload = uploaded(desk, renamed_step() | {"broken.bpmn": b"<definitions>"})

    assert upload.checked.refused and upload.draft_id is None
    with desk.app.app_context(), reading() as session:
        assert session.query(ContentFile).count() == before and session.query(DefinitionDraft).count() == 0


def test_a_file_that_is_in_force_already_makes_no_draft(desk: Desk) -> None:
    upload = uploaded(desk, {"loan_intake.bpmn": shipped(INTAKE)})

    assert upload.draft_id is None and upload.checked.changes_nothing
    assert "完全相同" in upload.checked.files[0].problems[0].text.zh


def test_an_upload_without_a_reason_is_refused(desk: Desk) -> None:
    actor = desk.actor(ANALYST)
    with desk.app.app_context(), pytest.raises(Refused):
        upload_draft(actor, renamed_step(), "  ")


def test_a_withdrawn_draft_keeps_its_reason_and_is_published_by_nobody(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    draft_id = draft_of(desk, renamed_step())
    with pytest.raises(Refused):
        withdrawn(desk, draft_id, ANALYST, " ")

    withdrawn(desk, draft_id, ANALYST)

    row = draft(desk, draft_id)
    assert (row.state, row.reason, row.closed_by) == ("withdrawn", "不需要了", desk.person(ANALYST).id)
    with pytest.raises(Conflict) as told:
        published(desk, draft_id)
    assert "撤回" in told.value.text.zh


def test_a_draft_that_is_not_there_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        published(desk, 4711)


def restored(desk: Desk, path: str, number: int, login: str = ANALYST) -> int:
    actor = desk.actor(login)
    with desk.app.app_context():
        upload = restore_version(actor, path, number, "新版有误")
    assert upload.draft_id is not None
    return upload.draft_id


def test_an_older_version_comes_back_by_two_people_as_the_release_it_was(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    before = release_of(desk, "loan_intake")
    published(desk, draft_of(desk, renamed_step()))

    draft_id = restored(desk, INTAKE, 1)
    with pytest.raises(FourEyes):
        published(desk, draft_id, ANALYST)
    published(desk, draft_id)

    assert newest(desk, INTAKE).number == 3 and release_of(desk, "loan_intake") == before
    assert draft(desk, draft_id).restores


def test_a_table_that_comes_back_holds_from_its_day_again(desk: Desk) -> None:
    first = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    back = datetime(2026, 12, 5, 2, 0, tzinfo=UTC)
    with clock.fixed_at(first):
        files = changed(GRACE, "<text>3</text>", "<text>5</text>") | changed(GRACE_EXAMPLES, ": 3", ": 5")
        published(desk, draft_of(desk, files))
    with clock.fixed_at(back):
        published(desk, restored(desk, GRACE, 1))

    def grace(on: date) -> int:
        with desk.app.app_context(), reading() as session:
            return int(
                rules_in_force(session, ["grace_days"], on)["grace_days"].decide({"channel_failed": True})["days"]
            )

    assert [grace(on) for on in (date(2026, 11, 30), date(2026, 12, 2), date(2026, 12, 6))] == [3, 5, 3]


def test_the_version_in_force_and_one_that_never_was_cannot_come_back(desk: Desk) -> None:
    actor = desk.actor(ANALYST)
    with desk.app.app_context():
        with pytest.raises(Refused):
            restore_version(actor, INTAKE, 1, "x")
        with pytest.raises(NotFound):
            restore_version(actor, INTAKE, 9, "x")


def test_a_form_that_an_analyst_published_stays_when_a_newer_product_ships_another(desk: Desk, tmp_path: Path) -> None:
    files = changed(APPLICATION, '"product_name_zh": "流动资金贷款"', '"product_name_zh": "流贷"')
    published(desk, draft_of(desk, files))
    kept = newest(desk, APPLICATION)

    with desk.app.app_context():
        load_shipped_definitions(newer_product(tmp_path))

    assert newest(desk, APPLICATION).id == kept.id


def newer_product(folder: Path) -> Path:
    """The product's files with another text in that form."""
    for name in ("processes", "forms", "rules"):
        copytree(PROJECT / name, folder / name)
    form = folder / APPLICATION
    form.write_text(form.read_text("utf-8").replace("流动资金贷款", "流动贷款"), "utf-8")
    return folder
