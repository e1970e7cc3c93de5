"""What a party is told by a diagram."""

from __future__ import annotations

from sqlalchemy import select

from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.notifications import Notification
from app.use_cases.operation import Call
from app.use_cases.parties.notify_party import notify_party
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
