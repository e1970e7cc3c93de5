"""Rows of limits, concentration, programmes of core enterprises and the lawful price."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.gateways import clock
from app.storage.cases import LoanCase, set_party
from app.storage.database import unit_of_work
from app.storage.offers import Offer
from app.storage.user_tasks import UserTask
from app.use_cases.contracts.generate_contracts import GENERATE_CONTRACTS
from app.use_cases.definitions.date_rules import date_rules
from app.use_cases.offers.issue_offer import issue_offer
from app.use_cases.offers.limits_of_case import LimitExceeded
from app.use_cases.offers.reserve_limit import reserve_limit
from app.use_cases.operation import Call, OperationRefused
from tests.desk import CONFIRMER, FIRM, LEAD, REVIEWER, SECOND_REVIEWER, Desk
from tests.use_cases.credit_limits.test_limit_changes import RISK, hold, short
from tests.use_cases.done_tasks import done_task
from tests.use_cases.offers.test_lawful_price import standing
from tests.use_cases.offers.test_limits import call
from tests.web.visitor import Visitor, words

RULES = Path(__file__).parents[2] / "rules"
MILLION = Decimal("1000000.00")
TABLE = "concentration_limits"


def from_twenty_million(desk: Desk) -> None:
    """An analyst lets shares of the book be measured from 20 million on: a number in the table, no Python."""
    changed = (RULES / f"{TABLE}.dmn").read_bytes().replace(b"300000000", b"20000000")
    analyst = desk.person("qin.lan").id
    with desk.app.app_context():
        moment = clock.moment()
        with unit_of_work() as session:
            date_rules(session, {TABLE: changed}, {TABLE: TABLE}, analyst, moment)


def test_row_127_a_concentration_limit_blocks_a_loan_over_a_tenth_of_the_book(desk: Desk) -> None:
    """Concentration limit blocks a loan over 10 % of the book."""
    from_twenty_million(desk)
    for login, amount in (("lu.ming", 6), ("gu.fang", 6), ("tang.wei", 7)):
        hold(desk, desk.start(login), amount * MILLION)
    number = desk.start(FIRM)

    refused = short(desk, number, 3 * MILLION)
    hold(desk, number, 2 * MILLION)

    assert isinstance(refused, LimitExceeded)
    assert "单一借款人集中度“清溪织造有限公司”：不超过贷款余额的 10%" in refused.text.zh
    assert "还可占用 2,111,111.11 元，不够 3,000,000.00 元" in refused.text.zh
    assert "at most 10% of the book" in refused.text.of("en")


def test_row_043_a_core_enterprise_sees_which_supplier_uses_its_limit(desk: Desk) -> None:
    """Programme page of a core enterprise shows its suppliers' use of its limit."""
    for login, amount in ((FIRM, 3), ("lu.ming", 2)):
        number = desk.start(login, "trade-order")
        with desk.app.app_context(), unit_of_work() as session:
            case = session.scalars(select(LoanCase).where(LoanCase.number == number)).one()
            set_party(session, case.id, "core_enterprise", desk.organisation("dongming").id)
        hold(desk, number, amount * MILLION)

    page = words(Visitor(desk, CONFIRMER).get("/my-limits"))
    other = words(Visitor(desk, "ye.qing").get("/my-limits"))

    assert "清溪织造有限公司" in page and "3,000,000.00" in page and "2,000,000.00" in page
    assert "清溪织造有限公司" not in other
    assert "清溪织造有限公司" not in words(Visitor(desk, "lu.ming").get("/my-limits"))


def test_row_127_a_bank_reads_its_limits_and_two_people_change_one_on_the_pages(desk: Desk) -> None:
    """A funder's limits are read and changed by two people on pages."""
    risk, lead = Visitor(desk, RISK), Visitor(desk, LEAD)
    asked = {"kind": "product", "subject": "trade-order", "total": "160,000,000", "reason": "旺季备货"}

    made = risk.post("/limits/new", asked)
    change = made.location
    own, there = words(risk.get(change)), words(lead.get("/limits?kind=product"))
    lead.post(change, {"decision": "approve"})

    assert "由您提出，要由另一人审批" in own and "1 项变更待审批" in there
    after = words(lead.get("/limits?kind=product"))
    assert "160,000,000.00" in after and "待审批" not in after
    assert "没有提交" in words(risk.post("/limits/new", asked | {"total": "-1"}))


def reviewed(desk: Desk) -> str:
    """A case that two people reviewed, as rows."""
    number = desk.start()
    with desk.app.app_context(), unit_of_work() as session:
        case = session.scalars(select(LoanCase).where(LoanCase.number == number)).one()
        pattern = session.scalars(select(UserTask).where(UserTask.case_id == case.id)).first()
        assert pattern is not None
        now = clock.real_now()
        for duty, login in (("credit_review", REVIEWER), ("credit_approval", SECOND_REVIEWER)):
            session.add(done_task(pattern, duty, desk.person(login).id, now))
    call(desk, number, reserve_limit, amount=MILLION)
    return number


def test_row_179_an_offer_or_contract_over_the_cap_is_refused_with_figure_and_rule(desk: Desk) -> None:
    """An offer or contract over the cap is refused with the figure and the rule; nothing is deducted in advance."""
    number = reviewed(desk)
    terms = {"amount": MILLION, "term_months": 12, "repayment_method": "interest_monthly"}

    with pytest.raises(OperationRefused) as offer:
        call(desk, number, issue_offer, **terms, rate_percent="24.5")
    call(desk, number, issue_offer, **terms, rate_percent="15")
    with desk.app.app_context(), unit_of_work() as session:
        made = session.scalars(select(Offer)).one()
        made.state = "accepted"
        whole, fees = made.amount, made.fees
    standing(desk, "private")  # the same offer, of a lender whom four times LPR binds
    contracts = {"contracts": ["loan"], "conditions": [], "penalty_uplift_percent": None}
    with desk.app.app_context(), unit_of_work() as session:
        case = session.scalars(select(LoanCase).where(LoanCase.number == number)).one()
        contract = GENERATE_CONTRACTS.prepare(session, Call(1, case, contracts, {}, clock.moment()))

    assert offer.value.code == "RateAboveCap"
    assert "年化 24.50%，超过上限 24.00%" in offer.value.text.zh and "24%" in offer.value.text.of("en")
    assert isinstance(contract, OperationRefused)
    assert "年化 15.00%，超过上限 12.00%" in contract.text.zh and "四倍" in contract.text.zh
    assert (whole, fees) == (MILLION, [])  # what is lent is the whole amount: nothing is taken off it
