"""Signing: one person for each party, the funder last, each once; what races or dies leaves nothing half signed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.errors import Conflict, Forbidden, NotFound
from app.gateways import clock, e_signature, files
from app.gateways.e_signature import SignatureServiceUnavailable, Signed
from app.storage.contracts import IN_FORCE, LAPSED, OPEN
from app.use_cases.administration.fresh_log_in import FreshLogInNeeded
from app.use_cases.contracts.lapse_contract import lapse_contract
from tests.desk import (
    CONFIRMER,
    FIRM,
    FUNDER_SIGNATORY,
    OPERATOR,
    OTHER_BANKS_SIGNATORY,
    OTHER_FIRM,
    REVIEWER,
    Desk,
)
from tests.use_cases.contracts import signing
from tests.use_cases.contracts.signing import RECEIVABLE, contract, loan_contract, places, sign
from tests.use_cases.lookups import audited, rows_of
from tests.use_cases.offers.test_limits import call
from tests.use_cases.tasks.races import at_once

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Interrupted:
    """The signature service, and something that happens after each signature was made and before it is recorded."""

    def __init__(self, then: Any) -> None:
        self.real, self.then = e_signature.current(), then

    def sign(self, *about: Any) -> Signed:
        made = self.real.sign(*about)
        self.then()
        return made

    def verify(self, document: bytes) -> Any:
        return self.real.verify(document)


def test_the_last_signature_brings_the_contract_into_force(desk: Desk) -> None:
    number = loan_contract(desk)

    with clock.fixed_at(NOW):
        first, last = sign(desk, FIRM, number), sign(desk, FUNDER_SIGNATORY, number)

    kept = contract(desk, number)
    assert (first.in_force, last.in_force) == (False, True)
    assert (kept.state, kept.in_force_at) == (IN_FORCE, NOW)


def test_each_signature_is_kept_with_its_person_certificate_and_the_hashes_around_it(desk: Desk) -> None:
    number = loan_contract(desk)
    unsigned = contract(desk, number).document_sha256

    with clock.fixed_at(NOW):
        sign(desk, FIRM, number)
        sign(desk, FUNDER_SIGNATORY, number)

    borrower, funder = places(desk, number)
    assert (borrower.person_id, funder.person_id) == (desk.person(FIRM).id, desk.person(FUNDER_SIGNATORY).id)
    assert borrower.signed_at == funder.signed_at == NOW
    assert borrower.sha256_before == unsigned and borrower.sha256_after == funder.sha256_before
    assert funder.sha256_after == contract(desk, number).document_sha256
    assert hashlib.sha256(signing.document(desk, number)).hexdigest() == funder.sha256_after
    assert borrower.certificate_serial != funder.certificate_serial
    assert [entry.verb for entry in audited(desk)].count("sign_contract") == 2


def test_a_signature_leaves_the_bytes_before_it_as_they_were(desk: Desk) -> None:
    number = loan_contract(desk)
    before = signing.document(desk, number)

    sign(desk, FIRM, number)

    assert signing.document(desk, number).startswith(before)


def test_a_signature_is_told_to_the_instance_by_its_key(desk: Desk) -> None:
    number = loan_contract(desk)
    case = desk.case(f"LN{number[2:].split('-')[0]}").number

    sign(desk, FIRM, number)

    (message,) = rows_of(desk, case, "SignatureCompleted")
    assert message.payload["key"] == f"{number}/borrower"
    assert message.payload["payload"] == {
        "case_number": case,
        "contract_number": number,
        "kind": "loan",
        "capacity": "borrower",
        "in_force": False,
    }


def test_the_funder_signs_last(desk: Desk) -> None:
    number = loan_contract(desk)

    with pytest.raises(Conflict) as refused:
        sign(desk, FUNDER_SIGNATORY, number)

    assert refused.value.text.zh == "资金方最后签署，还在等：借款人。"
    assert contract(desk, number).state == OPEN and all(place.signed_at is None for place in places(desk, number))


def test_signing_twice_is_a_conflict_that_says_who_signed(desk: Desk) -> None:
    number = loan_contract(desk)
    sign(desk, FIRM, number)

    with pytest.raises(Conflict) as refused:
        sign(desk, FIRM, number)

    assert "贵方已由陈静签署了这份合同" in refused.value.text.zh


@pytest.mark.parametrize("login", [OTHER_FIRM, CONFIRMER, OTHER_BANKS_SIGNATORY])
def test_for_others_there_is_no_such_contract(desk: Desk, login: str) -> None:
    with pytest.raises(NotFound):
        sign(desk, login, loan_contract(desk))


@pytest.mark.parametrize("login", [REVIEWER, OPERATOR])
def test_who_has_no_right_to_sign_is_refused(desk: Desk, login: str) -> None:
    with pytest.raises(Forbidden):
        sign(desk, login, loan_contract(desk))


def test_a_log_in_that_is_not_fresh_signs_nothing(desk: Desk) -> None:
    number = loan_contract(desk)

    with pytest.raises(FreshLogInNeeded):
        sign(desk, FIRM, number, logged_in_at=clock.real_now() - timedelta(minutes=11))

    assert places(desk, number)[0].signed_at is None


def test_a_contract_that_nobody_signed_in_time_lapses_and_takes_no_signature(desk: Desk) -> None:
    number = loan_contract(desk)
    case = f"LN{number[2:].split('-')[0]}"
    sign(desk, FIRM, number)

    ended = [call(desk, case, lapse_contract)["lapsed"] for _ in range(2)]

    assert ended == [[number], []] and contract(desk, number).state == LAPSED
    with pytest.raises(Conflict) as refused:
        sign(desk, FUNDER_SIGNATORY, number)
    assert "已经失效" in refused.value.text.zh


def test_what_is_in_force_does_not_lapse(desk: Desk) -> None:
    number = signing.signed_loan_contract(desk)

    assert call(desk, f"LN{number[2:].split('-')[0]}", lapse_contract)["lapsed"] == []
    assert contract(desk, number).state == IN_FORCE


def test_a_crash_after_the_signature_is_made_leaves_the_contract_as_it_was(desk: Desk) -> None:
    number = loan_contract(desk)
    before = contract(desk, number).document_sha256

    def die() -> None:
        raise SystemExit("the process was killed")

    e_signature.use(Interrupted(die))
    with pytest.raises(SystemExit):
        sign(desk, FIRM, number)
    assert contract(desk, number).document_sha256 == before and places(desk, number)[0].signed_at is None
    e_signature.use(e_signature.current().real)  # type: ignore[attr-defined]

    sign(desk, FIRM, number)

    assert signing.verify(desk, number).verdict == "unchanged"


def test_a_contract_that_lapses_while_somebody_signs_has_no_signature(desk: Desk) -> None:
    number = loan_contract(desk)
    case = f"LN{number[2:].split('-')[0]}"
    e_signature.use(Interrupted(lambda: call(desk, case, lapse_contract)))

    with pytest.raises(Conflict):
        sign(desk, FIRM, number)

    assert contract(desk, number).state == LAPSED and places(desk, number)[0].signed_at is None


def test_who_was_overtaken_by_another_party_signs_the_new_document(desk: Desk) -> None:
    case = signing.accepted_order(desk)
    notice = signing.generate(desk, case, {"contracts": '=["loan", "receivable_notice"]', "receivable": RECEIVABLE})[1]
    real, overtakers = e_signature.current(), [CONFIRMER]

    def overtake() -> None:
        if overtakers:
            sign(desk, overtakers.pop(), notice.number)

    e_signature.use(Interrupted(overtake))
    sign(desk, FIRM, notice.number)
    e_signature.use(real)
    sign(desk, FUNDER_SIGNATORY, notice.number)

    checked = signing.verify(desk, notice.number)
    assert [one.capacity for one in checked.signatures] == ["core_enterprise", "borrower", "funder"]
    assert checked.verdict == "unchanged" and contract(desk, notice.number).state == IN_FORCE


def test_of_two_who_sign_for_one_party_at_the_same_instant_one_wins(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = loan_contract(desk)

    results = at_once(*(lambda: sign(desk, FIRM, number) for _ in range(4)))

    assert sorted(type(one).__name__ for one in results) == ["Conflict"] * 3 + ["SignedContract"]
    assert len(signing.verify(desk, number).signatures) == 1
    assert signing.verify(desk, number).verdict == "unchanged"


def test_two_parties_who_sign_at_the_same_instant_both_sign(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    case = signing.accepted_order(desk)
    number = signing.generate(desk, case, {"contracts": '=["loan", "receivable_notice"]', "receivable": RECEIVABLE})[
        1
    ].number

    at_once(lambda: sign(desk, FIRM, number), lambda: sign(desk, CONFIRMER, number))

    assert {one.capacity for one in signing.verify(desk, number).signatures} == {"borrower", "core_enterprise"}
    assert signing.verify(desk, number).verdict == "unchanged"


def test_without_a_signature_service_nothing_is_signed_and_the_reason_is_said(desk: Desk) -> None:
    number = loan_contract(desk)
    e_signature.use(e_signature.NotConnected())

    with pytest.raises(SignatureServiceUnavailable) as refused:
        sign(desk, FIRM, number)

    assert "还没有接通" in refused.value.text.zh and files.get(contract(desk, number).document_sha256)
