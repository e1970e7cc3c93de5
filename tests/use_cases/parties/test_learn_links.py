"""What an application says of the parties around the firm becomes links, and the next application replaces them."""

from __future__ import annotations

from typing import Any

from app.storage import party_links
from app.storage.database import reading
from app.storage.party_links import PartyLink
from tests.desk import OTHER_FIRM, Desk

OWNERS = [
    {"name": "陆文斌", "share_percent": "60.00", "id_card": "330106198305123711"},
    {"name": "周海燕", "share_percent": "40.00", "id_card": "11010519491231002X"},
]


def apply(desk: Desk, login: str = "chen.jing", product: str = "working-capital", **more: Any) -> str:
    number = desk.start(login, product, more.pop("funder", "zhijiang"))
    desk.complete(login, number, f"{product}-application", desk.application(login, product, **more))
    return number


def links(desk: Desk, firm: str = "qingxi", funder: str | None = "zhijiang") -> list[PartyLink]:
    bank = desk.organisation(funder).id if funder else None
    id_ = desk.organisation(firm).id
    with desk.app.app_context(), reading() as session:
        return party_links.of_organisation(session, id_, bank)


def in_force(desk: Desk, kind: str, **where: Any) -> list[PartyLink]:
    return [one for one in links(desk, **where) if one.kind == kind and one.ended_on is None]


def test_owners_and_representative_are_masked_links_of_the_bank_that_was_applied_to(desk: Desk) -> None:
    apply(desk, beneficial_owners=OWNERS)
    (representative,) = in_force(desk, "legal_representative")
    owners = in_force(desk, "beneficial_owner")
    assert representative.other_is_person and "陆文斌" not in representative.other_name
    assert [one.share_percent for one in owners] == [60, 40]
    assert owners[0].other_key == representative.other_key, "the same number is the same person"
    assert all("1983" not in one.number_masked for one in owners)
    assert links(desk, funder="qiantang") == [], "another bank was told nothing"


def test_a_later_application_ends_what_it_no_longer_says_and_repeats_nothing(desk: Desk) -> None:
    apply(desk, beneficial_owners=OWNERS)
    apply(desk, beneficial_owners=OWNERS[:1])
    assert [one.share_percent for one in in_force(desk, "beneficial_owner")] == [60]
    assert len(in_force(desk, "legal_representative")) == 1
    ended = [one for one in links(desk) if one.ended_on is not None]
    assert [one.share_percent for one in ended] == [40]


def test_two_firms_of_one_owner_are_one_group_of_the_bank_that_knows_it(desk: Desk) -> None:
    apply(desk, beneficial_owners=OWNERS)
    apply(desk, OTHER_FIRM, beneficial_owners=OWNERS[:1])
    one, two = desk.organisation("qingxi").id, desk.organisation("lingshan").id
    with desk.app.app_context(), reading() as session:
        for bank, group in (("zhijiang", {one, two}), ("qiantang", {one})):
            assert party_links.group_of(session, one, funder_id=desk.organisation(bank).id) == group


def test_the_same_mobile_number_of_two_firms_is_found_once(desk: Desk) -> None:
    apply(desk)
    apply(desk, OTHER_FIRM)
    apply(desk, OTHER_FIRM)
    (found,) = in_force(desk, "same_contact", firm="lingshan")
    assert found.other_id == desk.organisation("qingxi").id


def test_a_buyer_with_an_account_is_linked_as_an_organisation(desk: Desk) -> None:
    apply(desk, product="trade-order")
    (buyer,) = in_force(desk, "buyer")
    assert buyer.other_id == desk.organisation("dongming").id
