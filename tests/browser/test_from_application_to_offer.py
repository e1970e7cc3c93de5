"""A firm, a core enterprise and two reviewers take applications to an accepted offer, and to a refusal."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Route

from tests.browser.conftest import Site
from tests.processes import answers

FIRM = {"company_name": "灵山精密机械有限公司", "unified_social_credit_code": "91330600MA2D3M007Q"}
BUYER = {"core_enterprise_name": "东溟重工集团有限公司", "core_enterprise_code": "91330200MA2D3M003P"}


def without(given: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key not in keys}


def test_an_order_is_financed_after_a_supplement_with_a_changed_amount(site: Site) -> None:
    firm, core, first, second = (site.visitor(name) for name in ("lu.ming", "wu.tao", "wang.lei", "sun.hao"))
    number = firm.start("trade-order")
    firm.fill(without(answers.TRADE_ORDER, "invoices") | FIRM | BUYER)
    firm.submit()
    firm.open_own_task(number, "上传资料")
    firm.upload_all()
    firm.submit()

    core.open_task(number)
    core.says("PO-2026-11083")
    core.fill(answers.CONFIRM_PAYABLE)
    core.submit()

    first.open_task(number)
    first.says("四眼复核已满足")
    first.fill(answers.INITIAL_SUPPLEMENT)
    first.submit()
    firm.open_own_task(number, "补件")
    firm.says("请补充 9 月增值税申报表和审计报告附注。")
    firm.fill(without(answers.SUPPLEMENT, "documents", "files"))
    firm.upload_all()
    firm.submit()
    first.open_task(number)
    first.fill(
        answers.INITIAL_PASS
        | {
            "proposal": answers.INITIAL_PASS["proposal"]
            | {"amount": "900000.00", "term_months": "6", "repayment_method": "bullet"}
        }
    )
    first.submit()

    second.open_task(number)
    second.page.click("text=前序意见")
    second.says(answers.INITIAL_PASS["opinion"])
    changed = answers.SECOND_CHANGED["approved"] | {
        "amount": "800000.00",
        "term_months": "6",
        "repayment_method": "bullet",
    }
    second.fill(without(answers.SECOND_CHANGED, "conditions") | {"approved": changed})
    second.submit()

    firm.open_own_task(number, "接受方案")
    firm.says("800,000.00")
    firm.fill(answers.ACCEPT)
    firm.submit()
    firm.until_shown(f"/applications/{number}", firm.page.locator("h1", has_text="已接受方案"))
    assert "已接受方案" in firm.page.locator("h1").inner_text()
    for person in (firm, core, first, second):
        person.is_healthy()


def test_a_refused_firm_reads_the_reason(site: Site) -> None:
    firm, first = site.visitor("tang.wei"), site.visitor("wang.lei")
    number = firm.start("working-capital")
    own = {"company_name": "白云物流有限公司", "unified_social_credit_code": "91330900MA2D3M010K"}
    firm.fill(answers.SMALL_WORKING_CAPITAL | own)
    firm.submit()
    firm.open_own_task(number, "上传资料")
    firm.upload_all()
    firm.submit()
    first.open_task(number)
    first.fill(answers.INITIAL_FAIL)
    first.submit()
    firm.until_shown(f"/applications/{number}", firm.page.locator("h1", has_text="未通过"))
    assert answers.INITIAL_FAIL["reason_text"] in firm.page.locator("main").inner_text()
    firm.is_healthy()
    first.is_healthy()


def test_a_wrong_entry_is_said_beside_its_field_and_what_was_typed_stays(site: Site) -> None:
    firm = site.visitor("chen.jing")
    firm.start("working-capital")
    firm.fill(
        answers.WORKING_CAPITAL
        | {"unified_social_credit_code": "91330500MA2D3M005X", "requested_amount": "15000000.00"}
    )
    firm.submit(refused=True)
    assert firm.page.locator("[aria-invalid=true]").evaluate_all("fields => fields.map(field => field.name)") == [
        "unified_social_credit_code",
        "requested_amount",
    ]
    assert firm.page.input_value('[name="repayment_source"]') == answers.WORKING_CAPITAL["repayment_source"]


def test_what_is_typed_while_the_form_asks_the_server_stays(site: Site) -> None:
    firm = site.visitor("chen.jing")
    firm.start("working-capital")
    held: list[Route] = []
    firm.page.route("**/preview", lambda route: held.append(route))
    with firm.page.expect_request("**/preview"):
        firm.page.select_option('[name="purpose"]', "other")
    firm.page.fill('[name="repayment_source"]', "销售回款，按月归集")
    firm.page.check('[name="statement_true"][type=checkbox]')
    held[0].continue_()
    firm.page.wait_for_selector('[name="purpose_detail"]')
    assert firm.page.input_value('[name="repayment_source"]') == "销售回款，按月归集"
    assert firm.page.is_checked('[name="statement_true"][type=checkbox]')
    assert firm.page.input_value('[name="purpose"]') == "other"


def test_what_is_selected_while_the_form_asks_the_server_is_still_what_the_next_letter_replaces(site: Site) -> None:
    firm = site.visitor("chen.jing")
    firm.start("working-capital")
    firm.page.fill('[name="repayment_source"]', "销售回款")
    held: list[Route] = []
    firm.page.route("**/preview", lambda route: held.append(route))
    with firm.page.expect_request("**/preview"):
        firm.page.select_option('[name="purpose"]', "other")
    firm.page.locator('[name="repayment_source"]').select_text()
    held[0].continue_()
    firm.page.wait_for_selector('[name="purpose_detail"]')
    firm.page.keyboard.type("租金收入")
    assert firm.page.input_value('[name="repayment_source"]') == "租金收入"
