"""A signature holds for exactly one method, path, body and time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.signatures import WINDOW, fault, signed

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECRET = "s" * 40


def test_what_was_signed_holds() -> None:
    assert fault(SECRET, "POST", "/a", b"x", signed("c", SECRET, "POST", "/a", b"x", NOW), NOW) is None


@pytest.mark.parametrize(
    ("method", "path", "body", "secret", "late", "found"),
    [
        ("GET", "/a", b"x", SECRET, timedelta(0), "wrong"),
        ("POST", "/b", b"x", SECRET, timedelta(0), "wrong"),
        ("POST", "/a", b"y", SECRET, timedelta(0), "wrong"),
        ("POST", "/a", b"x", "t" * 40, timedelta(0), "wrong"),
        ("POST", "/a", b"x", SECRET, WINDOW + timedelta(seconds=1), "stale"),
        ("POST", "/a", b"x", SECRET, -WINDOW - timedelta(seconds=1), "stale"),
    ],
)
def test_anything_else_does_not(method: str, path: str, body: bytes, secret: str, late: timedelta, found: str) -> None:
    headers = signed("c", SECRET, "POST", "/a", b"x", NOW)

    assert fault(secret, method, path, body, headers, NOW + late) == found


@pytest.mark.parametrize("name", ["X-Timestamp", "X-Nonce", "X-Signature"])
def test_a_part_that_is_missing_is_named_so(name: str) -> None:
    headers = signed("c", SECRET, "POST", "/a", b"x", NOW)
    del headers[name]

    assert fault(SECRET, "POST", "/a", b"x", headers, NOW) == "missing"
