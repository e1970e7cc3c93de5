"""Contracts are made once from the accepted offer, say what was agreed, and are the same file for the same data."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.errors import NotFound
from app.gateways import clock, files
from app.gateways.typesetting import typeset
from app.storage.contracts import IN_FORCE, LAPSED, OPEN
from app.storage.database import reading, unit_of_work
from app.storage.waiting import MessageSubscription
from app.use_cases.contracts.content import printed
from app.use_cases.contracts.generate_contracts import GENERATE_CONTRACTS
from app.use_cases.operation import Call
from tests.desk import CONFIRMER, FIRM, FUNDER_SIGNATORY, Desk
from tests.use_cases.contracts import signing
from tests.use_cases.contracts.signing import LOAN_ONLY, RECEIPT, RECEIVABLE, generate, words
from tests.use_cases.lookups import rows_of

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_a_loan_contract_says_what_was_agreed(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        case = signing.accepted(desk)
        (contract,) = generate(desk, case)

    said = words(files.get(contract.document_sha256))
    assert contract.number == f"JK{case[2:]}-1" and contract.state == OPEN
    for text in (
        "借款合同",
        "人民币（大写）叁佰万元整（小写：¥3,000,000.00）",
        "4.65%（单利）",
        "12个月",
        "按月付息，到期还本",
        "采购原材料",
        "清溪织造有限公司",
        "之江银行",
        "91330500MA2D3M005D",
        "回款账户变更为监管账户",
        "加收50%计收罚息",
        "2027-11-233,011,625.003,000,000.0011,625.000.00",
        "以中文为准",
        "JK",
    ):
        assert text in said, text


def test_the_same_row_makes_the_same_contract_and_never_two(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        case = signing.accepted(desk)
        (first,) = generate(desk, case)
        (row,) = rows_of(desk, case, "generate_contracts")
        # a worker that was thought dead runs the row as well
        with desk.app.app_context():
            repeated = Call(row.id, desk.case(case), row.payload, row.headers, clock.moment())
            with reading() as session:
                prepared = GENERATE_CONTRACTS.prepare(session, repeated)
            assert GENERATE_CONTRACTS.ask is not None
            reply = GENERATE_CONTRACTS.ask(prepared)
            with unit_of_work() as session:
                result = GENERATE_CONTRACTS.record(session, repeated, reply)

    assert result["contracts"] == [{"number": first.number, "kind": "loan"}]
    (again,) = signing.contracts_of(desk, case)
    assert (again.id, again.document_sha256) == (first.id, first.document_sha256)
    assert len(signing.places(desk, first.number)) == 2


def test_the_same_data_are_the_same_file(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        (contract,) = generate(desk, signing.accepted(desk))

    midnight = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # in Shanghai
    with desk.app.app_context(), reading() as session:
        again = typeset("loan", printed(session, contract.content), midnight)
    assert again == files.get(contract.document_sha256)


def test_the_account_is_printed_but_stored_as_a_reference(desk: Desk) -> None:
    (contract,) = generate(desk, signing.accepted(desk))

    number = contract.content["account"]["number"]
    with desk.app.app_context(), reading() as session:
        clear = printed(session, number)
    assert set(number) == {"$party", "masked"} and clear.isdigit()
    assert clear in words(files.get(contract.document_sha256)) and clear not in repr(contract.content)


def test_security_is_made_beside_the_loan_and_names_it(desk: Desk) -> None:
    case = signing.accepted_order(desk)
    signing.add_party(desk, case, "guarantor", "yunxiu")
    signing.add_party(desk, case, "custodian", "yunxiu")
    kinds = '=["loan", "guarantee", "receivable_notice", "warehouse_pledge"]'

    made = generate(desk, case, {"contracts": kinds, "receivable": RECEIVABLE, "receipt": RECEIPT})

    loan, guarantee, notice, pledge = made
    assert [one.number[:2] for one in made] == ["JK", "BZ", "ZT", "CD"]
    assert [[p.capacity for p in signing.places(desk, one.number)] for one in made] == [
        ["borrower", "funder"],
        ["guarantor", "funder"],
        ["borrower", "core_enterprise", "funder"],
        ["borrower", "custodian", "funder"],
    ]
    for one in (guarantee, notice, pledge):
        said = words(files.get(one.document_sha256))
        assert loan.number in said and "900,000.00" in said
    assert "壹佰贰拾万元整" in words(files.get(notice.document_sha256))
    assert "铝锭A00" in words(files.get(pledge.document_sha256))


def test_the_instance_learns_the_keys_of_the_signatures_with_the_funders_last(desk: Desk) -> None:
    case = signing.accepted_order(desk)
    made = generate(desk, case, {"contracts": '=["receivable_notice", "loan"]', "receivable": RECEIVABLE})

    digits = f"{case[2:]}-1"
    assert [one.number for one in made] == [f"ZT{digits}", f"JK{digits}"]
    with desk.app.app_context(), reading() as session:
        awaited = session.scalars(
            select(MessageSubscription.correlation_key)
            .where(MessageSubscription.name == "SignatureCompleted")
            .order_by(MessageSubscription.id)
        ).all()
    assert awaited == [
        f"ZT{digits}/borrower",
        f"JK{digits}/borrower",
        f"ZT{digits}/core_enterprise",
        f"ZT{digits}/funder",
        f"JK{digits}/funder",
    ]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"contracts": "=[]"}, "contracts"),
        ({"contracts": '=["lease"]'}, "contracts"),
        ({"contracts": '=["guarantee"]'}, "保证人"),
        ({"contracts": '=["loan"]', "conditions": "=[1]"}, "conditions"),
        ({"contracts": '=["loan"]', "penalty_uplift_percent": "=101"}, "penalty_uplift_percent"),
    ],
    ids=str,
)
def test_what_cannot_be_printed_stops_with_its_cause(desk: Desk, inputs: dict[str, str], says: str) -> None:
    case = signing.accepted(desk)

    assert generate(desk, case, inputs) == []

    (incident,) = desk.incidents(case)
    assert says in incident.cause_zh


def test_without_an_accepted_offer_no_contract_is_made(desk: Desk) -> None:
    case = desk.at_second_review()

    assert generate(desk, case) == []
    assert "没有已接受的授信方案" in desk.incidents(case)[0].cause_zh


def test_a_pledge_without_a_loan_contract_is_refused(desk: Desk) -> None:
    case = signing.accepted_order(desk)

    assert generate(desk, case, {"contracts": '=["receivable_notice"]', "receivable": RECEIVABLE}) == []
    assert "担保合同须与借款合同一起生成" in desk.incidents(case)[0].cause_zh


def test_a_second_set_ends_the_open_one_and_has_a_number_of_its_own(desk: Desk) -> None:
    case = signing.accepted(desk)
    generate(desk, case)

    first, second = generate(desk, case, LOAN_ONLY | {"penalty_uplift_percent": "=40"})

    assert (first.state, second.state) == (LAPSED, OPEN)
    assert (first.number, second.number) == (f"JK{case[2:]}-1", f"JK{case[2:]}-2")


def test_a_contract_in_force_is_not_made_again(desk: Desk) -> None:
    case = signing.accepted(desk)
    number = generate(desk, case)[0].number
    signing.sign(desk, FIRM, number)
    signing.sign(desk, FUNDER_SIGNATORY, number)

    (only,) = generate(desk, case)

    assert (only.number, only.state) == (number, IN_FORCE)
    assert "已经生效" in desk.incidents(case)[0].cause_zh


def test_the_core_enterprise_reads_its_notice_and_not_the_loan_contract(desk: Desk) -> None:
    case = signing.accepted_order(desk)
    loan, notice = generate(desk, case, {"contracts": '=["loan", "receivable_notice"]', "receivable": RECEIVABLE})

    assert signing.verify(desk, notice.number, CONFIRMER).verdict == "unsigned"
    with pytest.raises(NotFound):
        signing.verify(desk, loan.number, CONFIRMER)


def test_amounts_of_the_plan_add_up_to_the_loan(desk: Desk) -> None:
    (contract,) = generate(desk, signing.accepted(desk))

    rows = [Decimal(row["principal"].replace(",", "")) for row in contract.content["schedule"]]
    assert sum(rows) == Decimal(contract.content["terms"]["amount"].replace(",", "")) == Decimal("3000000.00")
