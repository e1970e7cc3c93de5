"""Asks the market for the loan prime rate that prices are built on."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.gateways import sources
from app.gateways.sources import Reply
from app.storage.reports import ExternalReport
from app.texts import Text
from app.use_cases.operation import Call, Operation


def _ask(call: Call) -> Reply:
    return sources.current().market_rates.ask(call.key, call.moment.now)


def quote_market_rate(session: Session, call: Call, reply: Reply) -> dict[str, Any]:
    """{"lpr_percent": Decimal percent per year}, kept as a report of the case."""
    session.add(
        ExternalReport(
            case_id=call.case.id,
            kind="market_rate",
            source_zh=reply.source.zh,
            source_en=reply.source.of("en"),
            reference=reply.reference,
            data=reply.data,
            at=reply.at,
        )
    )
    return {"lpr_percent": reply.data["lpr_percent"]}


MARKET_RATE = Operation("market_rate", Text("查询基准利率", "get the market rate"), quote_market_rate, ask=_ask)
