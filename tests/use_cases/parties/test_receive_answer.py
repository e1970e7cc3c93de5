"""Answers that sources send by themselves: believed when signed, used at once, stored once however often they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.gateways import clock
from app.sandbox_sources.enquiries import envelope, written
from app.storage import reports, source_answers
from app.storage.database import reading
from app.storage.outbox import OutboxRow
from app.storage.party_store import PartyValue
from tests.desk import Desk
from tests.sources import Running, call_back, sandbox_sources
from tests.use_cases import small_processes
from tests.use_cases.lookups import rows_of
from tests.use_cases.small_processes import operation, publish_drawings, straight

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SOURCE = "screening_lists"


@pytest.fixture
def running(desk: Desk) -> Iterator[Running]:
    """The sources over HTTP, which answer later and call back."""
    with sandbox_sources(desk.app) as made:
        made.behave("pushed")
        yield made


@pytest.fixture
def asked(desk: Desk, running: Running) -> tuple[str, OutboxRow]:
    """A case whose parties are screened, and the row that waits for the answer."""
    publish_drawings(desk, straight("asks", operation("p1", "screen_parties", headers={"retry_backoff": "PT1H"})))
    with clock.fixed_at(NOW):
        number = desk.start()
        desk.complete("chen.jing", number, "working-capital-application", desk.application("chen.jing"))
        small_processes.start(desk, "asks", number)
        desk.work()
    return number, rows_of(desk, number, "screen_parties")[-1]


def kept(desk: Desk, number: str) -> list[str]:
    """References of the screening reports."""
    with desk.app.app_context(), reading() as session:
        return [row.reference for row in reports.of_case(session, desk.case(number).id) if row.kind == "screening"]


def test_a_pushed_answer_is_used_before_the_next_attempt_and_stored_once(
    desk: Desk, running: Running, asked: tuple[str, OutboxRow]
) -> None:
    number, row = asked
    assert (row.state, row.attempts) == ("waiting", 1) and "稍后给出结果" in (row.last_error_zh or "")

    with clock.fixed_at(NOW + timedelta(minutes=1)):
        assert running.enquiries.work() == 3
        desk.work()

    assert rows_of(desk, number, "screen_parties")[-1].state == "done"
    assert len(kept(desk, number)) == 1 and desk.incidents(number) == []
    with desk.app.app_context(), reading() as session:
        assert session.query(source_answers.SourceAnswer).count() == 1


def test_an_answer_that_comes_after_it_was_used_changes_nothing(
    desk: Desk, running: Running, asked: tuple[str, OutboxRow]
) -> None:
    number, _row = asked
    running.behave("ok")
    with clock.fixed_at(NOW + timedelta(hours=2)):
        desk.work()
        before = kept(desk, number)
        running.enquiries.work()
        desk.work()
    assert kept(desk, number) == before and len(before) == 1


def test_what_is_not_signed_by_the_source_is_not_kept(desk: Desk, asked: tuple[str, OutboxRow]) -> None:
    number, row = asked
    body = written(envelope(SOURCE, f"{number}-{row.id}", {"about": {"names": []}, "asked_at": NOW.isoformat()}))
    assert call_back(desk.app, SOURCE, body, secret="somebody else's secret")[0] == 401
    assert call_back(desk.app, SOURCE, body, sent=body + b" ")[0] == 401
    assert call_back(desk.app, SOURCE, body, now=datetime(2026, 1, 1, tzinfo=UTC))[0] == 401
    assert call_back(desk.app, "nobody", body)[0] == 400
    assert call_back(desk.app, SOURCE, b"<html>")[0] == 400
    with desk.app.app_context(), reading() as session:
        assert session.query(source_answers.SourceAnswer).count() == 0


@pytest.mark.parametrize("key", ["LN202601010001-1", "nonsense", "LN202601010001-", f"x-{10**30}"])
def test_an_answer_that_nobody_asked_for_is_dropped(desk: Desk, running: Running, key: str) -> None:
    body = written(envelope(SOURCE, key, {"about": {"names": []}, "asked_at": NOW.isoformat()}))
    assert call_back(desk.app, SOURCE, body) == (200, {"received": True, "outcome": "unknown"})


def test_a_pushed_answer_about_other_names_is_not_believed_and_the_source_is_asked_again(
    desk: Desk, running: Running, asked: tuple[str, OutboxRow]
) -> None:
    number, row = asked
    about = {"about": {"names": ["别人"]}, "asked_at": NOW.isoformat()}
    assert call_back(desk.app, SOURCE, written(envelope(SOURCE, f"{number}-{row.id}", about)))[1]["outcome"] == "taken"
    running.behave("ok")
    with clock.fixed_at(NOW + timedelta(hours=1)):
        desk.work()
    (report,) = kept(desk, number)
    assert rows_of(desk, number, "screen_parties")[-1].state == "done" and report


def test_the_names_in_a_pushed_answer_lie_encrypted(desk: Desk, running: Running, asked: tuple[str, OutboxRow]) -> None:
    running.enquiries.work()
    with desk.app.app_context(), reading() as session:
        (answer,) = session.query(source_answers.SourceAnswer).all()
        held = session.get_one(PartyValue, answer.value_id)
        assert "陆文斌".encode() not in held.cipher and held.masked == SOURCE
