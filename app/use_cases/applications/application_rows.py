"""Reads a file of applications: its encoding, its header, and each row checked on its own."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import category

from marshmallow import Schema, ValidationError, fields
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength
from stdnum.exceptions import ValidationError as WrongNumber

from app.errors import ProductError
from app.plain import dumps
from app.texts import Text
from app.use_cases.applications.industries import section_of_naics

MAX_ROWS = 20_000
MAX_BYTES = 20 * 1024 * 1024
MAX_COLUMNS = 100
ENCODINGS = ("utf-8-sig", "gb18030")
YES_NO = {"yes": True, "no": False, "是": True, "否": False}
_PHONE = re.compile(r"1[3-9][0-9]{9}\Z")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?\Z")
_WHOLE = re.compile(r"[0-9]{1,7}\Z")


class FileRefused(ProductError):
    """The file as a whole cannot be read: its encoding, its header or its size; nothing was started."""


@dataclass(frozen=True)
class RowFault:
    """Why a row was refused: the line of the file (the header is line 1), the column, and what is expected there."""

    line: int
    column: str
    text: Text


@dataclass(frozen=True)
class Row:
    """A good row; `key` is the hash of its normal form, so that the same row is known again."""

    line: int
    key: str
    values: dict[str, Any]


def _refuse(zh: str, en: str) -> ValidationError:
    return ValidationError([Text(zh, en)])


class _Words(fields.Field[str]):
    """Text with its blanks made single."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        words = " ".join(str(value).split())
        if not words:
            raise _refuse("不能为空。", "This must not be empty.")
        if any(category(c) in ("Cc", "Cf") for c in words):  # PostgreSQL does not take all, pages would be misread
            raise _refuse("不能含有控制字符。", "Control characters are not allowed.")
        if len(words) > self.longest:
            raise _refuse(f"最多 {self.longest} 个字符。", f"At most {self.longest} characters are allowed.")
        return words


