"""Receives what the bank tells by itself: the result of a payment, or money that came in; each serial counts once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
import structlog
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session

from app import signatures
from app.errors import ProductError
from app.gateways import clock
from app.gateways import payments as gateway
from app.gateways.lines import Line
from app.moment import Moment
from app.storage import payments
from app.storage.database import unit_of_work
from app.texts import Text
from app.use_cases.offers.amounts import Amount
from app.use_cases.payments.believe import Word, alarm, believe
from app.use_cases.payments.book_receipt import book_receipt

Outcome = Literal["booked", "known", "alarm"]
log = structlog.get_logger(__name__)


class CallBackRefused(ProductError):
    """The message is not the bank's, too old, or not readable; nothing was believed. `fault` says which."""

    def __init__(self, fault: str) -> None:
        super().__init__("回调未被接受。", "The call-back was not accepted.")
        self.fault = fault


class CallBack(Schema):
    """What a call-back says; `kind` credit is money that came in, and then has a payer in place of a payment_no."""

    class Meta:
        unknown = EXCLUDE

    serial = Line(required=True, validate=validate.Length(1, 80))
    kind = fields.String(required=True, validate=validate.OneOf(("payment_result", "credit")))
    amount = Amount(required=True)
    currency = fields.String(load_default="CNY", validate=validate.Equal("CNY"))
    payment_no = Line(load_default="", validate=validate.Length(max=30))
    status = fields.String(load_default="succeeded", validate=validate.OneOf(("processing", "succeeded", "failed")))
    reference = Line(load_default="", validate=validate.Length(max=80))
    reason = Line(load_default="", validate=validate.Length(max=200))
    payer_name = Line(load_default="", validate=validate.Length(max=200))
    payer_account = Line(load_default="", validate=validate.Length(max=40))
    remark = Line(load_default="", validate=validate.Length(max=200))
    value_on = fields.Date(load_default=None)


@dataclass(frozen=True)
class Message:
    """A call-back that was signed well: its content and the SHA-256 (hex) of its bytes."""

    channel: str
    content: dict[str, Any]
    body_hash: str


def receive_call_back(path: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """ "booked" the first time, "known" when the serial was there with the same content, "alarm" where it does not fit.

    Raises CallBackRefused, which leaves an alarm. However often and however parallel it comes, it counts once.
    """
    moment = clock.moment()
    message = _read(path, headers, body, moment)
    with unit_of_work() as session:
        if message.content["kind"] == "credit":
            return book_receipt(session, message.channel, message.content, message.body_hash, moment)
        return _payment_result(session, message, moment)


def _read(path: str, headers: Mapping[str, str], body: bytes, moment: Moment) -> Message:
    channel = gateway.current()
    fault: str | None = "missing"
    if channel.secret and headers.get(signatures.CHANNEL) == channel.name:
        fault = signatures.fault(channel.secret, "POST", path, body, headers, clock.real_now())
    if fault == "missing":  # anybody's request, not a forged call-back
        raise CallBackRefused(fault)
    if fault is not None:
        raise _refused(channel.name, "bad_signature", fault, moment)
    try:
        return Message(channel.name, CallBack().load(orjson.loads(body)), hashlib.sha256(body).hexdigest())
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise _refused(channel.name, "unreadable", type(error).__name__, moment) from error


def _refused(channel: str, kind: str, fault: str, moment: Moment) -> CallBackRefused:
    """Notes the finding, one alarm an hour, and gives the error to raise."""
    log.warning("call-back refused", channel=channel, kind=kind, fault=fault)
    text = Text(
        f"支付通道 {channel} 的回调未被接受（{kind}：{fault}）。",
        f"A call-back of {channel} was refused ({kind}: {fault}).",
    )
    with unit_of_work() as session:
        _alarm(session, f"{kind}:{channel}:{fault}:{moment.now:%Y%m%d%H}", kind, channel, text, moment)
    return CallBackRefused(fault)


def _payment_result(session: Session, message: Message, moment: Moment) -> Outcome:
    said = message.content
    payment = payments.by_number(session, said["payment_no"], locked=True)
    if payment is None or payment.direction != payments.OUT:
        text = Text(
            f"银行回调的付款“{said['payment_no']}”不存在。",
            f'The bank called back for "{said["payment_no"]}", which is none.',
        )
        fingerprint = f"unknown_payment:{message.channel}:{said['payment_no']}"
        _alarm(session, fingerprint, "unknown_payment", message.channel, text, moment)
        return "alarm"
    word = Word(said["status"], said["reference"], said["amount"], said["reason"])
    told = {key: said[key] for key in ("status", "reference", "reason")}
    seen = {"channel": message.channel, "serial": said["serial"], "amount": said["amount"]}
    if payments.add_event(
        session, payment, "called_back", moment.now, body_hash=message.body_hash, detail=told, **seen
    ):
        return "booked" if believe(session, payment, word, moment) else "alarm"
    earlier = payments.with_serial(session, message.channel, said["serial"])
    assert earlier is not None, "the serial stands already"
    if (earlier.payment_id, earlier.amount, earlier.detail.get("status")) == (payment.id, said["amount"], word.status):
        return "known"
    text = Text(
        f"流水号 {said['serial']} 已有一笔 {earlier.amount or 0:,.2f} 元，现在又说 {said['amount']:,.2f} 元。",
        f"The serial {said['serial']} stands with {earlier.amount or 0:,.2f} yuan; now it says {said['amount']:,.2f}.",
    )
    alarm(session, "other_amount", text, payment, word, moment)
    return "alarm"


def _alarm(session: Session, fingerprint: str, kind: str, channel: str, text: Text, moment: Moment) -> None:
    payments.raise_alarm(
        session, fingerprint[:200], moment.now, kind=kind, channel=channel, text_zh=text.zh, text_en=text.of("en")
    )
