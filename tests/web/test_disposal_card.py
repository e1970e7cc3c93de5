"""The page of a case says how its collateral is disposed of, to those who see the ledger."""

from __future__ import annotations

import re

from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from tests.desk import Desk
from tests.use_cases.disposals.selling import COST, TAX, Sale, in_arrears
from tests.web.visitor import Visitor, words


def sold(desk: Desk) -> Sale:
    """Copper of a loan in arrears has a buyer; the case stands where its diagrams would have brought it."""
    sale = in_arrears(desk).sold("180000.00")
    with desk.app.app_context(), unit_of_work() as session:
        session.get_one(LoanCase, desk.case(sale.case_number).id).milestone = "in_disposal"
    return sale


def test_finance_reads_the_buyer_the_price_and_who_got_what(desk: Desk) -> None:
    sale = sold(desk)
    finance = Visitor(desk, "bai.xue")

    before = words(finance.get(f"/cases/{sale.case_number}"))
    sale.pay("180000.00")
    sale.settle(costs=[COST], taxes=[TAX])
    after = words(finance.get(f"/cases/{sale.case_number}"))

    assert f"{sale.number} 已成交，待收款" in before and "大江铜业" in before and "180,000.00" in before
    assert f"{sale.number} 已分配" in after and "应退余款" in after
    assert re.search("税费[^0-9]*1,800.00 1,800.00", after)


def test_a_reviewer_without_the_ledger_and_another_bank_read_nothing_of_it(desk: Desk) -> None:
    sale = sold(desk)

    reviewer = Visitor(desk, "wang.lei").get(f"/cases/{sale.case_number}")
    other = Visitor(desk, "ren.yi").get(f"/cases/{sale.case_number}")

    assert reviewer.status_code == 200 and sale.number not in reviewer.text
    assert other.status_code == 404
