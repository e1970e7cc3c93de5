"""A pattern is said in words, so that a wrong entry tells a person what is expected."""

from __future__ import annotations

import pytest

from app.forms.pattern_words import in_words
from tests.forms.form_files import MOMENT, form_of, text


@pytest.mark.parametrize(
    ("pattern", "zh", "en"),
    [
        ("^[0-9]{8}$", "8 位数字", "8 digits"),
        (r"\d{6,8}", "6 到 8 位数字", "6 to 8 digits"),
        ("^DK[0-9]{8,16}$", "DK，再加 8 到 16 位数字", "DK, then 8 to 16 digits"),
        ("^([0-9]{8}|[0-9]{20})$", "8 位数字，或者 20 位数字", "8 digits, or 20 digits"),
        ("[A-Za-z0-9]+", "至少 1 位字母或数字", "1 or more letters or digits"),
        ("[A-Z]-[0-9]{4}", "1 位大写字母，再加 -，再加 4 位数字", "1 capital letter, then -, then 4 digits"),
    ],
)
def test_a_pattern_is_said_in_words(pattern: str, zh: str, en: str) -> None:
    words = in_words(pattern)
    assert words is not None and (words.zh, words.of("en")) == (zh, en)


@pytest.mark.parametrize("pattern", ["(a+)+b", "[^0-9]{3}", "a.c", "ab?", "", "[0-9]{2}(x|y)z", "[0-9_]{3}"])
def test_what_has_no_plain_words_gives_none(pattern: str) -> None:
    assert in_words(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "description", "told"),
    [
        ("[0-9]{8}", "", "格式应为：8 位数字；填了 12a"),
        ("(a+)+b", "以 b 结尾", "格式应为：以 b 结尾；填了 12a"),
        ("(a+)+b", "", "格式不对，填了 12a"),
    ],
)
def test_a_wrong_entry_never_answers_with_the_pattern_itself(pattern: str, description: str, told: str) -> None:
    form = form_of(text("code", validate={"pattern": pattern}, description=description))
    (error,) = form.check({"code": "12a"}, {}, MOMENT).errors
    assert error.text.zh == told and pattern not in error.text.of("en")
