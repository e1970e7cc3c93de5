"""The catalogue of what a form says about an entry: what was entered and what is allowed, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.texts import Text

QUOTED_CHARACTERS = 40


def quoted(entered: object) -> str:
    """What was entered, short enough to be read in a message."""
    text = " ".join(str(entered).split())
    return text if len(text) <= QUOTED_CHARACTERS else text[: QUOTED_CHARACTERS - 1] + "…"


def required() -> Text:
    return Text("这里必填，还没有填", "Required; nothing was entered yet")


def same_as(other: Text, entered: object) -> Text:
    return Text(
        f"不能与“{other.zh}”相同，填的是“{quoted(entered)}”",
        f'It must differ from "{other.of("en")}"; "{quoted(entered)}" was entered',
    )


def choose_one() -> Text:
    return Text("请选一项", "Choose one")


def choose_some() -> Text:
    return Text("请至少选一项", "Choose at least one")


def tick_this() -> Text:
    return Text("需要勾选后才能继续", "This has to be ticked to go on")


def upload_this() -> Text:
    return Text("还没有上传", "Nothing was uploaded yet")


def unknown_choice(entered: object, allowed: Sequence[Text]) -> Text:
    zh = "、".join(item.zh for item in allowed[:6])
    en = ", ".join(item.of("en") for item in allowed[:6])
    return Text(f"只能选：{zh}；收到的是 {quoted(entered)}", f"Choose one of: {en}; received {quoted(entered)}")


def not_a_number(entered: object) -> Text:
    return Text(
        f"要填数字，例如 1,500.00；填了 {quoted(entered)}",
        f"A number is needed, for example 1,500.00; entered {quoted(entered)}",
    )


def bad_grouping(entered: object) -> Text:
    return Text(
        f"逗号只能每三位隔一个，例如 1,500,000；填了 {quoted(entered)}",
        f"Commas may only separate thousands, for example 1,500,000; entered {quoted(entered)}",
    )


def not_whole(entered: object) -> Text:
    return Text(f"要填整数，填了 {quoted(entered)}", f"A whole number is needed; entered {quoted(entered)}")


def too_many_decimals(entered: object, places: int) -> Text:
    if not places:
        return not_whole(entered)
    return Text(
        f"最多 {places} 位小数，填了 {quoted(entered)}", f"At most {places} decimal places; entered {quoted(entered)}"
    )


def too_many_digits(entered: object, digits: int) -> Text:
    return Text(
        f"整数部分最多 {digits} 位，填了 {quoted(entered)}",
        f"At most {digits} digits before the point; entered {quoted(entered)}",
    )


def above(limit: Text, entered: Text) -> Text:
    return Text(f"最高 {limit.zh}，填了 {entered.zh}", f"At most {limit.of('en')}; entered {entered.of('en')}")


def below(limit: Text, entered: Text) -> Text:
    return Text(f"最低 {limit.zh}，填了 {entered.zh}", f"At least {limit.of('en')}; entered {entered.of('en')}")


def too_late(limit: date | str, entered: date | str) -> Text:
    return Text(f"最晚 {limit}，填了 {entered}", f"Not later than {limit}; entered {entered}")


def too_early(limit: date | str, entered: date | str) -> Text:
    return Text(f"最早 {limit}，填了 {entered}", f"Not earlier than {limit}; entered {entered}")


def not_a_time(entered: object) -> Text:
    return Text(
        f"要填时间，例如 14:30；填了 {quoted(entered)}",
        f"A time is needed, for example 14:30; entered {quoted(entered)}",
    )


def not_a_date(entered: object) -> Text:
    return Text(
        f"要填日期，例如 2026-11-25；填了 {quoted(entered)}",
        f"A date is needed, for example 2026-11-25; entered {quoted(entered)}",
    )


def too_short(limit: int, length: int) -> Text:
    return Text(f"至少 {limit} 个字，现在 {length} 个", f"At least {limit} characters; now {length}")


def too_long(limit: int, length: int) -> Text:
    return Text(f"最多 {limit} 个字，现在 {length} 个", f"At most {limit} characters; now {length}")


def wrong_pattern(wanted: Text, entered: object) -> Text:
    """`wanted` is what may be entered, in words; empty where nobody has said it."""
    if not wanted.zh:
        return Text(f"格式不对，填了 {quoted(entered)}", f"The format is wrong; entered {quoted(entered)}")
    return Text(
        f"格式应为：{wanted.zh}；填了 {quoted(entered)}", f"The format is: {wanted.of('en')}; entered {quoted(entered)}"
    )


def wrong_length(name: Text, length: int, allowed: str) -> Text:
    """For personal numbers, which a message never repeats."""
    return Text(f"现在是 {length} 位，{name.zh}应为 {allowed} 位", f"{allowed} characters are needed; now {length}")


def wrong_characters(name: Text, allowed: Text) -> Text:
    return Text(f"{name.zh}只能有{allowed.zh}", f"Only {allowed.of('en')} may stand in {name.of('en')}")


def wrong_check_digit(name: Text) -> Text:
    return Text(
        f"{name.zh}的校验位不对，请逐位核对一遍",
        f"The check digit of {name.of('en')} does not fit; compare it digit by digit",
    )


def wrong_part(name: Text) -> Text:
    return Text(
        f"{name.zh}里的地区或出生日期不存在，请核对",
        f"The region or date of birth in {name.of('en')} does not exist; please check it",
    )


def not_a_phone() -> Text:
    return Text(
        "要填 11 位手机号，或带区号的座机号，例如 0571-88886666",
        "A mobile number of 11 digits is needed, or a landline with its area code such as 0571-88886666",
    )


def not_an_email(entered: object) -> Text:
    return Text(
        f"要填电子邮箱，例如 name@example.com；填了 {quoted(entered)}",
        f"An e-mail address is needed; entered {quoted(entered)}",
    )


def enter_again() -> Text:
    """For a personal number that a draft kept though it was incomplete or wrong."""
    return Text(
        "草稿里填的不完整或不正确，请重新填写", "What the draft kept is incomplete or wrong; please enter it again"
    )


def not_text(entered: object) -> Text:
    return Text("这里只能填文字", "Only text can be entered here")


def not_a_document(entered: object) -> Text:
    return Text(f"不认识这份文件：{quoted(entered)}", f"This document is not known: {quoted(entered)}")


def too_many_files(limit: int, count: int) -> Text:
    return Text(f"最多 {limit} 份文件，现在 {count} 份", f"At most {limit} files; now {count}")


def too_few_files(limit: int, count: int) -> Text:
    return Text(f"至少 {limit} 份不同的文件，现在 {count} 份", f"At least {limit} different files; now {count}")


def does_not_agree() -> Text:
    return Text("与表中其他各项对不上", "It does not agree with the other entries")


def too_few_rows(limit: int, count: int) -> Text:
    return Text(f"至少 {limit} 笔，现在 {count} 笔", f"At least {limit} entries; now {count}")


def too_many_rows(limit: int, count: int) -> Text:
    return Text(f"最多 {limit} 笔，现在 {count} 笔", f"At most {limit} entries; now {count}")


def too_much(limit: int) -> Text:
    return Text(
        f"整张表最多 {limit:,} 个字，请删减后再提交",
        f"The whole form holds at most {limit:,} characters; please shorten it",
    )


def bound_unknown(names: Sequence[str]) -> Text:
    shown = ", ".join(names)
    return Text(
        f"这一项的上下限现在算不出来（缺 {shown}），没有提交；请联系管理员",
        f"This bound cannot be computed now ({shown} is missing), nothing was submitted; tell an administrator",
    )


def many(limit: Decimal) -> Text:
    """A plain number as both languages write it."""
    return Text(f"{limit:,f}")
