"""The sandbox bank as a process sees it: signed requests, one instruction a number, a port and a book that stay."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app import signatures
from app.gateways.payments import HttpChannel, Instruction, InstructionRefused, NotTaken, ResultUnknown
from app.sandbox_bank.bank import Bank
from app.sandbox_bank.server import BankServer, listening

SECRET = "s" * 40
TODAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC).timestamp()
Open = Callable[[], BankServer]


@pytest.fixture
def told() -> list[dict[str, Any]]:
    """What the bank called back."""
    return []


@pytest.fixture
def open_bank(tmp_path: Path, told: list[dict[str, Any]]) -> Iterator[Open]:
    """Opens the bank of one directory, as each start of the process does."""
    with ExitStack() as stack:

        def opened() -> BankServer:
            bank = Bank(
                tmp_path / "bank.db",
                lambda body: not told.append(json.loads(body)),
                settle_seconds=0.0,
                now=lambda: TODAY,
            )
            server = stack.enter_context(listening(bank, SECRET, tmp_path / "port"))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            stack.callback(server.shutdown)
            return server

        yield opened


def channel(server: BankServer, secret: str = SECRET) -> HttpChannel:
    return HttpChannel("sandbox", secret, lambda: f"http://127.0.0.1:{server.server_address[1]}", 5.0)


def instruction(number: str = "PO1", amount: str = "100.00", **changes: str) -> Instruction:
    given = {"currency": "CNY", "payee_name": "甲", "payee_bank": "乙", "payee_account": "62220200", "purpose": ""}
    return Instruction(payment_no=number, amount=Decimal(amount), **(given | changes))


def ask(server: BankServer, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, Any]]:
    """A signed request; `headers` replace those of the signature."""
    signed = signatures.signed("sandbox", SECRET, method, path, body, datetime.now(UTC))
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    connection.request(method, path, body, signed | headers)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    return answer.status, content


def test_the_same_number_again_is_the_same_instruction(open_bank: Open, told: list[dict[str, Any]]) -> None:
    server = open_bank()
    first = channel(server).send(instruction())
    server.bank.work()

    second = channel(server).send(instruction())
    server.bank.work()

    assert (first.status, second.status, first.reference) == ("processing", "succeeded", second.reference)
    assert len(told) == 1 and len(server.bank.statement("2026-11-23").content["entries"]) == 1


def test_the_same_number_for_something_else_says_nothing_certain(open_bank: Open) -> None:
    server = open_bank()
    channel(server).send(instruction())

    with pytest.raises(ResultUnknown):
        channel(server).send(instruction(amount="200.00"))


def test_a_closed_number_is_never_paid(open_bank: Open) -> None:
    server = open_bank()
    closed = channel(server).void("PO1")

    with pytest.raises(InstructionRefused):
        channel(server).send(instruction())
    server.bank.work()

    assert closed.status == "failed" and server.bank.statement("2026-11-23").content["entries"] == []


def test_closing_a_number_that_is_there_changes_nothing(open_bank: Open) -> None:
    server = open_bank()
    channel(server).send(instruction())
    server.bank.work()

    assert channel(server).void("PO1").status == "succeeded"


def test_a_restarted_bank_has_its_port_and_its_book(open_bank: Open, told: list[dict[str, Any]]) -> None:
    before = open_bank()
    channel(before).send(instruction())
    port = before.server_address[1]
    before.shutdown()
    before.server_close()

    after = open_bank()
    after.bank.work()

    assert after.server_address[1] == port and channel(after).query("PO1").status == "succeeded"
    assert [one["status"] for one in told] == ["succeeded"]


def test_a_bank_whose_port_was_taken_meanwhile_listens_on_another(open_bank: Open, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        (tmp_path / "port").write_text(str(other.getsockname()[1]))

        server = open_bank()

        assert server.server_address[1] != other.getsockname()[1]
        assert (tmp_path / "port").read_text() == str(server.server_address[1])


def test_a_call_back_that_was_not_received_is_sent_again(open_bank: Open, told: list[dict[str, Any]]) -> None:
    server = open_bank()
    channel(server).send(instruction())
    server.bank._deliver = lambda body: False
    server.bank.work()
    server.bank._deliver = lambda body: not told.append(json.loads(body))

    server.bank._now = lambda: TODAY + 60
    server.bank.work()

    assert len(told) == 1


def test_the_statement_has_what_left_and_what_came(open_bank: Open) -> None:
    server = open_bank()
    channel(server).send(instruction())
    server.bank.work()
    ask(server, "POST", "/credits", json.dumps({"amount": "12.30", "remark": "LN1"}).encode())

    status, content = ask(server, "GET", "/statement?on=2026-11-23")

    assert status == 200
    assert [(one["direction"], one["number"], one["amount"], one["remark"]) for one in content["entries"]] == [
        ("in", "", "12.30", "LN1"),
        ("out", "PO1", "100.00", ""),
    ]


def test_the_book_holds_no_whole_account(open_bank: Open, tmp_path: Path) -> None:
    server = open_bank()
    channel(server).send(instruction(payee_account="6222021202041234567"))

    assert b"6222021202041234567" not in (tmp_path / "bank.db").read_bytes()


def test_who_does_not_know_the_secret_is_turned_away(open_bank: Open) -> None:
    server = open_bank()

    with pytest.raises(NotTaken):
        channel(server, "x" * 40).send(instruction())
    assert channel(server).query("PO1").status == "absent"


def test_a_request_that_is_played_again_is_turned_away(open_bank: Open) -> None:
    server = open_bank()
    headers = signatures.signed("sandbox", SECRET, "GET", "/instructions/PO1", b"", datetime.now(UTC))

    statuses = [ask(server, "GET", "/instructions/PO1", **headers)[0] for _ in range(2)]

    assert statuses == [404, 401]


def test_an_old_request_is_turned_away(open_bank: Open) -> None:
    server = open_bank()
    long_ago = datetime.now(UTC) - timedelta(minutes=6)

    status, content = ask(
        server, "GET", "/statement", **signatures.signed("sandbox", SECRET, "GET", "/statement", b"", long_ago)
    )

    assert (status, content["reason"]) == (401, "stale")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/instructions", b'{"payment_no": "PO1", "amount": "1.001", "payee_account": "6"}', 400),
        ("/instructions", b'{"amount": "1.00", "payee_account": "6"}', 400),
        ("/instructions", b"{", 400),
        ("/credits", b'{"amount": "nothing"}', 400),
        ("/nowhere", b"{}", 404),
        ("/instructions", b" " * 70_000, 413),
    ],
)
def test_what_cannot_be_read_is_named(open_bank: Open, path: str, body: bytes, status: int) -> None:
    assert ask(open_bank(), "POST", path, body)[0] == status
