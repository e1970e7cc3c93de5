"""What an organisation still sees of a case after another one took its place."""

from __future__ import annotations

import pytest

from app.errors import NotFound
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.tasks.save_draft import save_draft
from app.use_cases.tasks.show_task import show_task
from tests import desk as people
from tests.desk import Desk


def with_another_core_enterprise(desk: Desk) -> int:
    """The first core enterprise's task in a case whose second round names another one; the task's id."""
    number = desk.at_confirmation()
    task_id = desk.task(number, "confirm_payable").id
    firm, other = desk.actor(people.FIRM), desk.organisation("yunxiu")
    with desk.app.app_context():
        pull_back(firm, number)
    desk.work()
    buyer = {"core_enterprise_name": other.name_zh, "core_enterprise_code": other.unified_social_credit_code}
    entered = desk.application(people.FIRM, "trade-order", **buyer, order_number="SECOND-ROUND-1")
    desk.complete(people.FIRM, number, "trade-order-application", entered)
    return task_id


def test_a_replaced_core_enterprise_sees_nothing_of_the_new_ones_order(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    task_id, replaced = with_another_core_enterprise(desk), desk.actor(people.CONFIRMER)
    with desk.app.app_context(), pytest.raises(NotFound):
        show_task(replaced, task_id)


def test_a_replaced_core_enterprise_has_no_task_to_write_into(desk: Desk) -> None:
    task_id, replaced = with_another_core_enterprise(desk), desk.actor(people.CONFIRMER)
    with desk.app.app_context(), pytest.raises(NotFound):
        save_draft(replaced, task_id, {})
