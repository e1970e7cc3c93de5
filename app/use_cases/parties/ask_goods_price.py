"""Asks the market what the goods of a warehouse receipt are worth, as a second valuation beside the stated one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from app.gateways import sources
from app.gateways.sources import Goods, Reply
from app.texts import Text
from app.use_cases.applications.application_data import application_data
from app.use_cases.operation import Call, Operation, OperationRefused
from app.use_cases.parties.ask_sources import report_of

FEN = Decimal("0.01")


@dataclass(frozen=True)
class PriceQuestion:
    """Which goods, and how many of their units."""

    key: str
    goods: Goods
    quantity: Decimal
    at: datetime


def question(session: Session, call: Call) -> PriceQuestion:
    """The goods of the case's receipt, from the drawn inputs or else from the application."""
    given = application_data(session, call.case) | {key: value for key, value in call.inputs.items() if value}
    goods = Goods(str(given.get("goods_kind") or ""), str(given.get("goods") or ""), str(given.get("goods_unit") or ""))
    return PriceQuestion(call.key, goods, _quantity(given.get("goods_quantity")), call.moment.now)


def _quantity(value: Any) -> Decimal:
    try:
        quantity = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return quantity if quantity.is_finite() and quantity > 0 else Decimal(0)


def _ask(asked: PriceQuestion) -> Reply | None:
    if not asked.goods.name or not asked.quantity:
        return None
    return sources.current().goods_prices.ask(asked.key, asked.goods, asked.at)


def goods_price(session: Session, call: Call, reply: Reply | None) -> dict[str, Any]:
    """{"market_valuation": {quoted, value_yuan, unit_price, unit, quantity, quoted_on, fetched_at}}, yuan without tax.

    Where nobody quotes such goods `quoted` is false, value_yuan and unit_price are null. CheckFailed: the case has no
    goods, or no quantity of them.
    """
    if reply is None:
        raise OperationRefused(
            "CheckFailed",
            "这件申请没有写明货物和数量，无法询价。",
            "The application names no goods or no quantity; no price could be asked.",
        )
    session.add(report_of(call, "goods_price", reply))
    quantity, price = question(session, call).quantity, reply.data["unit_price"]
    return {
        "market_valuation": {
            "quoted": price is not None,
            "value_yuan": None if price is None else (price * quantity).quantize(FEN),
            "unit_price": price,
            "unit": reply.data["unit"],
            "quantity": quantity,
            "quoted_on": reply.data["quoted_on"],
            "fetched_at": reply.at.isoformat(),
        }
    }


GOODS_PRICE = Operation("goods_price", Text("查询货物行情", "get the goods' market price"), goods_price, question, _ask)
