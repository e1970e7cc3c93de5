"""Shareholders in the register's answer become links that every bank may know, as long as the register names them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.gateways import clock
from app.storage import party_links
from app.storage.database import reading, unit_of_work
from app.storage.party_links import REGISTER, PartyLink
from app.use_cases.parties.register_links import register_links
from tests.desk import Desk

HOLDING = {
    "name": "浙江甬江控股有限公司",
    "share_percent": Decimal("67.5"),
    "unified_social_credit_code": "91330000MA2H114495",
}
PERSON = {"name": "陆文斌", "share_percent": Decimal("32.5")}


def answered(desk: Desk, *shareholders: Any, **answer: Any) -> list[PartyLink]:
    """What every bank knows of the firm after the register's answer."""
    firm, bank = desk.organisation("qingxi").id, desk.organisation("qiantang").id
    with desk.app.app_context():
        with unit_of_work() as session:
            register_links(session, firm, answer or {"shareholders": list(shareholders)}, clock.moment())
        with reading() as session:
            found = party_links.of_organisation(session, firm, bank)
    return [one for one in found if one.ended_on is None]


def test_shareholders_are_public_and_a_person_is_masked(desk: Desk) -> None:
    holding, person = answered(desk, HOLDING, PERSON)
    assert (holding.other_name, holding.other_key, holding.share_percent) == (
        HOLDING["name"],
        HOLDING["unified_social_credit_code"],
        Decimal("67.50"),
    )
    assert person.other_is_person and person.other_name == "陆**"


def test_who_is_no_longer_named_has_left_and_an_answer_without_shareholders_says_nothing(desk: Desk) -> None:
    answered(desk, HOLDING, PERSON)
    assert len(answered(desk, HOLDING, PERSON)) == 2, "the same answer again"
    assert len(answered(desk, status="active")) == 2
    (left,) = answered(desk, HOLDING | {"share_percent": Decimal(100)})
    assert left.share_percent == 100


def test_rows_that_make_no_sense_are_left_out(desk: Desk) -> None:
    assert answered(desk, {"name": ""}, "text", {"name": "甲", "share_percent": "much"})[0].share_percent is None


def test_applying_asks_the_register_and_keeps_what_it_says(desk: Desk) -> None:
    desk.submit()
    firm = desk.organisation("qingxi").id
    with desk.app.app_context(), reading() as session:
        found = party_links.of_organisation(session, firm, desk.organisation("qiantang").id)
    assert found and {one.source for one in found} == {REGISTER}
