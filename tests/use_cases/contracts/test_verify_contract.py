"""Verification: who signed and when, and that every changed byte is found."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.errors import NotFound
from app.gateways import clock, files
from app.gateways.demo_signatures import DemoSignatures
from app.gateways.e_signature import NoSignedDocument, Signatory
from app.use_cases.administration.make_backup import make_backup
from app.use_cases.administration.restore_backup import restore_backup
from app.use_cases.contracts.verify_contract import ContractCheck, verify_document
from tests.databases import SECRETS
from tests.databases import settings as installation
from tests.desk import FIRM, FUNDER_SIGNATORY, OTHER_FIRM, PDF, Desk
from tests.soak import LENGTH, soaking
from tests.use_cases import small_processes
from tests.use_cases.contracts import signing
from tests.use_cases.contracts.signing import flipped
from tests.use_cases.small_processes import operation, publish_drawings, straight

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def checked(desk: Desk, content: bytes) -> ContractCheck:
    with desk.app.app_context():
        return verify_document(content)


def test_a_signed_contract_is_valid_and_says_who_signed_when(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = signing.signed_loan_contract(desk)

    found = signing.verify(desk, number)

    assert found.verdict == "unchanged"
    assert [(one.organisation, one.person, one.signed_at) for one in found.signatures] == [
        ("清溪织造有限公司", "陈静", NOW),
        ("之江银行", "钱蓉", NOW),
    ]
    assert found.signatures[0].credit_code == "91330500MA2D3M005D"


def test_the_file_that_a_party_holds_is_known_byte_for_byte(desk: Desk) -> None:
    number = signing.signed_loan_contract(desk)

    found = checked(desk, signing.document(desk, number))

    assert (found.verdict, found.number) == ("unchanged", number)


@pytest.mark.soak
def test_any_changed_byte_of_a_signed_contract_is_found(desk: Desk) -> None:
    signed = signing.document(desk, signing.signed_loan_contract(desk))

    @soaking(20)
    @given(st.integers(0, len(signed) - 1), st.integers(0, 7))
    def one_bit(at: int, bit: int) -> None:
        with suppress(NoSignedDocument):  # no longer a PDF: found as well
            assert checked(desk, flipped(signed, at, bit)).verdict == "changed"

    one_bit()


@pytest.mark.soak
def test_bytes_of_the_last_signature_itself_cannot_be_changed_unseen(desk: Desk) -> None:
    signed = signing.document(desk, signing.signed_loan_contract(desk))
    gap = signed.rindex(b"/Contents <") + len(b"/Contents <")

    for at in range(gap, signed.index(b">", gap), 397 if LENGTH > 1 else 1589):
        with suppress(NoSignedDocument):
            assert checked(desk, flipped(signed, at)).verdict == "changed", at


def test_what_is_added_after_the_last_signature_is_found(desk: Desk) -> None:
    signed = signing.document(desk, signing.signed_loan_contract(desk))

    assert checked(desk, signed + b"\n% a note\n").verdict == "changed"


def test_an_earlier_state_of_the_contract_is_still_what_was_signed(desk: Desk) -> None:
    number = signing.loan_contract(desk)
    signing.sign(desk, FIRM, number)
    half = signing.document(desk, number)
    signing.sign(desk, FUNDER_SIGNATORY, number)

    found = checked(desk, half)

    assert (found.verdict, len(found.signatures)) == ("unchanged", 1)


def test_a_signer_whom_the_authority_does_not_know_is_named_as_unknown(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    number = signing.loan_contract(desk)
    stranger = DemoSignatures(tmp_path_factory.mktemp("other"))
    forged = stranger.sign(
        signing.document(desk, number), Signatory("陈静", "清溪织造有限公司", "", "borrower", 0), "假", NOW
    )

    found = checked(desk, forged.content)

    assert (found.verdict, found.number) == ("unknown_signer", None)


@pytest.mark.parametrize("content", [b"", b"%PDF", PDF, b"\0" * 1000, b"PK\3\4" + b"x" * 500])
def test_what_is_no_signed_pdf_is_refused_in_words(desk: Desk, content: bytes) -> None:
    with pytest.raises(NoSignedDocument):
        checked(desk, content)


def test_a_file_changed_on_the_disk_is_said_to_be_changed(desk: Desk) -> None:
    number = signing.signed_loan_contract(desk)
    path = files.path_of(signing.contract(desk, number).document_sha256)
    path.write_bytes(flipped(path.read_bytes(), 5000))

    assert signing.verify(desk, number).verdict == "changed"


def test_only_parties_may_verify_what_is_kept(desk: Desk) -> None:
    number = signing.loan_contract(desk)

    with pytest.raises(NotFound):
        signing.verify(desk, number, OTHER_FIRM)


def guarded(desk: Desk, number: str, name: str) -> list[str]:
    """What stops a drawing that requires all contracts of the contract's case; [] where it passes."""
    case = f"LN{number[2:].split('-')[0]}"
    publish_drawings(desk, straight(name, operation("p1", "require_contracts")))
    small_processes.start(desk, name, case)
    desk.work()
    return [incident.cause_zh for incident in desk.incidents(case)]


def test_the_guard_before_money_waits_for_every_signature(desk: Desk) -> None:
    number = signing.loan_contract(desk)
    signing.sign(desk, FIRM, number)

    (cause,) = guarded(desk, number, "too_early")
    assert f"合同还没有全部签署：{number}" in cause


def test_the_guard_before_money_passes_signed_contracts(desk: Desk) -> None:
    assert guarded(desk, signing.signed_loan_contract(desk), "in_time") == []


def test_the_guard_before_money_stops_at_a_changed_file(desk: Desk) -> None:
    number = signing.signed_loan_contract(desk)
    path = files.path_of(signing.contract(desk, number).document_sha256)
    path.write_bytes(flipped(path.read_bytes(), 5000))

    (cause,) = guarded(desk, number, "changed")
    assert "在签署后被改动" in cause


def test_signatures_stay_valid_in_an_installation_restored_elsewhere(desk: Desk, tmp_path: Path) -> None:
    number, file = signing.signed_loan_contract(desk), tmp_path / "all.tar.zst"
    with desk.app.app_context():
        make_backup(file, SECRETS["PARTY_KEY"], "correct horse")

    elsewhere = create_app(installation(tmp_path / "elsewhere", f"sqlite:///{tmp_path / 'elsewhere.db'}"))
    with elsewhere.app_context():
        restore_backup(file, SECRETS["PARTY_KEY"], None, "correct horse")

    assert signing.verify(Desk(elsewhere), number).verdict == "unchanged"
