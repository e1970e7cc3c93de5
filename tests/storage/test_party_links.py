"""Which firms control makes one group, whatever way round it is written and whoever has no account."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.organisations import Organisation
from app.storage.party_links import ENTERED, PartyLink, group_of

CODE = "91330100MA2D3M001C"


class Firms:
    """Firms 0, 1, 2 ... of an empty database, and links between them."""

    def __init__(self, session: Any, count: int) -> None:
        self.session = session
        rows = [
            Organisation(kind="borrower", name_zh=f"企业{number}", created_at=clock.real_now())
            for number in range(count)
        ]
        session.add_all(rows)
        session.flush()
        self.ids = [row.id for row in rows]

    def link(self, firm: int, other: int | str, share: int | None = None, **more: Any) -> PartyLink:
        outsider = isinstance(other, str)
        values = {"kind": "shareholder" if share else "actual_controller", "source": ENTERED} | more
        row = PartyLink(
            organisation_id=self.ids[firm],
            other_id=None if isinstance(other, str) else self.ids[other],
            other_name="外部股东" if outsider else "",
            other_key=other if outsider else None,
            share_basis_points=share,
            recorded_at=clock.real_now(),
            **values,
        )
        self.session.add(row)
        self.session.flush()
        return row

    def group(self, firm: int, funder: int | None = None) -> set[int]:
        found = group_of(self.session, self.ids[firm], funder_id=None if funder is None else self.ids[funder])
        return {self.ids.index(id_) for id_ in found}


@pytest.fixture
def firms(app: Flask) -> Any:
    with app.app_context(), unit_of_work() as session:
        yield Firms(session, 6)


def test_a_firm_without_links_is_its_own_group(firms: Firms) -> None:
    assert firms.group(0) == {0}


def test_control_joins_in_both_directions_and_over_several_steps(firms: Firms) -> None:
    firms.link(1, 0, 5100)
    firms.link(2, 1)
    firms.link(3, 2, 10000)
    assert firms.group(0) == firms.group(2) == firms.group(3) == {0, 1, 2, 3}
    assert firms.group(4) == {4}


def test_half_of_the_shares_is_no_control(firms: Firms) -> None:
    firms.link(1, 0, 5000)
    firms.link(2, 0, 5001)
    assert firms.group(0) == {0, 2}


def test_a_ring_of_control_ends(firms: Firms) -> None:
    for number in range(4):
        firms.link(number, (number + 1) % 4, 6000)
    firms.link(0, 0)
    assert firms.group(2) == {0, 1, 2, 3}


def test_other_kinds_of_link_make_no_group(firms: Firms) -> None:
    for kind in ("guarantor", "buyer", "legal_representative", "same_contact"):
        firms.link(1, 0, kind=kind)
    assert firms.group(0) == {0}


def test_a_link_that_ended_joins_nobody(firms: Firms) -> None:
    firms.link(1, 0).ended_on = clock.moment().business_on
    firms.session.flush()
    assert firms.group(0) == {0}


def test_firms_of_one_outside_owner_are_one_group_and_a_name_alone_joins_nobody(firms: Firms) -> None:
    firms.link(0, "hash-of-a-number", other_is_person=True)
    firms.link(1, "hash-of-a-number", 8000, kind="beneficial_owner", other_is_person=True)
    firms.link(2, "hash-of-a-number", 3000, kind="beneficial_owner", other_is_person=True)
    firms.link(3, "another").other_key = None
    assert firms.group(0) == firms.group(1) == {0, 1}
    assert firms.group(3) == {3}


def test_an_outside_firm_that_gets_an_account_is_known_by_its_credit_code(firms: Firms) -> None:
    firms.link(0, CODE, 9000)
    firms.link(1, CODE, 7000, kind="subsidiary")
    assert firms.group(0) == {0, 1}
    firms.session.get_one(Organisation, firms.ids[2]).unified_social_credit_code = CODE
    firms.session.flush()
    assert firms.group(2) == firms.group(0) == {0, 1, 2}


def test_what_another_bank_knows_makes_no_group_for_this_one(firms: Firms) -> None:
    bank, other_bank = firms.ids[4], firms.ids[5]
    firms.link(1, 0, 9000)
    firms.link(2, 0, 9000, funder_id=bank)
    firms.link(3, 2, 9000, funder_id=other_bank)
    assert firms.group(0, 4) == {0, 1, 2}
    assert firms.group(0, 5) == {0, 1}
    assert firms.group(0) == {0, 1, 2, 3}
