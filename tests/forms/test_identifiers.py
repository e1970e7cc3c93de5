"""Credit codes, identity cards, telephones and accounts: checked by their own rules, never repeated in a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms import mask
from tests.forms.form_files import checked, faults, form_of, text

CODE = form_of(text("n", kind="uscc"))
CARD = form_of(text("n", kind="id_card"))
PHONE = form_of(text("n", kind="phone"))
ACCOUNT = form_of(text("n", kind="bank_account"))


def test_a_valid_credit_code_is_taken_in_capitals_without_spaces() -> None:
    assert checked(CODE, {"n": " 9111 0000 6000 3734 1l "}).data == {"n": "91110000600037341L"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("91110000600037341M", "统一社会信用代码的校验位不对，请逐位核对一遍"),
        ("9111000060003734", "现在是 16 位，统一社会信用代码应为 18 位"),
        ("91110000600037341?", "统一社会信用代码只能有数字和大写字母"),
        ("A1110000600037341L", "统一社会信用代码只能有数字和除 I、O、S、V、Z 外的大写字母，前 8 位是数字"),
    ],
)
def test_a_wrong_credit_code_is_told_by_its_fault(typed: str, told: str) -> None:
    assert faults(CODE, {"n": typed}) == {"n": told}


def test_a_valid_identity_card_is_taken() -> None:
    assert checked(CARD, {"n": "360426199101010071"}).data == {"n": "360426199101010071"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("33010619790214002", "现在是 17 位，身份证号应为 18 位"),
        ("360426199101010072", "身份证号的校验位不对，请逐位核对一遍"),
        ("36042619910101007Z", "身份证号只能有数字，末位可为 X"),
        ("360426199113010079", "身份证号里的地区或出生日期不存在，请核对"),
    ],
)
def test_a_wrong_identity_card_is_told_by_its_fault_without_repeating_it(typed: str, told: str) -> None:
    assert faults(CARD, {"n": typed}) == {"n": told}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("139 0000 0186", "13900000186"), ("+86 139-0000-0186", "13900000186"), ("（0571）88886666", "0571-88886666")],
)
def test_telephones_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert checked(PHONE, {"n": typed}).data == {"n": kept}


@pytest.mark.parametrize("typed", ["12345", "2390000018", "139000001866", "abc"])
def test_what_is_no_telephone_is_refused(typed: str) -> None:
    assert "11 位手机号" in faults(PHONE, {"n": typed})["n"]


def test_accounts_have_8_to_30_digits() -> None:
    assert checked(ACCOUNT, {"n": "6222 0212 0200 1234 567"}).data == {"n": "6222021202001234567"}
    assert faults(ACCOUNT, {"n": "1234"}) == {"n": "现在是 4 位，银行账号应为 8-30 位"}


@pytest.mark.parametrize(
    ("kind", "number", "masked"),
    [
        ("phone", "13800001208", "138****1208"),
        ("id_card", "330106197902140022", "330106********0022"),
        ("bank_account", "6222021202001234567", "***************4567"),
        ("text", "陈美华", "陈**"),
    ],
)
def test_masks_show_enough_to_recognise(kind: str, number: str, masked: str) -> None:
    assert mask(kind, number) == masked


@given(st.sampled_from(["phone", "id_card", "uscc", "bank_account", "text"]), st.text(min_size=1, max_size=40))
def test_a_mask_never_shows_the_whole(kind: str, text: str) -> None:
    assert "*" in mask(kind, text)


@given(st.text(max_size=30))
def test_any_text_gives_a_number_or_a_message(typed: str) -> None:
    for form in (CODE, CARD, PHONE, ACCOUNT):
        result = checked(form, {"n": typed})
        assert bool(result.errors) or "n" in result.data
