"""The sandbox bank's counter: who may let money come in, what it refuses, and that production has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from app.gateways import payments as gateway
from app.gateways.payments import NotTaken, SandboxChannel
from tests.desk import Desk
from tests.web.visitor import Visitor, words

GIVEN = {"remark": "DK202611210001", "amount": "10,000.00", "payer_name": "某买方有限公司", "payer_account": ""}


class Counter(SandboxChannel):
    """A sandbox bank that notes what it was given; silent where `away`."""

    def __init__(self, *, away: bool = False) -> None:
        super().__init__("sandbox", "s" * 32, lambda: None)
        object.__setattr__(self, "away", away)
        object.__setattr__(self, "taken", [])

    def credit(self, remark: str, amount: Decimal, payer_name: str, payer_account: str, value_on: str) -> str:
        if self.away:
            raise NotTaken("支付通道没有应答。", "The payment channel does not answer.")
        self.taken.append((remark, amount, payer_name))
        return "CR1"


@pytest.fixture
def counter() -> Iterator[Counter]:
    before, counter = gateway.current(), Counter()
    gateway.use(counter)
    yield counter
    gateway.use(before)


def test_an_operator_lets_a_buyer_pay(desk: Desk, counter: Counter) -> None:
    visitor = Visitor(desk, "yun.ying")
    shown = visitor.post("/sandbox-bank", GIVEN, follow_redirects=True)
    assert "沙箱银行已受理 10,000.00 元" in words(shown)
    assert counter.taken == [("DK202611210001", Decimal("10000.00"), "某买方有限公司")]


def test_a_firm_pays_in_its_own_name_whatever_is_posted(desk: Desk, counter: Counter) -> None:
    Visitor(desk, "chen.jing").post("/sandbox-bank", GIVEN)
    assert [payer for _, _, payer in counter.taken] == ["清溪织造有限公司"]


@pytest.mark.parametrize("amount", ["0", "-5", "1.005", "ten", "NaN", "1e12", ""])
def test_an_amount_that_is_none_is_refused_and_what_was_typed_stays(desk: Desk, counter: Counter, amount: str) -> None:
    shown = Visitor(desk, "yun.ying").post("/sandbox-bank", GIVEN | {"amount": amount})
    assert shown.status_code == 422 and 'value="DK202611210001"' in shown.text
    assert counter.taken == []


def test_a_silent_bank_is_told_in_words(desk: Desk, counter: Counter) -> None:
    gateway.use(Counter(away=True))
    shown = Visitor(desk, "yun.ying", language="en").post("/sandbox-bank", GIVEN)
    assert shown.status_code == 422 and "The payment channel does not answer." in words(shown)


def test_an_installation_with_a_real_bank_has_no_counter(desk: Desk, counter: Counter) -> None:
    settings = desk.app.config["SETTINGS"]
    desk.app.config["SETTINGS"] = replace(settings, payment_url="https://bank.example")
    try:
        visitor = Visitor(desk, "yun.ying")
        assert visitor.get("/sandbox-bank").status_code == 404
        assert visitor.post("/sandbox-bank", GIVEN).status_code == 404
        assert "/sandbox-bank" not in visitor.get("/cases").text
    finally:
        desk.app.config["SETTINGS"] = settings
