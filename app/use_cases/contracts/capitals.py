"""Amounts in Chinese capitals, as contracts and payment papers write them."""

from __future__ import annotations

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
GROUP = 10_000
LIMIT = Decimal(10) ** 16


def in_capitals(amount: Decimal) -> str:
    """Decimal("1200000.00") as "壹佰贰拾万元整", Decimal("1409.50") as "壹仟肆佰零玖元伍角".

    After the rules for filling in bills and settlement vouchers (支付结算办法, annex 1): one 零 for zeros between
    digits, none at the end, 整 where no jiao or fen follow. ValueError for a negative amount, a part of a fen, or 10^16
    yuan and more.
    """
    fen = amount * 100
    if not amount.is_finite() or not 0 <= amount < LIMIT or fen != int(fen):
        raise ValueError("an amount in yuan from zero, below 10^16, without parts of a fen")
    yuan, rest = divmod(int(fen), 100)
    jiao, cents = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{words or '零元'}整"
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif words:
        words += DIGITS[0]
    return words + (f"{DIGITS[cents]}分" if cents else "")


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, GROUP)
        groups.append(group)
    words = ""
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            continue
        # a zero is read where the digit before this group's first one is a zero: a gap inside or above it
        gap = bool(words) and (group < GROUP // 10 or not groups[index + 1])
        words += (DIGITS[0] if gap else "") + _group(group) + GROUPS[index]
    return words


def _group(number: int) -> str:
    words, zero = "", False
    for place in range(len(PLACES) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += (DIGITS[0] if zero and words else "") + DIGITS[digit] + PLACES[place]
        zero = not digit
    return words
