"""Logs are JSON lines with the request's id, and no personal number stands in them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from app import logs

PHONE, IDENTITY, BANK = "13812345678", "110101199003070011", "6222021234567890123"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def last(lines: io.StringIO) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(lines.getvalue().splitlines()[-1])
    return entry


def test_each_line_carries_the_requests_id(lines: io.StringIO) -> None:
    logs.begin_request("abc-1")

    structlog.get_logger("loan").info("task completed", task=7)

    entry = last(lines)
    assert (entry["event"], entry["task"], entry["request_id"], entry["level"]) == (
        "task completed",
        7,
        "abc-1",
        "info",
    )


def test_a_library_that_logs_the_usual_way_writes_the_same_lines(lines: io.StringIO) -> None:
    logs.begin_request("abc-2")

    logging.getLogger("some.library").warning("call %s", PHONE)

    entry = last(lines)
    assert (entry["event"], entry["request_id"]) == ("call [phone ..78]", "abc-2")


@pytest.mark.parametrize("offered", ["a b", "x" * 65, "a\nb", "", None, "身份"])
def test_a_request_id_from_outside_must_be_a_plain_word(offered: str | None) -> None:
    given_id = logs.begin_request(offered)

    assert given_id != offered and len(given_id) == 32


@pytest.mark.parametrize(
    "value",
    [
        PHONE,
        f"手机{PHONE}。",
        f"+86{PHONE}",
        "138-1234-5678",
        "138 1234 5678",
        int(PHONE),
        IDENTITY,
        f"身份证{IDENTITY}",
        f"ID{IDENTITY}",
        "11010119900307001X",
        BANK,
        "6222 0212 3456 7890 123",
        f"账号{BANK}",
        [{"deep": (PHONE, {IDENTITY: 1})}],
    ],
    ids=repr,
)
def test_personal_numbers_are_masked_wherever_they_stand(lines: io.StringIO, value: Any) -> None:
    structlog.get_logger("loan").info("x", value=value)

    written = lines.getvalue().replace(" ", "").replace("-", "")
    assert "[" in last(lines)["value"].__str__()
    assert all(number not in written for number in (PHONE, IDENTITY, "11010119900307001X", BANK))


def test_a_traceback_is_masked_too(lines: io.StringIO) -> None:
    try:
        raise ValueError(f"bad {IDENTITY}")
    except ValueError:
        structlog.get_logger("loan").exception("failed")

    assert IDENTITY not in lines.getvalue() and "ValueError: bad [id ..11]" in last(lines)["exception"]


@pytest.mark.parametrize(
    "value",
    [
        "LN20261121000123",
        "9133010012345678XX",
        1763754000,
        "2026-11-21T19:39:00.123456Z",
        "1000000.00",
        "0.1234567890123456",
        "3f2b8d5a9c00112233445566778899aabbccddeeff00112233445566778899aa",
    ],
    ids=repr,
)
def test_other_numbers_stay_readable(lines: io.StringIO, value: Any) -> None:
    structlog.get_logger("loan").info("x", value=value)

    assert last(lines)["value"] == value


@given(prefix=st.text(alphabet="客户电话 :：,（", max_size=5), suffix=st.text(alphabet="客户 ,。）x", max_size=5))
def test_a_phone_number_is_masked_in_any_surrounding(prefix: str, suffix: str) -> None:
    assert PHONE not in logs.mask_text(prefix + PHONE + suffix)
