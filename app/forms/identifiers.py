"""Numbers that name a firm, a person, a telephone or an account in China: their check and how they are masked."""

from __future__ import annotations

import re

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, ValidationError

from app.forms import messages
from app.forms.numbers import FULL_WIDTH, Unreadable
from app.texts import Text

USCC = Text("统一社会信用代码", "the unified social credit code")
ID_CARD = Text("身份证号", "the identity card number")
BANK_ACCOUNT = Text("银行账号", "the account number")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"(0[1-9][0-9]{1,2})-?([2-9][0-9]{6,7})(-[0-9]{1,6})?")
ACCOUNT = re.compile(r"[0-9]{8,30}")
LETTERS_AND_DIGITS = re.compile(r"[0-9A-Z]*")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")


def compact(text: str) -> str:
    """Without spaces, hyphens and full-width forms, in capitals."""
    wide = {code: code - 0xFEE0 for code in [*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
    return re.sub(r"[\s-]", "", text.translate(FULL_WIDTH).translate(wide)).upper()


def credit_code(text: str) -> str:
    """A unified social credit code (GB 32100-2015) with its check digit."""
    number = compact(text)
    if not LETTERS_AND_DIGITS.fullmatch(number):
        raise Unreadable(messages.wrong_characters(USCC, Text("数字和大写字母", "digits and capital letters")))
    if len(number) != 18:
        raise Unreadable(messages.wrong_length(USCC, len(number), "18"))
    try:
        return str(uscc.validate(number))
    except InvalidChecksum:
        raise Unreadable(messages.wrong_check_digit(USCC)) from None
    except ValidationError:
        allowed = Text(
            "数字和除 I、O、S、V、Z 外的大写字母，前 8 位是数字",
            "digits and capitals except I, O, S, V, Z; digits first",
        )
        raise Unreadable(messages.wrong_characters(USCC, allowed)) from None


def id_card(text: str) -> str:
    """A resident identity card number (GB 11643-1999) with region, date of birth and check digit."""
    number = compact(text)
    if len(number) != 18:
        raise Unreadable(messages.wrong_length(ID_CARD, len(number), "18"))
    try:
        if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
            raise InvalidFormat()
        return str(ric.validate(number))
    except InvalidFormat:
        raise Unreadable(
            messages.wrong_characters(ID_CARD, Text("数字，末位可为 X", "digits, and X at the end"))
        ) from None
    except InvalidChecksum:
        raise Unreadable(messages.wrong_check_digit(ID_CARD)) from None
    except InvalidComponent:
        raise Unreadable(messages.wrong_part(ID_CARD)) from None


def phone(text: str) -> str:
    """A mobile number of mainland China, or a landline as 0571-88886666."""
    number = re.sub(r"[\s()（）]", "", text.translate(FULL_WIDTH)).removeprefix("+86")
    if MOBILE.fullmatch(number.replace("-", "")):
        return number.replace("-", "")
    landline = LANDLINE.fullmatch(number)
    if not landline:
        raise Unreadable(messages.not_a_phone())
    return f"{landline[1]}-{landline[2]}{landline[3] or ''}"


def bank_account(text: str) -> str:
    """An account number of a firm or a person: 8 to 30 digits (corporate accounts have no common check digit)."""
    number = compact(text)
    if not number.isascii() or not number.isdigit():
        raise Unreadable(messages.wrong_characters(BANK_ACCOUNT, Text("数字", "digits")))
    if not ACCOUNT.fullmatch(number):
        raise Unreadable(messages.wrong_length(BANK_ACCOUNT, len(number), "8-30"))
    return number


def email(text: str) -> str:
    """An e-mail address of the usual form."""
    address = text.translate(FULL_WIDTH)
    if not EMAIL.fullmatch(address):
        raise Unreadable(messages.not_an_email(text))
    return address


def mask(kind: str, text: str) -> str:
    """What may be shown of a personal number: enough to recognise it, not enough to use it.

    138****1208 for telephones, 330106********2002 for identity cards, the last four digits of an account, the
    family name of a person, and for anything else its first and last character.
    """
    if not text:
        return ""
    heads_tails = {"phone": (3, 4), "id_card": (6, 4), "uscc": (8, 2), "bank_account": (0, 4)}
    head, tail = heads_tails.get(kind, (1, 1 if len(text) > 3 else 0))
    hidden = len(text) - head - tail
    if hidden < 1:
        return "*" * max(len(text), 4)
    return text[:head] + "*" * hidden + (text[-tail:] if tail else "")
