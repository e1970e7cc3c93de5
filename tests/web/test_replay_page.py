"""A draft's page of what would have been different: figures, cases as rights allow, and nothing but an audit entry."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app.storage.audit import AuditEntry
from app.storage.database import reading, unit_of_work
from app.storage.organisations import RoleGrant
from tests.desk import Desk
from tests.use_cases.definitions.uploads import ANALYST, SECOND_ANALYST, draft_of, renamed_step, stricter
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]


def a_changed_case(desk: Desk) -> tuple[str, int]:
    """A case that the draft would rate lower, and the draft."""
    number = desk.at_initial_review()
    return number, draft_of(desk, stricter(desk.case(number).score or 0))


def test_the_page_counts_what_changes_and_names_no_case_to_an_analyst(desk: Desk, visit: Visit) -> None:
    number, draft = a_changed_case(desk)
    visitor = visit(SECOND_ANALYST, language="en")

    assert f"/definitions/drafts/{draft}/replay" in visitor.get(f"/definitions/drafts/{draft}").text
    seen = words(visitor.get(f"/definitions/drafts/{draft}/replay"))

    assert "Compared 1" in seen and "Another outcome 1 100.0%" in seen
    assert "AA A 1" in seen, "before, after, times"
    assert "case 1" in seen and number not in seen
    assert "Cases that you may not see are listed without their number." in seen
    assert "row 2 → row 3" in seen and "version 1" in seen and "Credit score" in seen


def test_who_may_see_every_case_is_led_to_it(desk: Desk, visit: Visit) -> None:
    number, draft = a_changed_case(desk)
    with desk.app.app_context(), unit_of_work() as session:
        session.add(RoleGrant(role_key="process_analyst", verb="view_all_cases"))

    page = visit(ANALYST).get(f"/definitions/drafts/{draft}/replay")

    assert f'href="/cases/{number}"' in page.text


def test_a_page_is_an_act_in_the_audit_log(desk: Desk, visit: Visit) -> None:
    _, draft = a_changed_case(desk)

    visit(ANALYST).get(f"/definitions/drafts/{draft}/replay?since=2026-01-01")

    with desk.app.app_context(), reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.verb == "replay_rules"))
    assert (entry.target, entry.person_id) == (f"draft/{draft}", desk.person(ANALYST).id)


def test_a_draft_without_a_table_and_a_table_that_nobody_used_say_so(desk: Desk, visit: Visit) -> None:
    visitor = visit(ANALYST, language="en")
    drawing, unused = draft_of(desk, renamed_step()), draft_of(desk, stricter(720))

    assert "changes no rule table" in words(visitor.get(f"/definitions/drafts/{drawing}/replay"))
    assert "not used in this time" in words(visitor.get(f"/definitions/drafts/{unused}/replay"))
    assert visitor.get(f"/definitions/drafts/{unused}/replay?decision=pricing").status_code == 404
    assert visitor.get("/definitions/drafts/999/replay").status_code == 404


def test_a_day_to_come_and_no_day_at_all_are_answered_in_words(desk: Desk, visit: Visit) -> None:
    _, draft = a_changed_case(desk)
    visitor = visit(ANALYST)

    assert visitor.get(f"/definitions/drafts/{draft}/replay?since=31.12.").status_code == 200
    late = visitor.get(f"/definitions/drafts/{draft}/replay?since=2199-01-01")
    assert late.status_code < 500 and "Traceback" not in late.text
