"""From the accepted offer to contracts in force through the shipped drawing: signatures, registration, lapse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.errors import Conflict, Refused
from app.gateways import clock
from app.storage.user_tasks import UserTask
from tests.desk import (
    CONFIRMER,
    FIRM,
    FUNDER_SIGNATORY,
    REGISTRATION_CLERK,
    REVIEWER,
    SECOND_REVIEWER,
    Desk,
)
from tests.processes import answers
from tests.processes.payout_answers import CONTRACTS_PASS, CONTRACTS_REMAKE, REGISTRATION
from tests.use_cases.contracts import signing
from tests.use_cases.lookups import rows_of, told, used_of


def states(desk: Desk, number: str) -> list[str]:
    return [one.state for one in signing.contracts_of(desk, number)]


def at_work(desk: Desk, number: str) -> list[UserTask]:
    return [task for task in desk.open_tasks(number) if task.form_key == "sign_contract"]


def at_check(desk: Desk) -> str:
    """A loan large enough that a second reviewer proof-reads its contracts first, proposed and approved as asked."""
    number = desk.at_initial_review(requested_amount="3500000.00")
    terms = answers.INITIAL_PASS["proposal"] | {"amount": "3500000.00"}
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_PASS | {"proposal": terms})
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE | {"approved": terms})
    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)
    return number


def test_an_accepted_offer_becomes_a_signed_contract(desk: Desk) -> None:
    number = desk.at_signing()
    assert desk.case(number).milestone == "contracts_made" and states(desk, number) == ["open"]
    (task,) = at_work(desk, number)
    assert task.variables["signature"]["capacity"] == "borrower"

    desk.sign_all(FIRM, number)
    (task,) = at_work(desk, number)
    assert task.variables["signature"]["capacity"] == "funder"
    desk.sign_all(FUNDER_SIGNATORY, number)

    assert desk.case(number).milestone == "contracts_signed" and states(desk, number) == ["in_force"]
    assert at_work(desk, number) == [] and desk.incidents(number) == []
    assert any("签署生效" in text for text in told(desk, number, "qingxi"))
    effective = rows_of(desk, number, "ContractEffective")
    assert len(effective) == 1 and effective[0].payload["key"] == number


def test_a_signing_task_cannot_be_completed_by_its_form(desk: Desk) -> None:
    number = desk.at_signing()
    (task,) = at_work(desk, number)

    with pytest.raises(Refused, match="contract is signed on its page"):
        desk.complete_task(FIRM, task.id, {})

    assert desk.task_row(task.id).state == "open"


def test_a_contract_that_the_bank_still_checks_is_not_signed(desk: Desk) -> None:
    number = at_check(desk)
    (contract,) = signing.contracts_of(desk, number)
    with pytest.raises(Conflict, match="still being prepared"):
        signing.sign(desk, FIRM, contract.number)

    desk.complete(SECOND_REVIEWER, number, "check_contracts", CONTRACTS_PASS)

    signing.sign(desk, FIRM, contract.number)
    assert signing.places(desk, contract.number)[0].signed_at is not None


def test_contracts_that_are_made_again_are_signed_in_their_new_form(desk: Desk) -> None:
    number = at_check(desk)
    desk.complete(SECOND_REVIEWER, number, "check_contracts", CONTRACTS_REMAKE)
    desk.complete(SECOND_REVIEWER, number, "check_contracts", CONTRACTS_PASS)

    assert states(desk, number) == ["lapsed", "open"]
    (task,) = at_work(desk, number)
    assert task.variables["signature"]["capacity"] == "borrower"
    document = signing.words(signing.document(desk, signing.contracts_of(desk, number)[-1].number))
    assert CONTRACTS_REMAKE["conditions"][0]["text"] in document


def test_a_trade_order_goes_through_three_signatories_and_the_registry(desk: Desk) -> None:
    number = signing.order_at_signing(desk)
    for signatory in (CONFIRMER, FIRM, FUNDER_SIGNATORY):
        assert desk.case(number).milestone == "contracts_made"
        desk.sign_all(signatory, number)
    assert states(desk, number) == ["in_force", "in_force"] and desk.case(number).milestone == "contracts_made"

    today = clock.moment().business_on
    dates = {"registered_on": today.isoformat(), "ends_on": (today + timedelta(days=400)).isoformat()}
    desk.complete(REGISTRATION_CLERK, number, "register_pledge", REGISTRATION | dates)

    assert desk.case(number).milestone == "contracts_signed" and desk.incidents(number) == []
    (effective,) = rows_of(desk, number, "ContractEffective")
    assert effective.payload["payload"]["registration"]["registration_no"] == REGISTRATION["registration_no"]


@pytest.mark.parametrize("signed", [False, True])
def test_what_is_not_signed_in_time_lapses_and_the_firm_is_told(desk: Desk, signed: bool) -> None:
    number = desk.at_signing()
    held = used_of(desk, "funder")
    if signed:
        desk.sign_all(FIRM, number)

    with clock.fixed_at(clock.real_now() + timedelta(days=16)):
        desk.work()

    assert desk.case(number).milestone == "contract_lapsed" and states(desk, number) == ["lapsed"]
    assert used_of(desk, "funder") < held and at_work(desk, number) == []
    assert any("已失效" in text for text in told(desk, number, "qingxi"))
    assert len(rows_of(desk, number, "ContractLapsed")) == 1


def test_a_week_without_a_signature_reminds_the_firm_once(desk: Desk) -> None:
    number = desk.at_signing()
    with clock.fixed_at(clock.real_now() + timedelta(days=8)):
        desk.work()
        desk.work()

    assert sum("还没有签署" in text for text in told(desk, number, "qingxi")) == 1
    assert len(at_work(desk, number)) == 1
