"""The stories hold on whatever day the product is started first: at the ends of months, in leap years, at night."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.gateways import clock
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.incidents import Incident
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions
from app.use_cases.demo import play_demo
from app.use_cases.demo.demo_data import demo_stories
from app.use_cases.demo.load_demo import load_demo
from app.use_cases.demo.story import span
from app.use_cases.ledger_check.check_ledger import check_ledger
from tests.soak import longer

# a pledge on its way to its sale, arrears that were made good, a promise: the oldest story of each
FIRMS = {"zhengda": "in_disposal", "hailu": "disbursed", "wanxing": "in_arrears"}


def few() -> dict[str, list[dict[str, object]]]:
    oldest_last = sorted(demo_stories()["cases"], key=lambda story: span(story["ago"]))
    chosen = {story["firm"]: story for story in oldest_last}
    return {"cases": [chosen[firm] for firm in FIRMS], "credits": []}


@pytest.mark.soak
@pytest.mark.parametrize("today", longer(["2028-02-29T09:00+00:00"], ["2026-03-31T17:30+00:00"]))
def test_stories_end_alike_on_other_days(app: Flask, today: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stories = few()
    monkeypatch.setattr(play_demo, "demo_stories", lambda: stories)
    with app.app_context(), clock.fixed_at(datetime.fromisoformat(today)):
        load_shipped_definitions()
        load_demo()
        numbers = play_demo.play_demo(app.config["SETTINGS"])
        with reading() as session:
            reached = dict(session.execute(select(LoanCase.number, LoanCase.milestone)).all())
            assert session.scalars(select(Incident)).all() == []
        assert [one.number for one in check_ledger() if one.violations] == []
        assert not play_demo.is_half_played()
    assert [reached[number] for number in numbers] == list(FIRMS.values())
