"""What compliance officers see and do on their pages, and what others of the bank and the firm do not see."""

from __future__ import annotations

from collections.abc import Callable

from tests.desk import COMPLIANCE_OFFICER, FIRM, REVIEWER, Desk
from tests.use_cases.compliance.holding import SANCTIONED, SECOND_OFFICER, hold, open_of, screened
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]

CLEAR = {"decision": "clear", "reason": "证件号码不同，不是同一人。", "evidence": "核验回执 2026-1101"}
WHY = "股东姓名与名单近似"


def test_an_officer_places_a_hold_on_the_case_page_and_another_clears_it(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    desk.complete(FIRM, number, "working-capital-application", desk.application(FIRM))
    officer, second = visit(COMPLIANCE_OFFICER), visit(SECOND_OFFICER)

    shown = officer.get(f"/cases/{number}")
    placed = officer.post(f"/cases/{number}/hold", {"reason": WHY}, follow_redirects=True)
    own = words(placed)
    (hold_id,) = open_of(desk, number)
    listed = words(second.get("/compliance"))
    done = second.post(f"/compliance/holds/{hold_id}", CLEAR, follow_redirects=True)

    assert "没有合规暂缓" in words(shown) and f'href="/cases/{number}/hold"' in shown.text
    assert WHY in own and "这项暂缓是您提出的" in own and "提交结论" not in own
    assert number in listed and WHY in listed
    assert "已解除" in words(done) and open_of(desk, number) == []


def test_a_hit_on_a_sanctions_list_shows_how_many_cleared_it(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    hold_id = screened(desk, number, SANCTIONED)["hold_id"]

    first = visit(COMPLIANCE_OFFICER).post(f"/compliance/holds/{hold_id}", CLEAR, follow_redirects=True)
    page = words(visit(SECOND_OFFICER).get(f"/compliance/holds/{hold_id}"))

    assert "还需另一位" in words(first)
    assert "制裁名单" in page and "两位不同的合规人员" in page and "核验回执" in page and "1/2" in page


def test_a_hold_is_not_cleared_without_evidence_and_what_was_typed_stays(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    hold_id = hold(desk, number)

    refused = visit(SECOND_OFFICER).post(f"/compliance/holds/{hold_id}", CLEAR | {"evidence": ""})

    assert refused.status_code == 422 and "核实依据" in words(refused) and CLEAR["reason"] in refused.text
    assert open_of(desk, number) == [hold_id]


def test_colleagues_see_that_a_case_is_on_hold_but_not_why_and_the_firm_sees_nothing(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(requested_amount="400000.00")
    hold(desk, number, reason=WHY)

    colleague = visit(REVIEWER).get(f"/cases/{number}")
    firm = visit(FIRM).get(f"/applications/{number}")

    assert "暂缓中" in words(colleague) and WHY not in colleague.text and "提出暂缓" not in words(colleague)
    assert firm.status_code == 200 and "暂缓" not in firm.text and WHY not in firm.text
