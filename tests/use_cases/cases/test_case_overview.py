"""The overview says of every process whether it is done, runs or has not begun, and which messages were sent."""

from __future__ import annotations

from datetime import date

import pytest

from app import engine
from app.config import PROJECT_DIRECTORY
from app.errors import NotFound
from app.storage import releases
from app.storage.database import reading
from app.use_cases.cases.case_overview import CaseOverview, case_overview
from app.use_cases.cases.process_drawing import process_of_case
from app.use_cases.cases.show_case import show_case
from app.use_cases.definitions.publish import publish
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.use_cases.loans.lent import close_to, lent

DRAWN = (PROJECT_DIRECTORY / "processes" / "overview.bpmn").read_bytes()


def overview_of(desk: Desk, number: str) -> CaseOverview:
    actor = desk.actor(people.REVIEWER)
    with desk.app.app_context():
        found = case_overview(show_case(actor, number))
    assert found is not None
    return found


def states(overview: CaseOverview) -> dict[str, str]:
    return {one.process_key: one.state for one in overview.standings.values()}


def test_what_was_walked_is_done_what_runs_is_current_and_the_rest_lies_ahead(desk: Desk) -> None:
    overview = overview_of(desk, desk.at_second_review())

    found = states(overview)
    assert [found[key] for key in ("loan_intake", "initial_review", "second_review")] == ["done", "done", "current"]
    assert {state for key, state in found.items() if not key.endswith(("intake", "review"))} == {"ahead"}
    notes = {one.process_key: one.note.zh for one in overview.standings.values() if one.note}
    assert notes["second_review"] == "复审" and notes["initial_review"].startswith("王磊 ")


def test_a_message_is_marked_for_the_process_that_sent_it_only(desk: Desk) -> None:
    number = desk.at_second_review()
    facts = engine.collaboration_facts(DRAWN)
    assert facts is not None

    sent = {(facts.flows[flow].source, *facts.flows[flow].messages) for flow in overview_of(desk, number).sent}

    assert sent == {("loan_intake", "ApplicationAccepted"), ("initial_review", "InitialReviewDecided")}


def test_a_process_that_the_daily_close_began_has_its_message_marked(desk: Desk) -> None:
    number = desk.at_initial_review()
    loan_no = lent(desk, case_number=number)
    close_to(desk, loan_no, date(2026, 2, 25), 2)
    desk.work()
    facts = engine.collaboration_facts(DRAWN)
    assert facts is not None

    overview = overview_of(desk, number)

    assert states(overview)["collections"] == "current"
    assert "Overdue" in {name for flow in overview.sent for name in facts.flows[flow].messages}


def test_a_refused_case_ends_where_it_was_refused(desk: Desk) -> None:
    number = desk.at_initial_review()
    desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_FAIL)

    assert states(overview_of(desk, number))["initial_review"] == "failed"


def test_a_process_that_has_not_begun_shows_the_drawing_in_force(desk: Desk) -> None:
    number = desk.at_initial_review()
    case_id = desk.case(number).id
    with desk.app.app_context():
        ahead = process_of_case(case_id, "second_review")
        running = process_of_case(case_id, "initial_review")
        with pytest.raises(NotFound):
            process_of_case(case_id, "no_such_process")
        with pytest.raises(NotFound):
            process_of_case(case_id, "initial_review", running.runs[0].instance_id + 1000)

    assert ahead.runs == () and ahead.progress.elements == {} and b"second_review" in ahead.progress.diagram
    assert [run.active for run in running.runs] == [True] and running.progress.elements


def test_an_overview_is_published_in_versions_and_nothing_can_run_on_it(desk: Desk) -> None:
    changed = DRAWN.replace("融资企业".encode(), "借款企业".encode())
    with desk.app.app_context():
        first = publish({"processes/overview.bpmn": DRAWN})[0]
        second = publish({"processes/overview.bpmn": changed})[0]
        with reading() as session:
            in_force = releases.overview(session)
            assert in_force is not None and releases.files_of(session, in_force) == {"processes/overview.bpmn": changed}
            assert second.process_key not in releases.process_keys(session)

    assert not first.changed and second.changed and first.release_id != second.release_id
