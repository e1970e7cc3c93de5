"""Searching the audit log: filters, pages by key, words instead of ids, masked numbers, and the check of its chains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.config import PROJECT_DIRECTORY
from app.errors import Forbidden, Refused
from app.gateways import clock
from app.moment import BUSINESS_ZONE
from app.storage import audit
from app.storage.audit import AuditEntry
from app.storage.database import unit_of_work
from app.use_cases.administration import search_audit as module
from app.use_cases.administration.add_membership import add_membership
from app.use_cases.administration.audit_words import ACTS
from app.use_cases.administration.log_in import log_in
from app.use_cases.administration.search_audit import AuditFilter, AuditLine, export_audit, search_audit
from app.use_cases.administration.set_grant import set_grant
from app.use_cases.administration.verify_audit import check_chains
from tests.desk import ADMINISTRATOR, OPERATOR, REVIEWER, Desk

AUDITOR = "shen.he"


@pytest.fixture
def office(desk_on_each_database: Desk) -> Iterator[Desk]:
    with desk_on_each_database.app.app_context():
        yield desk_on_each_database


def found(office: Desk, **wanted: object) -> tuple[AuditLine, ...]:
    return search_audit(office.actor(AUDITOR), AuditFilter(**wanted)).lines  # type: ignore[arg-type]


def said(line: AuditLine, language: str = "zh") -> dict[str, str]:
    return {label.of(language): value.of(language) for label, value in line.details}


def recorded(office: Desk, detail: object, verb: str = "settle_payment_alarm", times: int = 1) -> None:
    operator = office.actor(OPERATOR)
    for number in range(times):
        with unit_of_work() as session:
            audit.record(
                session,
                organisation_id=operator.organisation_id,
                person_id=operator.person_id,
                verb=verb,
                target=f"alarm/{number}",
                detail=detail,
                at=clock.real_now(),
            )


def test_the_whole_log_is_for_who_may_see_it(office: Desk) -> None:
    for login in (REVIEWER, OPERATOR):
        with pytest.raises(Forbidden):
            search_audit(office.actor(login), AuditFilter())
        with pytest.raises(Forbidden):
            export_audit(office.actor(login), AuditFilter())
        with pytest.raises(Forbidden):
            check_chains(office.actor(login))


def test_entries_come_newest_first_with_who_what_and_on_what_in_words(office: Desk) -> None:
    number = office.at_second_review()
    lines = found(office, target=number, verb="complete_task")
    review = lines[0]
    assert [line.id for line in lines] == sorted((line.id for line in lines), reverse=True)
    assert (review.who.zh, review.organisation.zh, review.act.zh) == ("王磊", "之江银行", "办理待办")
    assert review.target.zh.startswith(number) and review.case_number == number
    assert review.target.zh.endswith("初审")
    assert set(said(review)) == {"结论"} and said(review)["结论"] not in ("pass", "")
    assert not re.search("[\u4e00-\u9fff]", " ".join(said(review, "en").values()) + review.act.of("en"))


def test_a_case_number_finds_all_that_hangs_on_it_and_nothing_else(office: Desk) -> None:
    first, second = office.at_initial_review(), office.at_initial_review("lu.ming")
    lines = found(office, target=first)
    assert {line.case_number for line in lines} == {first} and len(lines) > 3
    assert second not in {line.case_number for line in lines}
    assert found(office, target="%") == () and found(office, target="LN_") == ()


def test_filters_work_together(office: Desk) -> None:
    log_in(REVIEWER, "demo-2026", "192.0.2.1", "")
    log_in(OPERATOR, "demo-2026", "192.0.2.2", "")
    [line] = found(office, person="王磊", verb="log_in")
    assert (line.login, said(line)["网络地址"]) == (REVIEWER, "192.0.2.1")
    assert [
        line.login for line in found(office, organisation_id=office.organisation("platform").id, verb="log_in")
    ] == [OPERATOR]
    today = clock.real_now().astimezone(BUSINESS_ZONE).date()
    assert found(office, verb="log_in", first=today, last=today)
    assert not found(office, verb="log_in", first=today + timedelta(days=1))
    assert not found(office, verb="log_in", last=today - timedelta(days=1))
    assert found(office, verb="log_in", last=date.max, first=date.min)


def test_pages_go_by_key_so_that_new_entries_move_nothing(office: Desk) -> None:
    auditor, wanted = office.actor(AUDITOR), AuditFilter(verb="settle_payment_alarm")
    recorded(office, None, times=module.PAGE_SIZE + 5)
    first = search_audit(auditor, wanted)
    recorded(office, None)
    second = search_audit(auditor, wanted, before=first.older)
    assert (len(first.lines), len(second.lines), second.older) == (module.PAGE_SIZE, 5, None)
    back = search_audit(auditor, wanted, after=second.newer)
    assert [line.id for line in back.lines] == [line.id for line in first.lines]
    assert first.newer is None and back.newer is not None


def test_ids_are_names(office: Desk) -> None:
    admin, platform = office.actor(ADMINISTRATOR), office.organisation("platform").id
    add_membership(admin, office.person(OPERATOR).id, platform, "auditor")
    set_grant(admin, "operator", "view_audit", True)
    [given] = found(office, verb="add_membership")
    assert given.target.zh == "韵莹"
    assert said(given) == {"改为·机构": "融桥平台", "改为·角色": "审计员"}
    [right] = found(office, verb="give_right")
    assert right.target.zh == "平台运营" and said(right)["权利"] == "查询审计日志"


def test_personal_numbers_hashes_and_keys_are_not_shown(office: Desk) -> None:
    number, phone = "11010519491231002X", "13800001234"
    recorded(office, {"remark": f"证件 {number} 电话 {phone}", "sha256": "a" * 64, "kind": "mystery"})
    [line] = found(office, verb="settle_payment_alarm")
    shown = " ".join(said(line).values())
    assert "证件" in shown and number not in shown and phone not in shown
    assert list(said(line)) == ["说明"]


def test_an_export_gives_everything_found_and_is_recorded_itself(office: Desk) -> None:
    recorded(office, None, times=module.PAGE_SIZE + 5)
    lines = export_audit(office.actor(AUDITOR), AuditFilter(verb="settle_payment_alarm"))
    assert len(lines) == module.PAGE_SIZE + 5
    [export] = found(office, verb="export_audit")
    assert export.login == AUDITOR and said(export)["条数"] == str(len(lines))


def test_an_export_that_is_too_long_asks_for_narrower_dates(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EXPORTED", 3)
    recorded(office, None, times=4)
    with pytest.raises(Refused, match="narrow"):
        export_audit(office.actor(AUDITOR), AuditFilter(verb="settle_payment_alarm"))


def test_the_check_counts_every_chain_and_names_the_broken_one(office: Desk) -> None:
    recorded(office, {"remark": "a"}, times=3)
    whole = check_chains(office.actor(AUDITOR))
    assert all(chain.broken_at is None for chain in whole)
    platform = next(chain for chain in whole if chain.organisation.zh == "融桥平台")
    with unit_of_work() as session:
        session.execute(update(AuditEntry).where(AuditEntry.target == "alarm/1").values(detail={"remark": "b"}))
    broken = [chain for chain in check_chains(office.actor(AUDITOR)) if chain.broken_at is not None]
    assert [(chain.organisation.zh, chain.entries) for chain in broken] == [("融桥平台", platform.entries + 1)]
    assert found(office, verb="verify_audit")[0].login == AUDITOR


def test_every_act_that_the_product_records_has_words() -> None:
    recorded_verbs = set()
    for file in Path(PROJECT_DIRECTORY / "app" / "use_cases").rglob("*.py"):
        text = file.read_text("utf-8")
        recorded_verbs |= set(re.findall(r'\bverb="([a-z_]+)"', text))
        recorded_verbs |= set(re.findall(r'\b_?(?:note|record|tell)\((?:session|actor)[^"\n]*, "([a-z_]+)"', text))
    assert {"log_in", "complete_task", "create_person", "confirm_payment"} <= recorded_verbs
    assert recorded_verbs - set(ACTS) == set()
