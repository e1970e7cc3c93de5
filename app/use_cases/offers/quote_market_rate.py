"""Asks the market for the loan prime rate that prices are built on."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.gateways import sources
from app.gateways.sources import Reply
from app.texts import Text
from app.use_cases.operation import Call, Operation
from app.use_cases.parties.ask_sources import report_of


def _ask(call: Call) -> Reply:
    return sources.current().market_rates.ask(call.key, call.moment.now)


def quote_market_rate(session: Session, call: Call, reply: Reply) -> dict[str, Any]:
    """{"lpr_percent": Decimal percent per year}, kept as a report of the case."""
    session.add(report_of(call, "market_rate", reply))
    return {"lpr_percent": reply.data["lpr_percent"]}


MARKET_RATE = Operation("market_rate", Text("查询基准利率", "get the market rate"), quote_market_rate, ask=_ask)
