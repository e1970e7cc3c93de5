"""The list of cases: who sees which, and what the search finds."""

from __future__ import annotations

import pytest

from app.errors import Forbidden, NotFound
from app.use_cases.applications.pull_back import delete_draft
from app.use_cases.cases.list_cases import list_cases
from app.use_cases.cases.show_case import show_case
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers

NASTY = ("'; DROP TABLE loan_case; --", "%", "_", "\\", "' OR '1'='1", "🦊" * 100, "*" * 5000)


def found(desk: Desk, login: str, **asked: object) -> list[str]:
    """The numbers that a person's list shows."""
    actor = desk.actor(login)
    with desk.app.app_context():
        return [line.case.number for line in list_cases(actor, **asked).lines]  # type: ignore[arg-type]


def shown(desk: Desk, login: str, number: str) -> str:
    """The number of the case as this person opens it."""
    actor = desk.actor(login)
    with desk.app.app_context():
        return show_case(actor, number).case.number


def test_a_bank_finds_its_own_submitted_cases_and_the_platform_all(desk: Desk) -> None:
    draft = desk.start(people.OTHER_FIRM)
    here = desk.submit()
    there = desk.submit(people.OTHER_FIRM, funder="qiantang")
    assert found(desk, people.REVIEWER) == [here]
    assert found(desk, people.OTHER_BANKS_REVIEWER) == [there]
    assert found(desk, people.OPERATOR) == [there, here, draft]
    for login in (people.FIRM, people.CONFIRMER):
        with pytest.raises(Forbidden):
            found(desk, login)


def test_another_banks_case_a_draft_and_a_made_up_number_look_the_same(desk: Desk) -> None:
    draft, there = desk.start(), desk.submit(people.OTHER_FIRM, funder="qiantang")
    for number in (draft, there, "LN209901010001", "", "%"):
        with pytest.raises(NotFound):
            shown(desk, people.REVIEWER, number)
    assert shown(desk, people.OTHER_BANKS_REVIEWER, there) == there


def test_a_deleted_draft_was_never_the_banks_to_see(desk: Desk) -> None:
    number = desk.start()
    firm = desk.actor(people.FIRM)
    with desk.app.app_context():
        delete_draft(firm, number)
    desk.work()
    assert desk.case(number).milestone == "deleted"
    assert found(desk, people.REVIEWER) == []


@pytest.mark.parametrize(
    "words", ["LN20", "清溪", "91330500MA2D3M005D", "330106198305123711", "3301 0619 8305 1237 11", "13800571208"]
)
def test_a_case_is_found_by_number_company_code_or_a_whole_personal_number(desk: Desk, words: str) -> None:
    number = desk.submit()
    assert found(desk, people.REVIEWER, words=words) == [number]


@pytest.mark.parametrize("words", ["33010619830512371", "1208", "陆文", "LN1999"])
def test_parts_of_personal_values_find_nothing(desk: Desk, words: str) -> None:
    desk.submit()
    assert found(desk, people.REVIEWER, words=words) == []


def test_what_is_typed_into_the_search_is_looked_for_and_nothing_else(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.submit()
    for words in NASTY:
        assert found(desk, people.REVIEWER, words=words, product=words, milestone=words) == []
        assert found(desk, people.REVIEWER, words=words) == []
    assert found(desk, people.REVIEWER) == [number]


def test_counts_and_filters_agree(desk: Desk) -> None:
    passed = desk.at_second_review(requested_amount="400000.00")
    waiting = desk.submit(people.OTHER_FIRM)
    actor = desk.actor(people.REVIEWER)
    with desk.app.app_context():
        everything = list_cases(actor)
        assert sum(everything.counts.values()) == everything.total == 2
        for milestone, count in everything.counts.items():
            assert len(list_cases(actor, milestone=milestone).lines) == count
    assert found(desk, people.REVIEWER, milestone="initial_passed") == [passed]
    assert found(desk, people.REVIEWER, product="working-capital", page=1) == [waiting, passed]
    assert found(desk, people.REVIEWER, page=2) == found(desk, people.REVIEWER, product="trade-order") == []


def test_a_case_file_shows_no_personal_value_in_clear(desk: Desk) -> None:
    number = desk.submit()
    actor = desk.actor(people.REVIEWER)
    with desk.app.app_context():
        told = repr([answered.answer.data for answered in show_case(actor, number).answered])
    assert not any(value in told for value in answers.SENSITIVE_TEXTS)
