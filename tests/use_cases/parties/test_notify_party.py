"""What a party is told by a diagram."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.notifications import Notification
from app.use_cases.operation import Call, OperationRefused
from app.use_cases.parties.notify_party import notify_party
from app.use_cases.parties.read_notifications import mark_all_read, read_notifications
from app.use_cases.reporting.count_waiting import count_waiting
from tests import desk as people
from tests.desk import Desk


def test_bare_amounts_of_a_diagram_are_written_as_people_read_them(desk: Desk) -> None:
    texts = {
        "text_zh": "第 12 期应还 600000.5 元，已付 1,000.00 元，共 3 天。",
        "text_en": "Of CNY 600000 and CNY 1,000.00 pay 250000.00 yuan in 3 days.",
    }
    case = desk.case(desk.submit())
    with desk.app.app_context(), unit_of_work() as session:
        notify_party(session, Call(1, case, {"to": "borrower", **texts}, {}, clock.moment()), None)
        session.flush()
        told = session.scalars(select(Notification).order_by(Notification.id.desc())).first()
    assert told is not None
    assert told.text_zh == "第 12 期应还 600,000.50 元，已付 1,000.00 元，共 3 天。"
    assert told.text_en == "Of CNY 600,000.00 and CNY 1,000.00 pay 250,000.00 yuan in 3 days."


def tell(desk: Desk, number: str, **inputs: str) -> None:
    """A notice of a diagram, with the inputs that matter here."""
    with desk.app.app_context(), unit_of_work() as session:
        told = {"to": "funder", "text_zh": "请留意", **inputs}
        notify_party(session, Call(1, desk.case(number), told, {}, clock.moment()), None)


def unread(desk: Desk, login: str) -> int:
    with desk.app.app_context():
        return count_waiting(desk.actor(login)).unread


def test_a_notice_for_a_role_is_read_by_that_role_alone(desk: Desk) -> None:
    number = desk.submit()
    before = {login: unread(desk, login) for login in (people.REVIEWER, people.SECOND_REVIEWER)}

    tell(desk, number, role="initial_reviewer")

    assert unread(desk, people.REVIEWER) == before[people.REVIEWER] + 1
    assert unread(desk, people.SECOND_REVIEWER) == before[people.SECOND_REVIEWER]
    with desk.app.app_context():
        assert "请留意" not in [one.text.zh for one in read_notifications(desk.actor(people.SECOND_REVIEWER))]


def test_a_role_of_another_side_tells_everybody_of_the_party_and_an_unknown_one_is_refused(desk: Desk) -> None:
    number = desk.submit()
    before = unread(desk, people.FIRM)

    tell(desk, number, to="borrower", role="customer_manager")

    assert unread(desk, people.FIRM) == before + 1
    with pytest.raises(OperationRefused):
        tell(desk, number, role="nobody_of_this_name")


def test_each_person_reads_for_herself(desk: Desk) -> None:
    number = desk.submit()
    tell(desk, number)
    with desk.app.app_context():
        mark_all_read(desk.actor(people.REVIEWER))

    assert unread(desk, people.REVIEWER) == 0
    assert unread(desk, people.OTHER_REVIEWER) > 0

    tell(desk, number)
    assert unread(desk, people.REVIEWER) == 1
    with desk.app.app_context():
        assert [one.is_read for one in read_notifications(desk.actor(people.REVIEWER))][:2] == [False, True]
