"""Pages ask as often however much they list, and the inbox reads its index of open tasks."""

from __future__ import annotations

from sqlalchemy import select

from app.storage import user_tasks
from app.storage.database import db, reading
from app.storage.instances import ProcessInstance
from app.storage.waiting import MessageSubscription, Timer
from bench.figure import counted
from tests import desk as people
from tests.desk import Desk
from tests.web.visitor import Visitor


def test_a_firms_home_asks_as_often_for_three_applications_as_for_one(desk: Desk) -> None:
    visitor = Visitor(desk, people.FIRM)
    asked = []
    for _ in range(2):
        desk.start(people.FIRM)
        visitor.get("/applications")
        with counted(desk.app) as seen:
            assert visitor.get("/applications").status_code == 200
        asked.append(seen.queries)
        desk.start(people.FIRM)
    assert asked[0] == asked[1] <= 12


def test_the_inbox_reads_the_index_of_open_candidates_on_sqlite(desk: Desk) -> None:
    query = user_tasks.inbox(1, ["initial_reviewer"], 1).with_only_columns(user_tasks.UserTask.id)
    with desk.app.app_context(), db.engine.connect() as connection:
        asked = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
        plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}"))
    assert "ix_task_candidate_open" in plan and "SCAN task_candidate" not in plan


def test_an_ended_instance_waits_for_nothing(desk: Desk) -> None:
    desk.at_second_review(requested_amount="400000.00")
    ended = select(ProcessInstance.id).where(ProcessInstance.status == "completed")
    with desk.app.app_context(), reading() as session:
        assert len(list(session.scalars(ended))) >= 2
        for table in (Timer, MessageSubscription):
            assert list(session.scalars(select(table).where(table.instance_id.in_(ended)))) == []
