"""The inbox: its page with 20,000 open tasks in the role, and its cost beside a million finished tasks."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from app.storage.database import db
from app.use_cases.tasks.list_inbox import InboxQuery, list_inbox
from bench.figure import Figure, cpu_ms, median
from bench.installation import Installations
from tests import desk as people
from tests.desk import Desk
from tests.web.visitor import Visitor

OPEN_BESIDE_DONE = 50
# (name of the first case and task made here; the demo's own rows stay below)
FIRST = 1_000_000
CASES = """
INSERT INTO loan_case (id, number, channel, product_key, round, milestone, milestone_at, applicant_name, currency,
  amount, created_at)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :cases)
SELECT :first + i, 'BE' || i, 'batch', 'working-capital', 1, 'accepted', '2026-11-01 00:00:00', '企业' || i, 'CNY',
  100000000 + i, '2026-11-01 00:00:00' FROM n"""
TASKS = """
INSERT INTO user_task (id, instance_id, case_id, engine_task_id, element_id, process_key, name_zh, name_en, duty,
  four_eyes, candidate_groups, opinion, form_key, round, state, priority, variables, properties, created_at, due_at)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :tasks)
SELECT :first + i, (SELECT min(id) FROM process_instance), :first + i % :cases, 'e' || i, 'initial_review',
  'initial_review', '初审', 'Initial review', 'initial_review', '', 'initial_reviewer', 1, 'initial_review', 1,
  CASE WHEN i < :open THEN 'open' ELSE 'done' END, 50, '{}', '{}', '2026-11-01 00:00:00',
  datetime('2026-11-20', '+' || (i * 7919 % 20000) || ' minutes') FROM n"""
CANDIDATES = """
INSERT INTO task_candidate (task_id, role_key, organisation_id, open, due_at)
SELECT id, 'initial_reviewer', :organisation, state = 'open', due_at FROM user_task WHERE id >= :first"""


def measure(made: Installations, quick: bool) -> Iterator[Figure]:
    """SQLite; the rows are made by SQL."""
    full = made.sqlite()
    _fill(full, cases=200 if quick else 20_000, tasks=200 if quick else 20_000, open_=20_000)
    visitor = Visitor(full, people.REVIEWER)
    page = visitor.get("/inbox")
    cpu = [cpu_ms(lambda: visitor.get("/inbox")) for _ in range(2 if quick else 9)]
    yield Figure("inbox_20k_cpu_ms", median(cpu), "CPU ms", "of the inbox page with 20,000 open tasks in the role")
    yield Figure("inbox_20k_kb", round(len(page.data) / 1024, 1), "KB", "of its HTML")
    yield _beside_done(made, quick)


def _beside_done(made: Installations, quick: bool) -> Figure:
    desks = (made.sqlite(), made.sqlite())
    many = 2_000 if quick else 1_000_000
    for desk, tasks in zip(desks, (1_000, many), strict=True):
        _fill(desk, cases=tasks // 10, tasks=tasks, open_=OPEN_BESIDE_DONE)
    cost: tuple[list[float], list[float]] = ([], [])
    for _ in range(3 if quick else 25):
        for desk, of_desk in zip(desks, cost, strict=True):
            actor = desk.actor(people.REVIEWER)
            with desk.app.app_context():
                of_desk.append(cpu_ms(lambda actor=actor: list_inbox(actor, InboxQuery())))  # type: ignore[misc]
    words = f"the inbox query beside {many:,} task rows to beside 1,000 ({OPEN_BESIDE_DONE} open in both)"
    return Figure("inbox_1m_to_1k_ratio", round(median(cost[1]) / median(cost[0]), 3), "ratio", words)


def _fill(desk: Desk, *, cases: int, tasks: int, open_: int) -> None:
    desk.start(people.FIRM)
    numbers = {"cases": cases, "tasks": tasks, "open": open_, "first": FIRST}
    numbers["organisation"] = desk.organisation("zhijiang").id
    with desk.app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # pragmas are taken outside a transaction only
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        for statement in (CASES, TASKS, CANDIDATES):
            connection.execute(text(statement), numbers)
        db.engine.dispose()