class _CreditCode(fields.Field[str]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return str(uscc.validate(value))
        except InvalidLength:
            raise _refuse(
                f"应为 18 位，现在是 {len(value.strip())} 位。",
                f"18 characters are expected; these are {len(value.strip())}.",
            ) from None
        except InvalidChecksum:
            raise _refuse(f"“{value}”的校验位不对。", f'The check digit of "{value}" is wrong.') from None
        except WrongNumber:
            raise _refuse(f"“{value}”不是统一社会信用代码。", f'"{value}" is no unified social credit code.') from None


class _Industry(fields.Field[str]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = value.strip()
        if not code.isdecimal() or len(code) != 6 or section_of_naics(code) is None:
            raise _refuse(f"“{value}”不是六位 NAICS 行业代码。", f'"{value}" is no NAICS industry code of six digits.')
        return str(code)


class _YesNo(fields.Field[bool]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        found = YES_NO.get(value.strip().lower())
        if found is None:
            raise _refuse("只能填 yes 或 no（是或否）。", "Only yes or no is allowed.")
        return found


class _Whole(fields.Field[int]):
    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        text = value.strip()
        if not _WHOLE.match(text) or not self.least <= int(text) <= self.most:
            raise _refuse(
                f"“{value}”不行，应为 {self.least} 到 {self.most} 的整数。",
                f'"{value}" does not fit; a whole number from {self.least} to {self.most} is expected.',
            )
        return int(text)


class _Yuan(fields.Field[Decimal]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        text = value.strip()
        if not _AMOUNT.match(text) or Decimal(text) <= 0:
            raise _refuse(
                f"“{value}”不行，应为大于 0、最多两位小数的金额（元），不带千分号。",
                f'"{value}" does not fit; an amount in yuan above 0 with at most two places and no commas is expected.',
            )
        return Decimal(text).quantize(Decimal("0.01"))


class _Phone(fields.Field[str]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = value.strip()
        if not _PHONE.match(text):  # what was given stays out of the message: it may be somebody's number
            raise _refuse("应为 11 位手机号。", "A mobile number of 11 digits is expected.")
        return str(text)


class _PastDay(fields.Field[date]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            raise _refuse(
                f"“{value}”不是日期，应为 2026-11-30 的形式。", f'"{value}" is no date like 2026-11-30.'
            ) from None
        if day > self.context_today():
            raise _refuse(f"{day} 在今天之后。", f"{day} is after today.")
        return day

    def context_today(self) -> date:
        """The business date that the schema was made for."""
        today = getattr(self.root, "today", None)
        assert isinstance(today, date)
        return today


class _Product(fields.Field[str]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        key = value.strip()
        offered: Collection[str] = getattr(self.root, "products", ())
        if key not in offered:
            allowed = ", ".join(sorted(offered))
            raise _refuse(
                f"没有产品“{value}”，可选：{allowed}。", f'There is no product "{value}"; allowed are {allowed}.'
            )
        return str(key)


class RowSchema(Schema):
    """One row of the file; `products` are the keys that may be asked for, `today` the business date."""

    company_name = _Words(200)
    unified_social_credit_code = _CreditCode()
    industry_naics = _Industry()
    established_new = _YesNo()
    employees = _Whole(0, 1_000_000)
    province = _Words(100)
    city = _Words(100)
    product = _Product()
    amount_yuan = _Yuan()
    term_months = _Whole(1, 600)
    purpose = _Words(100)
    contact_phone = _Phone()
    submitted_on = _PastDay()

    def __init__(self, products: Collection[str], today: date) -> None:
        super().__init__()
        self.products, self.today = products, today


COLUMNS = tuple(RowSchema._declared_fields)


def read_rows(content: bytes, products: Collection[str], today: date) -> Iterator[Row | list[RowFault]]:
    """Each row of the file, good or with all its faults; raises FileRefused before the first row."""
    lines = _lines(_decoded(content))
    header = _header(next(lines, (1, []))[1])
    return _checked(lines, header, RowSchema(products, today))


def _checked(
    lines: Iterator[tuple[int, list[str]]], header: list[str], schema: RowSchema
) -> Iterator[Row | list[RowFault]]:
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            text = Text(
                f"应有 {len(header)} 列，这一行有 {len(cells)} 列。",
                f"{len(header)} columns are expected; this line has {len(cells)}.",
            )
            yield [RowFault(line, header[min(len(cells), len(header) - 1)], text)]
            continue
        try:
            values: dict[str, Any] = schema.load(dict(zip(header, cells, strict=True)))
        except ValidationError as error:
            messages: dict[str, list[Text]] = error.messages  # type: ignore[assignment]
            yield [RowFault(line, name, messages[name][0]) for name in header if name in messages]
        else:
            yield Row(line, _key(values), values)


def _key(values: dict[str, Any]) -> str:
    normal = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return f"csv:{hashlib.sha256(dumps(normal)).hexdigest()}"


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise FileRefused(
            f"文件超过 {MAX_BYTES >> 20} MB，请分成几个。", f"The file has more than {MAX_BYTES >> 20} MB; split it."
        )
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("文件编码应为 UTF-8 或 GB18030。", "The file must be encoded in UTF-8 or GB18030.")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of the line on which each row begins, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for number, cells in enumerate(reader):
            if number > MAX_ROWS:
                raise FileRefused(
                    f"文件超过 {MAX_ROWS} 行，请分成几个。", f"The file has more than {MAX_ROWS} rows; split it."
                )
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(f"第 {begins} 行不是 CSV：{error}。", f"Line {begins} is no CSV: {error}.") from error


def _header(cells: list[str]) -> list[str]:
    if len(cells) > MAX_COLUMNS:
        raise FileRefused(
            f"表头有 {len(cells)} 列，最多 {MAX_COLUMNS} 列。",
            f"The header has {len(cells)} columns; at most {MAX_COLUMNS} are allowed.",
        )
    names = [cell.strip().lower() for cell in cells]
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults = [
        (zh, en, found)
        for zh, en, found in (
            ("缺少列", "missing columns", missing),
            ("不认识的列", "unknown columns", unknown),
            ("重复的列", "columns that stand twice", twice),
        )
        if found
    ]
    if faults:
        raise FileRefused(
            "表头不对，" + "；".join(f"{zh}：{'、'.join(found)}" for zh, _en, found in faults) + "。",
            "The header is not right: " + "; ".join(f"{en}: {', '.join(found)}" for _zh, en, found in faults) + ".",
        )
    return names
