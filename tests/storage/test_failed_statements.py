"""What an error of the database tells those who read logs and incidents."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.people import Person
from tests.desk import ADMINISTRATOR, Desk


def test_a_failed_statement_tells_none_of_the_values_it_was_given(desk_on_each_database: Desk) -> None:
    taken = Person(login=ADMINISTRATOR, name_zh="张三丰", password_hash="argon2", created_at=clock.real_now())
    with desk_on_each_database.app.app_context(), pytest.raises(IntegrityError) as failed, unit_of_work() as session:
        session.add(taken)
    assert "INSERT INTO person" in str(failed.value) and "张三丰" not in str(failed.value)
