"""A bank's panel says which firms may be given its work; the demo's bank has one of each kind."""

from __future__ import annotations

import pytest

from app.errors import Conflict, Forbidden, NotFound, Refused
from app.gateways import clock
from app.storage.database import reading
from app.use_cases.panels.keep_panel import admit_to_panel, resume_on_panel, suspend_from_panel
from app.use_cases.panels.list_panel import PanelLine, list_panel
from app.use_cases.panels.panel_options import panel_options
from tests.desk import MANAGER, Desk

RISK, OTHER_BANKS_RISK = "shi.lan", "hou.liang"


def options(desk: Desk, bank: str, kind: str) -> list[str]:
    with desk.app.app_context(), reading() as session:
        found = panel_options(session, desk.organisation(bank).id, clock.moment().business_on)
    return [one["value"] for one in found[kind]]


def line(desk: Desk, firm: str, login: str = RISK) -> PanelLine:
    with desk.app.app_context():
        lines = list_panel(desk.actor(login))
    return next(one for one in lines if one.firm_id == desk.organisation(firm).id)


def test_only_who_stands_on_the_panel_can_be_chosen(desk: Desk) -> None:
    code = desk.organisation("qingyuan").unified_social_credit_code or ""
    assert options(desk, "zhijiang", "disposal_company") == [code]
    assert options(desk, "qiantang", "disposal_company") == []
    with desk.app.app_context():
        admit_to_panel(desk.actor(OTHER_BANKS_RISK), code, "", "公开招标第一名")
    assert options(desk, "qiantang", "disposal_company") == [code]


def test_a_suspended_firm_gets_no_work_until_it_is_resumed(desk: Desk) -> None:
    member = line(desk, "hengping").member.id
    with desk.app.app_context():
        suspend_from_panel(desk.actor(RISK), member, "利益冲突未披露")
    assert options(desk, "zhijiang", "law_firm") == []
    assert line(desk, "hengping").state == "suspended"
    with desk.app.app_context(), pytest.raises(Conflict):
        admit_to_panel(desk.actor(RISK), desk.organisation("hengping").unified_social_credit_code or "", "", "续期")
    with desk.app.app_context():
        resume_on_panel(desk.actor(RISK), member, "已整改")
    assert len(options(desk, "zhijiang", "law_firm")) == 1


def test_a_firm_past_its_last_day_gets_no_work(desk: Desk) -> None:
    code = desk.organisation("hengheng").unified_social_credit_code or ""
    today = clock.moment().business_on
    with desk.app.app_context():
        admit_to_panel(desk.actor(RISK), code, today.isoformat(), "试用一天")
        assert options(desk, "zhijiang", "appraiser") == [code], "the last day counts"
        with pytest.raises(Refused):
            admit_to_panel(desk.actor(RISK), code, "2020-01-01", "过去")


def test_a_panel_is_its_own_banks_and_needs_the_right(desk: Desk) -> None:
    member = line(desk, "hengping").member.id
    with desk.app.app_context():
        with pytest.raises(NotFound):
            suspend_from_panel(desk.actor(OTHER_BANKS_RISK), member, "不是我们的")
        with pytest.raises(Forbidden):
            list_panel(desk.actor(MANAGER))
        with pytest.raises(Refused):
            admit_to_panel(desk.actor(RISK), desk.organisation("dongming").unified_social_credit_code or "", "", "x")
