"""One completion of a reviewer's task through HTTP: CPU, statements and commits, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from app.storage.database import reading
from app.storage.instances import ProcessInstance
from bench.figure import Figure, counted, cpu_ms, median
from bench.installation import Installations
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.web.visitor import Visitor

WARM_UP = 3
AMOUNT = "400000.00"
PASS = answers.INITIAL_PASS | {"proposal": answers.INITIAL_PASS["proposal"] | {"amount": "300000.00"}}


def measure(made: Installations, quick: bool) -> Iterator[Figure]:
    """An initial review that passes: it ends its process, removes two timers and a subscription, throws a message."""
    desk = made.sqlite()
    yield from _completions(desk, 1 if quick else 20, "SQLite", "")
    yield from _pages(desk, 1 if quick else 20)
    yield _state_bytes(desk)
    if not quick:
        yield from _completions(made.postgresql(), 20, "PostgreSQL", "_postgresql")


def _completions(desk: Desk, times: int, database: str, suffix: str) -> Iterator[Figure]:
    tasks = [
        desk.task(desk.at_initial_review(requested_amount=AMOUNT), "initial_review").id for _ in range(times + WARM_UP)
    ]
    visitor = Visitor(desk, people.REVIEWER)
    cpu, queries, commits = [], [], []
    for task_id in tasks:
        with counted(desk.app) as seen:
            cpu.append(cpu_ms(_posting(visitor, task_id)))
        queries.append(seen.queries)
        commits.append(seen.commits)
    where = f"of one completed initial review through HTTP, {database}"
    yield Figure(f"complete_http_cpu_ms{suffix}", median(cpu[WARM_UP:]), "CPU ms", where)
    yield Figure(f"complete_http_queries{suffix}", median(queries), "statements", where)
    yield Figure(f"complete_http_commits{suffix}", max(commits), "commits", where)


def _posting(visitor: Visitor, task_id: int) -> Callable[[], None]:
    def post() -> None:
        answer = visitor.post(f"/tasks/{task_id}/complete", PASS)
        assert answer.status_code == 302, answer.status_code

    return post


def _pages(desk: Desk, times: int) -> Iterator[Figure]:
    number = desk.at_initial_review(requested_amount=AMOUNT)
    task = desk.task(number, "initial_review")
    visitor = Visitor(desk, people.REVIEWER)
    for key, path, words in (
        ("task_page", f"/tasks/{task.id}", "of the task page of an initial review, SQLite"),
        ("inbox", "/inbox", "of the inbox, SQLite"),
    ):
        visitor.get(path)
        with counted(desk.app) as seen:
            cpu = [cpu_ms(lambda path=path: visitor.get(path)) for _ in range(times)]  # type: ignore[misc]
        yield Figure(f"{key}_cpu_ms", median(cpu), "CPU ms", words)
        yield Figure(f"{key}_queries", seen.queries / times, "statements", words)


def _state_bytes(desk: Desk) -> Figure:
    """Instances of each shipped process: in its first step, at a review, and at the offer."""
    desk.start(people.OTHER_FIRM)
    number = desk.at_second_review(people.OTHER_FIRM, requested_amount=AMOUNT)
    approved = answers.SECOND_APPROVE | {"approved": answers.INITIAL_PASS["proposal"] | {"amount": AMOUNT}}
    desk.complete(people.SECOND_REVIEWER, number, "second_review", approved)
    assert desk.waits_for(number, "accept_offer")
    with desk.app.app_context(), reading() as session:
        query = select(func.length(ProcessInstance.state)).where(ProcessInstance.state.is_not(None))
        sizes = list(session.scalars(query))
    return Figure("state_row_bytes", median(sizes, 0), "bytes", f"of an instance's state (median of {len(sizes)})")
