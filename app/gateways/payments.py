"""The payment channel as a port: an instruction goes out once, then its result is asked for, never repeated."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, Protocol, get_args
from urllib.parse import quote, urlsplit

import orjson

from app import signatures
from app.config import SANDBOX_CHANNEL, Settings, sandbox_port_file
from app.errors import ProductError
from app.gateways.sources import SourceUnavailable

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
MAX_ANSWER_BYTES = 64 * 1024
# what an authenticating front says before the bank itself has seen the request
NOT_SEEN = (401, 403, 429)

Status = Literal["processing", "succeeded", "failed", "absent"]


class NotTaken(SourceUnavailable):
    """Nothing reached the bank: there was no connection, or its front turned the request away. It may be sent later."""


class InstructionRefused(ProductError):
    """A definite no: the bank did not take the instruction and never will."""


class ResultUnknown(ProductError):
    """The request left and no usable answer came: the result must be asked for, the instruction never repeated."""


@dataclass(frozen=True)
class Instruction:
    """One payment order: `payment_no` is its identity at the bank, amounts are yuan with two places."""

    payment_no: str
    amount: Decimal
    currency: str
    payee_name: str
    payee_bank: str
    payee_account: str = field(repr=False)
    purpose: str


@dataclass(frozen=True)
class Answer:
    """What the bank says of an instruction; `amount` where it says one, `reason` why it failed."""

    status: Status
    reference: str = ""
    amount: Decimal | None = None
    reason: str = ""


class PaymentChannel(Protocol):
    """A bank that takes instructions and calls back; call-backs are signed with the same `secret`."""

    @property
    def name(self) -> str:
        """What its call-backs and events are known by."""
        ...

    @property
    def secret(self) -> str:
        """What both sides sign with; "" where no call-back is to be believed."""
        ...

    def send(self, instruction: Instruction) -> Answer:
        """Sends it; raises NotTaken, InstructionRefused or ResultUnknown."""
        ...

    def query(self, payment_no: str) -> Answer:
        """How it stands, "absent" where the bank has no such instruction; raises NotTaken or ResultUnknown."""
        ...

    def void(self, payment_no: str) -> Answer:
        """Closes a number that the bank does not have, so that a late instruction is refused; else how it stands.

        Raises NotTaken or ResultUnknown.
        """
        ...


class NotConnected:
    """The channel of an installation that has none: nothing is sent and no call-back is believed."""

    name, secret = "", ""

    def send(self, instruction: Instruction) -> Answer:
        """Raises NotTaken."""
        raise _not_connected()

    def query(self, payment_no: str) -> Answer:
        """Raises NotTaken."""
        raise _not_connected()

    def void(self, payment_no: str) -> Answer:
        """Raises NotTaken."""
        raise _not_connected()


def _not_connected() -> NotTaken:
    return NotTaken("支付通道还没有接通。", "No payment channel is connected yet.")


@dataclass(frozen=True)
class HttpChannel:
    """A channel over HTTP with signed JSON; `address` gives its URL at each call, None while it is away."""

    name: str
    secret: str = field(repr=False)
    address: Callable[[], str | None]
    answer_seconds: float = ANSWER_SECONDS

    def send(self, instruction: Instruction) -> Answer:
        """As the port says."""
        content = {
            "payment_no": instruction.payment_no,
            "amount": f"{instruction.amount:.2f}",
            "currency": instruction.currency,
            "payee_name": instruction.payee_name,
            "payee_bank": instruction.payee_bank,
            "payee_account": instruction.payee_account,
            "purpose": instruction.purpose,
        }
        status, answer = self._call("POST", "/instructions", content)
        if status == 422:
            reason = str(answer.get("reason", ""))[:200]
            raise InstructionRefused(f"银行拒绝付款：{reason}", f"The bank refused the payment: {reason}")
        return _answer(status, answer)

    def query(self, payment_no: str) -> Answer:
        """As the port says."""
        status, answer = self._call("GET", f"/instructions/{quote(payment_no)}", None)
        return Answer("absent") if status == 404 else _answer(status, answer)

    def void(self, payment_no: str) -> Answer:
        """As the port says."""
        return _answer(*self._call("POST", f"/instructions/{quote(payment_no)}/void", {}))

    def _call(self, method: str, path: str, content: Any) -> tuple[int, dict[str, Any]]:
        connection, before = self._connected()
        body = b"" if content is None else orjson.dumps(content)
        headers = signatures.signed(self.name, self.secret, method, before + path, body, datetime.now(UTC))
        try:
            connection.request(method, before + path, body, headers | {"Content-Type": "application/json"})
            response = connection.getresponse()
            received = response.read(MAX_ANSWER_BYTES + 1)
            answer = orjson.loads(received) if len(received) <= MAX_ANSWER_BYTES else None
        except (OSError, http.client.HTTPException, orjson.JSONDecodeError) as error:
            raise _no_answer() from error
        finally:
            connection.close()
        if response.status in NOT_SEEN:
            raise NotTaken(
                f"支付通道没有接受请求（{response.status}）。",
                f"The payment channel turned us away ({response.status}).",
            )
        if response.status >= 500 or not isinstance(answer, dict):
            raise _no_answer(str(response.status))
        return response.status, answer

    def _connected(self) -> tuple[http.client.HTTPConnection, str]:
        """An open connection and the path before every path; raises NotTaken."""
        address = self.address()
        if address is None:
            raise NotTaken("支付通道没有应答。", "The payment channel does not answer.")
        parts = urlsplit(address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise NotTaken(
                "连不上支付通道，这次没有发出。",
                "The payment channel cannot be reached; nothing was sent.",
            ) from error
        connection.sock.settimeout(self.answer_seconds)
        return connection, parts.path.rstrip("/")


class SandboxChannel(HttpChannel):
    """The sandbox bank, where demo and training may also let somebody outside send money."""

    def credit(self, remark: str, amount: Decimal, payer_name: str, payer_account: str, value_on: str) -> str:
        """A payer sends `amount` yuan, dated `value_on` (ISO); its serial. Raises NotTaken or ResultUnknown."""
        content = {"remark": remark, "amount": f"{amount:.2f}", "value_on": value_on}
        payer = {"payer_name": payer_name, "payer_account": payer_account}
        status, answer = self._call("POST", "/credits", content | payer)
        if status != 200 or not answer.get("serial"):
            raise _no_answer(str(status))
        return str(answer["serial"])


def _no_answer(code: str = "") -> ResultUnknown:
    """`code` is what the bank can be asked about, where it answered at all."""
    return ResultUnknown(
        f"支付通道没有给出结果{f'（代码 {code}）' if code else ''}，需要查询。",
        f"The payment channel gave no result{f' (code {code})' if code else ''}; it must be queried.",
    )


def _answer(status: int, answer: dict[str, Any]) -> Answer:
    """A good answer's content; anything else says nothing certain about the money."""
    if status not in (200, 202) or answer.get("status") not in get_args(Status):
        raise _no_answer(str(status))
    try:
        amount = Decimal(str(answer["amount"])) if answer.get("amount") is not None else None
    except InvalidOperation as error:
        raise _no_answer() from error
    return Answer(
        answer["status"], str(answer.get("reference") or "")[:80], amount, str(answer.get("reason") or "")[:200]
    )


def channel_of(settings: Settings) -> PaymentChannel:
    """The channel that the settings name: a bank, the sandbox bank on its present port, or none."""
    if settings.payment_url is not None:
        return HttpChannel("bank", settings.payment_secret, lambda: settings.payment_url)
    if not settings.sandbox_bank:
        return NotConnected()
    port = sandbox_port_file(settings.var_dir)
    return SandboxChannel(SANDBOX_CHANNEL, settings.payment_secret, lambda: _loopback(port))


def _loopback(port_file: Path) -> str | None:
    return f"http://127.0.0.1:{port_file.read_text('ascii').strip()}" if port_file.exists() else None


_current: list[PaymentChannel] = []


def use(channel: PaymentChannel) -> None:
    """Sets the channel of this process."""
    _current[:] = [channel]


def current() -> PaymentChannel:
    """The channel of this process."""
    assert _current, "create_app sets the payment channel"
    return _current[0]
