"""What the review asks outside sources for, and what the case keeps of each answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.gateways import clock
from app.storage import reports
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.reports import ExternalReport
from app.use_cases.operation import Call, OperationRefused
from app.use_cases.operations import find
from tests.desk import Desk


def asked(desk: Desk, number: str, type_: str, **inputs: Any) -> dict[str, Any]:
    """What an operation answers for a case, as run_operation calls it."""
    operation = find(type_)
    with desk.app.app_context():
        with reading() as session:
            case = session.query(LoanCase).filter_by(number=number).one()
            call = Call(7, case, inputs, {}, clock.moment())
            question = operation.prepare(session, call)
        assert operation.ask is not None
        reply = operation.ask(question)
        with unit_of_work() as session:
            return operation.record(session, call, reply)


def kept(desk: Desk, number: str, kind: str) -> ExternalReport:
    """The newest report of this kind."""
    with desk.app.app_context(), reading() as session:
        return [one for one in reports.of_case(session, desk.case(number).id) if one.kind == kind][-1]


@pytest.fixture
def draft(desk: Desk) -> str:
    """A case with its application."""
    number = desk.start()
    desk.complete("chen.jing", number, "working-capital-application", desk.application("chen.jing"))
    return number


def test_the_register_is_asked_again_and_says_whether_the_name_is_right(desk: Desk, draft: str) -> None:
    record = asked(desk, draft, "registry_record")["enterprise"]
    assert record["status"] == "active" and record["name_matches"] is True
    assert kept(desk, draft, "enterprise").source_zh.endswith("（演示数据）")


def test_court_records_add_up_and_are_kept_with_their_source(desk: Desk, draft: str) -> None:
    court = asked(desk, draft, "court_records")["court"]
    assert court["amount_yuan"] == sum((one["amount_yuan"] for one in court["judgments"]), Decimal(0))
    assert len(court["judgments"]) == court["cases_open"] + court["enforced"]
    report = kept(desk, draft, "court")
    assert report.reference.startswith("FY-") and report.data["cases_open"] == court["cases_open"]


def test_a_wrong_code_is_not_asked_about(desk: Desk, draft: str) -> None:
    with pytest.raises(OperationRefused) as refused:
        asked(desk, draft, "court_records", unified_social_credit_code="91330500MA2D3M0050")
    assert refused.value.code == "CheckFailed"


@pytest.mark.parametrize(
    ("goods", "unit", "worth"),
    [("电解铜 Cu-CATH-1", "吨", Decimal("702000.00")), ("电解铜", "件", None), ("手工地毯", "吨", None)],
)
def test_goods_are_worth_what_the_market_quotes_or_nothing_is_said(
    desk: Desk, draft: str, goods: str, unit: str, worth: Decimal | None
) -> None:
    given = {"goods_kind": "nonferrous", "goods": goods, "goods_unit": unit, "goods_quantity": "10.000"}
    valuation = asked(desk, draft, "goods_price", **given)["market_valuation"]
    assert (valuation["quoted"], valuation["value_yuan"]) == (worth is not None, worth)


def test_a_case_without_goods_has_no_price(desk: Desk, draft: str) -> None:
    with pytest.raises(OperationRefused) as refused:
        asked(desk, draft, "goods_price")
    assert refused.value.code == "CheckFailed"


def test_all_parties_are_screened_and_a_persons_name_stays_masked(desk: Desk, draft: str) -> None:
    screening = asked(desk, draft, "screen_parties", names=[{"party": "guarantor", "name": "之江担保有限公司"}])[
        "screening"
    ]
    assert screening["hits"] == [] and screening["list_version"]
    who = {one["party"]: one["name"] for one in screening["screened"]}
    assert set(who) >= {"borrower", "legal_representative", "guarantor"}
    assert "*" in who["legal_representative"]


def test_a_hit_names_list_entry_and_likeness_and_no_error_ends_the_case(desk: Desk, draft: str) -> None:
    (hit,) = asked(desk, draft, "screen_parties", names=["ＢＬＡＣＫＲＯＣＫ  bay international trading co ltd"])[
        "screening"
    ]["hits"]
    assert (hit["list"], hit["entry"], hit["similarity"]) == ("sanctions", "SAN-0007", 100)
    assert kept(desk, draft, "screening").data["hits"] == [hit]
