"""Rows on the whole picture of a firm and on the parties that work for a bank."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.errors import InvalidForm
from app.storage.cases import LoanCase
from app.storage.database import reading
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.processes import disposal_answers as given
from tests.processes.collection_answers import LAWYER_LETTER
from tests.use_cases.collections.arrears import DUE, RECOVERY, Arrears
from tests.use_cases.disposals.disposing import APPRAISER, KEEPER, disposing
from tests.use_cases.loans.lent import lent
from tests.web.visitor import Visitor, words

STRONG = {
    "guarantor_name": "正信融资担保有限公司",
    "guarantor_net_assets_yuan": "500000000.00",
    "guarantor_income_yuan": "60000000.00",
    "guarantor_guarantees_yuan": "0.00",
}
GUARANTEE, LAWYER, DISPOSAL, BUYER = "bao.dan", "fa.heng", "chu.zhi", "shou.rang"


def inbox(desk: Desk, login: str) -> str:
    """What the person reads on the first page: everything offered, claimed or not."""
    visitor = Visitor(desk, login)
    assert visitor.get("/", follow_redirects=True).status_code == 200
    return " ".join(words(visitor.get("/inbox", query_string={"scope": scope})) for scope in ("mine", "unclaimed"))


def finds_only(desk: Desk, login: str, task: str, number: str) -> None:
    """The person's inbox holds this one task, and nothing of the case stands open besides."""
    seen, visitor = inbox(desk, login), Visitor(desk, login)
    assert task in seen and number in seen and seen.count(number) == 1
    for closed in (f"/cases/{number}", "/cases", "/loans", "/firms", "/panel"):
        assert visitor.get(closed).status_code in (403, 404), closed


def number_of(desk: Desk, case_id: int) -> str:
    with desk.app.app_context(), reading() as session:
        return session.get_one(LoanCase, case_id).number


def code(desk: Desk, firm: str) -> str:
    return desk.organisation(firm).unified_social_credit_code or ""


def test_row_141_a_firm_from_all_sides(desk: Desk) -> None:
    """360° page: links, loans, applications, limits, documents, reports, contacts of one firm on one page."""
    number = desk.at_initial_review()
    loan = lent(desk)
    visitor = Visitor(desk, "shi.lan")
    case = visitor.get(f"/cases/{number}")
    address = f"/firms/{desk.organisation('qingxi').id}"
    assert f'href="{address}"' in case.text, "the case's page leads to the firm"
    seen = words(visitor.get(address))
    for part in (
        "企业关系",
        "法定代表人",
        "工商登记",
        "征信报告",
        "额度",
        "资料",
        "联系人",
        "138****1208",
        number,
        loan,
    ):
        assert part in seen, part


def test_row_181_the_guarantee_company_signs_and_sees_nothing_else(desk: Desk) -> None:
    """Each logs in and finds the task that its lane names, and nothing else: the guarantee company signs."""
    guarantor = STRONG | {"guarantor_code": code(desk, "zhengxin")}
    number = desk.at_second_review(requested_amount="400000.00", **guarantor)
    assert number not in inbox(desk, GUARANTEE)
    terms = answers.INITIAL_PASS["proposal"] | {"amount": "400000.00"}
    desk.complete(people.SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE | {"approved": terms})
    desk.complete(people.FIRM, number, "accept_offer", answers.ACCEPT)
    if desk.waits_for(number, "check_contracts"):
        desk.complete(people.OTHER_SECOND_REVIEWER, number, "check_contracts", answers.CONTRACTS_FIT)
    finds_only(desk, GUARANTEE, "签署合同", number)
    desk.sign_all(GUARANTEE, number)
    assert number not in inbox(desk, GUARANTEE)


def test_row_181_the_lawyer_works_on_the_debt_that_it_was_entrusted_with(desk: Desk) -> None:
    """Each logs in and finds the task that its lane names, and nothing else: the lawyer on the last rung."""
    arrears = Arrears(desk).go_to(DUE + timedelta(days=200), step=400)
    number = number_of(desk, arrears.case_id)
    assert number not in inbox(desk, LAWYER)
    chosen = {"decision": "lawyer", "law_firm": code(desk, "hengping")}
    arrears.do(
        RECOVERY, "recovery_decision", {"opinion": "多次催收无果，委托律师发函并准备起诉材料，请尽快办理。"} | chosen
    )
    finds_only(desk, LAWYER, "律师办理", number)
    arrears.do(LAWYER, "lawyer_work", LAWYER_LETTER | {"done_on": arrears.on.isoformat()})
    assert number not in inbox(desk, LAWYER) and arrears.incidents() == []
    arrears.go_to(arrears.on + timedelta(days=8), step=8)
    assert "recovery_decision" in arrears.forms(), "the recovery manager decides again"


def test_row_181_the_appraiser_values_and_the_disposal_company_sells(desk: Desk) -> None:
    """Each logs in and finds the task that its lane names, and nothing else: appraiser and disposal company."""
    with disposing(desk) as disposal:
        disposal.noticed(given.PLAN | {"disposal_company": code(desk, "qingyuan")})
        disposal.go_to(disposal.on + timedelta(days=16), step=16)
        disposal.do(KEEPER, "secure_goods", given.GOODS_PRESENT)
        finds_only(desk, APPRAISER, "外部评估", disposal.case_number)
        assert disposal.case_number not in inbox(desk, DISPOSAL)
        disposal.do(APPRAISER, "value_collateral", given.EXTERNAL_VALUE | {"value": "9000000.00"})
        disposal.do(RECOVERY, "desk_valuation", given.INTERNAL_VALUE | {"value": "150000.00"})
        finds_only(desk, DISPOSAL, "委托处置公司", disposal.case_number)
        assert disposal.case_number not in inbox(desk, APPRAISER)
        disposal.do(DISPOSAL, "record_sale", given.sold("160000.00") | {"agent_name": "清远资产处置有限公司"})
        assert disposal.row.price == Decimal("160000.00") and disposal.case_number not in inbox(desk, DISPOSAL)


def test_row_181_the_debt_buyer_is_told_that_its_process_comes_later(desk: Desk) -> None:
    """Each logs in and finds the task that its lane names, and nothing else: a debt buyer has none yet."""
    assert "债权转让流程还没有开通" in inbox(desk, BUYER)
    for closed in ("/cases", "/loans", "/firms", "/panel"):
        assert Visitor(desk, BUYER).get(closed).status_code == 403


def test_row_181_who_is_not_on_the_panel_cannot_be_chosen(desk: Desk) -> None:
    """Each logs in and finds the task that its lane names, and nothing else: only an admitted firm is entrusted."""
    number = desk.start(funder="qiantang")
    entered = desk.application(people.FIRM, guarantor_code=code(desk, "zhengxin"), **STRONG)
    with pytest.raises(InvalidForm) as refused:
        desk.complete(people.FIRM, number, "working-capital-application", entered)
    assert "合作名录" in refused.value.errors[0].text.zh
