"""What people read of the lists in a report."""

from __future__ import annotations

from decimal import Decimal

from app.use_cases.parties.report_words import row_words
from app.web.pages.report_facts import report_facts

JUDGMENT = {
    "case_no": "（2026）浙0106执1007号",
    "court": "杭州市西湖区人民法院",
    "cause": "loan_contract",
    "role": "defendant",
    "status": "enforced",
    "amount_yuan": Decimal(330000),
    "on": "2026-08-01",
}
HIT = {
    "party": "owner",
    "name": "钟*鸣",
    "list": "pep",
    "entry": "PEP-0104",
    "entry_name": "钟岳鸣",
    "similarity": 100,
    "reason": "重要公职人员（演示）",
    "reason_en": "a prominent public function (demo)",
}


def test_rows_of_a_report_are_said_in_words_and_not_as_data() -> None:
    assert row_words(JUDGMENT).zh == "（2026）浙0106执1007号 借款合同纠纷，330,000.00 元，执行中"
    assert row_words(JUDGMENT).en.endswith("loan contract dispute, CNY 330,000.00, being enforced")
    assert row_words(HIT).zh.startswith("股东或受益所有人 钟*鸣：重要公职人员名单 PEP-0104")
    assert "100% alike" in row_words(HIT).en
    assert row_words({"party": "borrower", "name": "清溪织造"}).zh == "借款人 清溪织造"


def test_a_pages_facts_of_a_report_hold_no_raw_row() -> None:
    facts = report_facts("screening", {"list_version": "2026-11-01", "hits": [HIT], "screened": []}, "MD-1")
    assert [fact.label.zh for fact in facts] == ["名单版本", "命中", "已筛查", "来源编号"]
    assert not any("{" in str(fact.value) for fact in facts)
