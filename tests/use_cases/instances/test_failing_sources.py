"""A source that does not answer: drawn pauses, then the drawn way out or an incident that an administrator retries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.errors import Conflict, Forbidden, NotFound
from app.gateways import clock, sources
from app.gateways.sandboxes import Availability, sandboxes
from app.gateways.sources import Reply
from app.jobs import poller
from app.storage.database import reading
from app.storage.incidents import Incident
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.instances.retry_incident import retry_incident
from app.use_cases.stuck.find_stuck import find_stuck
from tests.desk import ADMINISTRATOR, FIRM, LEAD, OTHER_BANKS_REVIEWER, REVIEWER, Desk
from tests.engine.diagrams import END, ERROR, START, boundary, element, flows, process
from tests.processes import answers
from tests.use_cases import small_processes
from tests.use_cases.lookups import audited, rows_of
from tests.use_cases.small_processes import operation, publish_drawings, task

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ALL_PAUSES = (timedelta(0), timedelta(minutes=5), timedelta(minutes=35), timedelta(minutes=155))


@pytest.fixture
def availability(desk: Desk) -> Iterator[Availability]:
    """Which of the sandboxes are down, in the app of the desk."""
    before, state = sources.current(), Availability()
    sources.use(sandboxes(state))
    yield state
    sources.use(before)


def submitted(desk: Desk) -> str:
    with clock.fixed_at(NOW):
        return desk.submit()


def worked_at(desk: Desk, *after: timedelta) -> None:
    for delta in after:
        with clock.fixed_at(NOW + delta):
            desk.work()


def retried(desk: Desk, incident: Incident, login: str = ADMINISTRATOR) -> None:
    actor = desk.actor(login)
    with desk.app.app_context():
        retry_incident(actor, incident.id)
    desk.work()


def test_a_source_is_asked_again_after_the_drawn_pauses(desk: Desk, availability: Availability) -> None:
    availability.down.add("risk_platform")
    number = submitted(desk)
    planned = []
    for pause in ALL_PAUSES[:3]:
        worked_at(desk, pause)
        (row,) = rows_of(desk, number, "risk_platform_report")
        assert row.next_at is not None
        planned.append((row.state, row.attempts, row.next_at - NOW))

    assert (row.last_error_zh, row.last_error) == (
        "风控平台没有应答（连接超时）。",
        "Risk platform did not answer (time-out).",
    )
    assert planned == [
        ("waiting", 1, timedelta(minutes=5)),
        ("waiting", 2, timedelta(minutes=35)),
        ("waiting", 3, timedelta(minutes=155)),
    ]


def test_a_source_that_is_back_in_time_leaves_no_trace_but_the_wait(desk: Desk, availability: Availability) -> None:
    availability.down.add("risk_platform")
    number = submitted(desk)
    availability.down.clear()

    worked_at(desk, timedelta(minutes=5))

    assert desk.incidents(number) == [] and desk.case(number).score is not None


def test_after_the_last_attempt_the_case_takes_the_drawn_way_out(desk: Desk, availability: Availability) -> None:
    availability.down.add("credit_bureau")
    number = submitted(desk)

    worked_at(desk, *ALL_PAUSES)

    assert desk.waits_for(number, "obtain_report") and desk.incidents(number) == []
    availability.down.clear()
    desk.complete(LEAD, number, "obtain_report", answers.OBTAIN_REPORT)
    assert desk.case(number).rating is not None


def without_a_rate(desk: Desk, availability: Availability) -> tuple[str, Incident]:
    """A case that stopped because nobody said the market rate, for which no way out is drawn."""
    availability.down.add("market_rates")
    number = submitted(desk)
    worked_at(desk, *ALL_PAUSES)
    (incident,) = desk.incidents(number)
    return number, incident


def test_without_a_drawn_way_out_an_incident_tells_the_real_cause(desk: Desk, availability: Availability) -> None:
    number, incident = without_a_rate(desk, availability)

    assert incident.cause_zh == "贷款市场报价利率没有应答（连接超时）。"
    assert incident.cause_en == "Loan prime rate did not answer (time-out)."
    (row,) = rows_of(desk, number, "market_rate")
    assert (row.state, row.attempts, incident.element_id) == ("failed", 4, row.element_id)


def test_a_failed_row_is_left_alone_until_somebody_retries_it(desk: Desk, availability: Availability) -> None:
    number, incident = without_a_rate(desk, availability)

    worked_at(desk, timedelta(days=2))

    assert [one.id for one in desk.incidents(number)] == [incident.id]
    assert rows_of(desk, number, "market_rate")[0].attempts == 4


def test_an_administrator_retries_and_the_case_goes_on(desk: Desk, availability: Availability) -> None:
    number, incident = without_a_rate(desk, availability)
    availability.down.clear()

    retried(desk, incident)

    assert desk.incidents(number) == [] and desk.case(number).rating is not None
    with desk.app.app_context(), reading() as session:
        assert session.get_one(Incident, incident.id).resolved_by == desk.person(ADMINISTRATOR).id
    assert audited(desk)[-1].verb == "retry_incident"


def test_a_step_that_was_just_retried_is_not_listed_as_left_behind(desk: Desk, availability: Availability) -> None:
    _, incident = without_a_rate(desk, availability)
    actor = desk.actor(ADMINISTRATOR)

    with clock.fixed_at(NOW + timedelta(days=2)), desk.app.app_context():
        retry_incident(actor, incident.id)
        assert [one.kind for one in find_stuck() if one.kind in ("outbox", "incident")] == []
    with clock.fixed_at(NOW + timedelta(days=2, minutes=5)), desk.app.app_context():
        assert [one.kind for one in find_stuck() if one.kind in ("outbox", "incident")] == ["outbox"]


def test_a_right_to_retry_reaches_no_case_of_another_bank(desk: Desk, availability: Availability) -> None:
    number, incident = without_a_rate(desk, availability)
    stranger = replace(desk.actor(OTHER_BANKS_REVIEWER), verbs=frozenset({"retry_incidents", "view_cases"}))
    with desk.app.app_context(), pytest.raises(NotFound):
        retry_incident(stranger, incident.id)
    assert [one.id for one in desk.incidents(number)] == [incident.id]


def test_a_retry_that_fails_again_opens_a_new_incident(desk: Desk, availability: Availability) -> None:
    number, incident = without_a_rate(desk, availability)

    with clock.fixed_at(NOW + timedelta(days=1)):
        retried(desk, incident)
    worked_at(desk, *(timedelta(days=1) + pause for pause in ALL_PAUSES))

    (again,) = desk.incidents(number)
    assert again.id != incident.id and again.cause_en == incident.cause_en


def test_two_administrators_retry_once(desk: Desk, availability: Availability) -> None:
    _, incident = without_a_rate(desk, availability)
    retried(desk, incident)

    with pytest.raises(Conflict):
        retried(desk, incident)


def test_a_reviewer_may_not_retry(desk: Desk, availability: Availability) -> None:
    number, incident = without_a_rate(desk, availability)

    with pytest.raises(Forbidden):
        retried(desk, incident, REVIEWER)

    assert len(desk.incidents(number)) == 1


def test_an_incident_of_a_case_that_is_pulled_back_is_settled(desk: Desk, availability: Availability) -> None:
    number, incident = without_a_rate(desk, availability)
    actor = desk.actor(FIRM)

    with desk.app.app_context():
        pull_back(actor, number)

    assert desk.incidents(number) == []
    assert rows_of(desk, number, "market_rate")[0].state == "withdrawn"
    with desk.app.app_context(), reading() as session:
        assert session.get_one(Incident, incident.id).resolved_by is None


def with_a_bad_way_out() -> str:
    """Asks for the rate; the drawn way out of a failure leads to a gateway that nobody can pass."""
    asks = operation("p1", "market_rate", headers={"on_exhausted": "REFUSED"})
    way = element("exclusiveGateway", "way", default="way_end")
    drawn = flows("start>p1", "p1>end", "out>way", "way>end", "way>other", "other>end", way_other="=nothing > 1")
    return process(START, asks, boundary("out", "p1", ERROR), way, task("other"), END, drawn, key="asks")


def test_a_way_out_that_fails_itself_is_an_incident_at_its_own_step(desk: Desk, availability: Availability) -> None:
    availability.down.add("market_rates")
    publish_drawings(desk, with_a_bad_way_out())
    number = desk.start()
    instance_id = small_processes.start(desk, "asks", number)

    desk.work()

    (incident,) = desk.incidents(number)
    assert incident.element_id == "way" and rows_of(desk, number, "market_rate")[0].state == "failed"
    availability.down.clear()
    retried(desk, incident)
    assert small_processes.instance(desk, instance_id).status == "completed"


class Broken:
    """A source whose adapter has a fault."""

    def ask(self, *_: Any) -> Reply:
        raise KeyError("lpr")


def test_a_fault_in_an_adapter_becomes_an_incident_with_its_trace(desk: Desk, availability: Availability) -> None:
    sources.current().market_rates = Broken()
    number = submitted_without_worker(desk)

    polled_at(desk, *ALL_PAUSES)

    (incident,) = desk.incidents(number)
    assert "KeyError" in incident.cause_zh and "KeyError: 'lpr'" in incident.cause_en
    assert "in ask" in incident.trace
    assert rows_of(desk, number, "market_rate")[0].state == "failed"


def test_a_fault_in_one_case_stops_no_other(desk: Desk, availability: Availability) -> None:
    whole = sources.current().market_rates
    sources.current().market_rates = Broken()
    first = submitted_without_worker(desk)
    polled_at(desk, timedelta(0))
    sources.current().market_rates = whole

    second = submitted_without_worker(desk, "lu.ming")
    polled_at(desk, timedelta(0))

    assert desk.case(second).rating is not None and desk.case(first).rating is None


def submitted_without_worker(desk: Desk, login: str = FIRM) -> str:
    """Accepted, with nothing of the initial review done: no worker runs."""
    with clock.fixed_at(NOW):
        number = desk.start(login)
        task = desk.task(number, "working-capital-application")
        desk.complete_task(login, task.id, desk.application(login))
        polled_at(desk, timedelta(0))
        upload = desk.task(number, "upload_documents")
        kinds = [item["kind"] for item in upload.variables["document_checklist"] if item["mandatory"]]
        desk.complete_task(login, upload.id, answers.uploaded(kinds, desk.upload(login, upload.id)))
    return number


def polled_at(desk: Desk, *after: timedelta) -> None:
    """What the poller does where no queue can be reached, until nothing is due."""
    for delta in after:
        with clock.fixed_at(NOW + delta), desk.app.app_context():
            while poller.poll_once():
                pass
