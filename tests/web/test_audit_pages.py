"""The audit log's page, its export and its check, as an auditor uses them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from sqlalchemy import update

from app.gateways import clock
from app.storage import audit
from app.storage.audit import AuditEntry
from app.storage.database import unit_of_work
from app.storage.people import Person
from tests.desk import ADMINISTRATOR, REVIEWER, Desk
from tests.web.visitor import Visitor, field, words

Visit = Callable[..., Visitor]
AUDITOR = "shen.he"


def recorded(desk: Desk, remark: str) -> None:
    actor = desk.actor(REVIEWER)
    with desk.app.app_context(), unit_of_work() as session:
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="settle_payment_alarm",
            target="alarm/1",
            detail={"remark": remark},
            at=clock.real_now(),
        )


def exported(visitor: Visitor, query: str = "") -> list[list[str]]:
    answer = visitor.get(f"/audit/export{query}")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))


def test_entries_are_in_words_and_lead_to_the_case(desk: Desk, visit: Visit) -> None:
    number = desk.at_second_review()
    page = visit(AUDITOR).get(f"/audit?target={number}&verb=complete_task")
    assert "王磊 之江银行" in words(page) and f'href="/cases/{number}"' in page.text
    assert "{" not in words(page).split("详情")[1] and "initial_review" not in page.text
    english = words(visit(AUDITOR, language="en").get(f"/audit?target={number}&verb=complete_task"))
    assert "completed a task" in english and "Wang Lei" in english


def test_what_was_asked_stays_in_the_form_and_nothing_found_says_what_to_do(visit: Visit) -> None:
    page = visit(AUDITOR).get("/audit?person=nobody&target=LN1&verb=log_in&first=2026-01-01&last=2026-02-01")
    assert (field(page, "person"), field(page, "verb"), field(page, "first")) == ("nobody", "log_in", "2026-01-01")
    assert "没有符合条件的记录" in words(page)


def test_odd_filters_are_no_error(visit: Visit) -> None:
    for query in ("verb=x", "first=no", "first=0001-01-01&last=9999-12-31", "organisation=x", "before=x", "after=999"):
        assert visit(AUDITOR).get(f"/audit?{query}").status_code == 200, query


def test_an_export_has_the_filtered_entries_with_masked_numbers_and_no_formula(desk: Desk, visit: Visit) -> None:
    recorded(desk, "=HYPERLINK(1) 13800001234")
    desk_rows = exported(visit(AUDITOR), "?verb=settle_payment_alarm")
    assert len(desk_rows) == 2 and desk_rows[0][1] == "姓名"
    assert "13800001234" not in desk_rows[1][-1] and desk_rows[1][-1].startswith("说明: =")
    with desk.app.app_context(), unit_of_work() as session:
        person = desk.actor(REVIEWER).person_id
        session.execute(update(Person).where(Person.id == person).values(name_zh="=cmd|' /C calc'!A0"))
    assert exported(visit(AUDITOR), "?verb=settle_payment_alarm")[1][1].startswith("'=")


def test_the_check_says_which_chains_hold_and_which_break(desk: Desk, visit: Visit) -> None:
    recorded(desk, "a")
    auditor = visit(AUDITOR)
    assert "审计日志完整" in words(auditor.post("/audit/verify"))
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(
            update(AuditEntry).where(AuditEntry.verb == "settle_payment_alarm").values(detail={"remark": "b"})
        )
    page = words(auditor.post("/audit/verify"))
    assert "1 条审计链断开" in page and "第 1 条断开" in page


def test_an_administrator_comes_from_a_person_to_what_they_did(desk: Desk, visit: Visit) -> None:
    recorded(desk, "a")
    page = visit(ADMINISTRATOR).get(f"/people/{desk.person(REVIEWER).id}")
    assert f'href="/audit?person={REVIEWER}"' in page.text
    assert "处理付款告警" in words(visit(ADMINISTRATOR).get(f"/audit?person={REVIEWER}"))
