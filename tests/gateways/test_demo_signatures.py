"""The sandbox of the signature service: an authority made once and kept secret, signatures that pyHanko checks."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.gateways.demo_authority import kept_authority
from app.gateways.demo_signatures import DemoSignatures
from app.gateways.e_signature import NoSignedDocument, Signatory
from app.gateways.typesetting import TypesettingFailed, typeset

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BORROWER = Signatory("陈静", "清溪织造有限公司", "91330500MA2D3M005D", "borrower", 0)
FUNDER = Signatory("钱蓉", "之江银行", "91330100MA2D3M001C", "funder", 1)
SEAL = {"organisation": "清溪", "person": "陈静", "signed_at": "2026", "serial": "1", "authority": "#panic()"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> DemoSignatures:
    return DemoSignatures(tmp_path_factory.mktemp("keys"))


def page(at: datetime = NOW) -> bytes:
    """Some document: data are printed as they are, whatever they look like."""
    return typeset("seal", SEAL, at)


def test_the_authoritys_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    kept_authority(tmp_path / "keys")

    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_processes_that_start_at_once_get_the_same_authority(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: kept_authority(tmp_path), range(4)))

    assert len({one.root.certificate.serial_number for one in made}) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_what_was_signed_before_a_restart_is_valid_after_it(tmp_path: Path) -> None:
    signed = DemoSignatures(tmp_path).sign(page(), BORROWER, "签署", NOW).content

    assert DemoSignatures(tmp_path).verify(signed).unchanged


def test_each_signature_has_a_certificate_and_a_stamped_time_of_its_own(service: DemoSignatures) -> None:
    later = datetime(2027, 3, 1, tzinfo=UTC)
    first = service.sign(page(), BORROWER, "签署", NOW)
    second = service.sign(first.content, FUNDER, "签署", later)

    found = service.verify(second.content)

    assert found.unchanged and [one.signed_at for one in found.signatures] == [NOW, later]
    assert [one.certificate_serial for one in found.signatures] == [first.certificate_serial, second.certificate_serial]
    assert [(one.capacity, one.person, one.organisation) for one in found.signatures] == [
        ("borrower", "陈静", "清溪织造有限公司"),
        ("funder", "钱蓉", "之江银行"),
    ]


def test_a_certificate_long_expired_still_proves_what_was_signed_in_its_time(service: DemoSignatures) -> None:
    signed = service.sign(page(), BORROWER, "签署", datetime(2001, 5, 1, tzinfo=UTC)).content

    assert service.verify(signed).unchanged


@pytest.mark.parametrize("on", ["2028-03-01", "2049-12-30"])
def test_what_is_signed_on_a_moved_business_date_is_valid(service: DemoSignatures, on: str) -> None:
    ahead = datetime.fromisoformat(f"{on}T02:00:00+00:00")
    first = service.sign(page(ahead), BORROWER, "借款", ahead)

    both = service.sign(first.content, FUNDER, "放款", ahead)

    found = service.verify(both.content)
    assert [(one.state, one.signed_at) for one in found.signatures] == [("valid", ahead)] * 2 and found.unchanged


def test_changing_what_the_first_signature_covers_breaks_the_second_too(service: DemoSignatures) -> None:
    signed = service.sign(service.sign(page(), BORROWER, "签署", NOW).content, FUNDER, "签署", NOW).content
    changed = bytearray(signed)
    changed[700] ^= 1

    found = service.verify(bytes(changed))

    assert not found.unchanged and {one.state for one in found.signatures} == {"changed"}


def test_a_document_without_a_signature_is_said_to_have_none(service: DemoSignatures) -> None:
    with pytest.raises(NoSignedDocument) as refused:
        service.verify(page())

    assert "没有电子签名" in refused.value.text.zh


def test_the_same_data_and_time_are_the_same_bytes_and_another_time_is_not() -> None:
    assert page() == page() != page(datetime(2026, 11, 24, tzinfo=UTC))


def test_data_that_a_template_misses_are_named() -> None:
    with pytest.raises(TypesettingFailed) as refused:
        typeset("seal", {"organisation": "清溪"}, NOW)

    assert "seal" in refused.value.text.zh and "person" in refused.value.text.zh
