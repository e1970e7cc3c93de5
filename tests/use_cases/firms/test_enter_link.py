"""Staff of a bank enter links with a reason, and only that bank knows them."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Conflict, Forbidden, NotFound, Refused
from app.storage import party_links
from app.storage.audit import AuditEntry
from app.storage.database import reading
from app.storage.party_links import PartyLink
from app.use_cases.firms.enter_link import NewLink, end_link, enter_link
from tests.desk import MANAGER, OTHER_BANKS_MANAGER, REVIEWER, Desk

PERSON = "11010519491231002X"
GIVEN = {"kind": "shareholder", "name": "浙江甬江控股有限公司", "share": "62.5", "reason": "公司章程第 8 条"}


def enter(desk: Desk, login: str = MANAGER, firm: str = "qingxi", **changes: str) -> int:
    with desk.app.app_context():
        return enter_link(desk.actor(login), desk.organisation(firm).id, NewLink.of(GIVEN | changes))


def link(desk: Desk, link_id: int) -> PartyLink:
    with desk.app.app_context(), reading() as session:
        return session.get_one(PartyLink, link_id)


def code_of(desk: Desk, firm: str) -> str:
    return desk.organisation(firm).unified_social_credit_code or ""


def test_a_link_is_kept_with_who_entered_it_why_and_for_which_bank(desk: Desk) -> None:
    made = link(desk, enter(desk))
    assert (made.reason, made.source) == (GIVEN["reason"], "entered")
    assert str(made.share_percent) == "62.50" and made.funder_id == desk.organisation("zhijiang").id
    with desk.app.app_context(), reading() as session:
        (entry,) = session.query(AuditEntry).filter(AuditEntry.verb == "enter_party_link")
        assert entry.detail["reason"] == GIVEN["reason"]


def test_a_subsidiary_with_an_account_is_kept_on_its_own_side_and_makes_a_group(desk: Desk) -> None:
    made = link(desk, enter(desk, kind="subsidiary", number=code_of(desk, "nanpu"), name=""))
    parent, daughter = desk.organisation("qingxi").id, desk.organisation("nanpu").id
    assert (made.organisation_id, made.kind, made.other_id) == (daughter, "shareholder", parent)
    with desk.app.app_context(), reading() as session:
        for bank, group in (("zhijiang", {parent, daughter}), ("qiantang", {parent})):
            assert party_links.group_of(session, parent, funder_id=desk.organisation(bank).id) == group


def test_a_person_is_stored_masked_and_known_again_by_number(desk: Desk) -> None:
    first = link(desk, enter(desk, kind="actual_controller", who="person", name="周海燕", number=PERSON, share=""))
    assert first.other_name == "周**" and PERSON not in f"{first.number_masked}{first.other_key}"
    second = link(
        desk, enter(desk, firm="nanpu", kind="actual_controller", who="person", name="周海燕", number=PERSON, share="")
    )
    assert first.other_key == second.other_key


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": " "},
        {"kind": "friend"},
        {"kind": "same_contact"},
        {"kind": "legal_representative"},
        {"share": ""},
        {"share": "0"},
        {"share": "100.01"},
        {"share": "1.234"},
        {"share": "NaN"},
        {"number": "913301001234"},
        {"name": ""},
        {"who": "person", "name": "周海燕", "number": "110105194912310021"},
        {"since": "2999-01-01"},
        {"since": "gestern"},
    ],
)
def test_what_makes_no_sense_is_refused_in_words(desk: Desk, changes: dict[str, str]) -> None:
    with pytest.raises(Refused):
        enter(desk, **changes)


def test_a_firm_is_not_linked_with_itself_and_nothing_stands_twice(desk: Desk) -> None:
    with pytest.raises(Refused):
        enter(desk, number=code_of(desk, "qingxi"))
    enter(desk)
    with pytest.raises(Conflict):
        enter(desk)
    enter(desk, OTHER_BANKS_MANAGER)  # each bank has its own knowledge


def test_only_its_own_bank_ends_a_link_and_says_why(desk: Desk) -> None:
    made, firm = enter(desk), desk.organisation("qingxi").id

    def end(login: str, reason: str) -> Any:
        with desk.app.app_context():
            return end_link(desk.actor(login), firm, made, reason)

    with pytest.raises(NotFound):
        end(OTHER_BANKS_MANAGER, "不是我们的")
    with pytest.raises(Forbidden):
        end(REVIEWER, "没有这个权利")
    with pytest.raises(Refused):
        end(MANAGER, "")
    end(MANAGER, "股权已转让")
    assert link(desk, made).ended_on is not None
