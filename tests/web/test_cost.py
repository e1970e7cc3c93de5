"""What one completion through a page costs the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from app.storage.database import db
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.web.visitor import Visitor

# the heaviest is an application: its parties are also kept as links, and firms with the same number looked for
MOST_QUERIES, MOST_OF_THE_HEAVIEST, MOST_OF_AN_APPROVAL = 15, 26, 80
SMALL = {"requested_amount": "400000.00"}
APPROVE = answers.SECOND_APPROVE | {"approved": answers.INITIAL_PASS["proposal"] | {"amount": "400000.00"}}


@dataclass
class Counted:
    """The statements without BEGIN, and how often something was committed."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counted(desk: Desk) -> Iterator[Counted]:
    """Counts what the app's engine sends within the block."""
    seen = Counted()
    with desk.app.app_context():
        engine = db.engine

    def executed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.statements.append(statement)

    def committed(_connection: Any) -> None:
        seen.commits += 1

    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "commit", committed)
    yield seen
    event.remove(engine, "before_cursor_execute", executed)
    event.remove(engine, "commit", committed)


def test_a_completion_is_one_commit_and_few_queries(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_second_review(**SMALL)
    visitor = Visitor(desk, people.SECOND_REVIEWER)
    task = desk.task(number, "second_review")
    visitor.get(f"/tasks/{task.id}")  # as people do; the release is parsed by then
    with counted(desk) as seen:
        answer = visitor.post(f"/tasks/{task.id}/complete", answers.SECOND_REFUSE)
    assert answer.status_code == 302
    print(f"{len(seen.statements)} queries, {seen.commits} commit")
    assert seen.commits == 1
    assert len(seen.statements) <= MOST_QUERIES, "\n".join(seen.statements)


def test_an_approval_with_its_limit_and_offer_is_one_commit_and_bounded(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_second_review(**SMALL)
    visitor = Visitor(desk, people.SECOND_REVIEWER)
    task = desk.task(number, "second_review")
    visitor.get(f"/tasks/{task.id}")
    with counted(desk) as seen:
        answer = visitor.post(f"/tasks/{task.id}/complete", APPROVE)
    assert answer.status_code == 302
    print(f"{len(seen.statements)} queries, {seen.commits} commit")
    assert seen.commits == 1
    assert len(seen.statements) <= MOST_OF_AN_APPROVAL, "\n".join(seen.statements)


def test_the_heaviest_completion_is_one_commit_and_bounded(desk_on_each_database: Desk) -> None:
    """An application with personal values, typed columns, decisions and a next task for the firm."""
    desk = desk_on_each_database
    number = desk.start()
    visitor = Visitor(desk, people.FIRM)
    task = desk.task(number, "working-capital-application")
    visitor.get(f"/tasks/{task.id}")
    entered = desk.application(people.FIRM)
    with counted(desk) as seen:
        answer = visitor.post(f"/tasks/{task.id}/complete", entered)
    assert answer.status_code == 302
    print(f"{len(seen.statements)} queries, {seen.commits} commit")
    assert seen.commits == 1
    assert len(seen.statements) <= MOST_OF_THE_HEAVIEST, "\n".join(seen.statements)
