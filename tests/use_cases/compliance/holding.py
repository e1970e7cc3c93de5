"""Compliance officers of the demo and what they do, for every test that needs a hold."""

from __future__ import annotations

from typing import Any

from app.gateways import clock
from app.storage.database import reading, unit_of_work
from app.use_cases.compliance.clear_hold import Opinion, clear_hold
from app.use_cases.compliance.holds import open_holds
from app.use_cases.compliance.open_hold import OPEN_COMPLIANCE_HOLD, open_hold
from app.use_cases.operation import Call
from tests.desk import COMPLIANCE_OFFICER, Desk

SECOND_OFFICER, OTHER_BANKS_OFFICER = "hua.zheng", "xia.tian"
CLEAR = Opinion("clear", "证件号码不同，不是同一人。", "公安核验回执 2026-1101")
UPHOLD = Opinion("uphold", "确为名单所列人员。")
PEP = {"name": "陈敬", "list": "pep", "reason": "同名"}
SANCTIONED = {"name": "陈敬", "list": "sanctions", "reason": "同名"}


def hold(desk: Desk, number: str, login: str = COMPLIANCE_OFFICER, reason: str = "股东与名单近似") -> int:
    """The id of a hold that an officer opened."""
    with desk.app.app_context():
        return open_hold(desk.actor(login), number, reason)


def decide(desk: Desk, hold_id: int, login: str, opinion: Opinion = CLEAR) -> str:
    """The hold's state after somebody's opinion."""
    with desk.app.app_context():
        return clear_hold(desk.actor(login), hold_id, opinion)


def screened(desk: Desk, number: str, *hits: dict[str, Any], row: int = 7) -> dict[str, Any]:
    """What the operation gives for these hits."""
    call = Call(row, desk.case(number), {"hits": list(hits)}, {}, clock.moment())
    with desk.app.app_context(), unit_of_work() as session:
        found: dict[str, Any] = OPEN_COMPLIANCE_HOLD.record(session, call, None)["compliance_hold"]
        return found


def open_of(desk: Desk, number: str) -> list[int]:
    """The ids of the holds that block a case."""
    with desk.app.app_context(), reading() as session:
        return [one.id for one in open_holds(session, desk.case(number).id)]
