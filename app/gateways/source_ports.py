"""The ports of outside sources over one way of asking: each says what it wants to know, somebody tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.gateways.sources import Goods, Reply, Sources


class Teller(Protocol):
    """Tells what one source knows; `about` holds texts and lists of texts, `key` repeats with a repeated request."""

    def said(self, key: str, about: dict[str, Any], at: datetime) -> Reply:
        """The source's answer; raises SourceUnavailable."""
        ...


@dataclass(frozen=True)
class FirmPort:
    """Asks about a firm."""

    teller: Teller

    def ask(self, key: str, credit_code: str, company_name: str, at: datetime) -> Reply:
        """As the port says."""
        return self.teller.said(key, {"credit_code": credit_code, "company_name": company_name}, at)


@dataclass(frozen=True)
class RatePort:
    """Asks for the loan prime rate."""

    teller: Teller

    def ask(self, key: str, at: datetime) -> Reply:
        """As the port says."""
        return self.teller.said(key, {}, at)


@dataclass(frozen=True)
class PricePort:
    """Asks for the price of goods."""

    teller: Teller

    def ask(self, key: str, goods: Goods, at: datetime) -> Reply:
        """As the port says."""
        return self.teller.said(key, {"goods_kind": goods.kind, "goods": goods.name, "unit": goods.unit}, at)


@dataclass(frozen=True)
class ListPort:
    """Asks whether names are on a list."""

    teller: Teller

    def ask(self, key: str, names: Sequence[str], at: datetime) -> Reply:
        """As the port says."""
        return self.teller.said(key, {"names": list(names)}, at)


def ports(teller_of: Callable[[str], Teller], secrets: Mapping[str, str]) -> Sources:
    """All ports; `teller_of` gives the teller of a source's name, `secrets` those of who may call back."""
    return Sources(
        enterprise_registry=FirmPort(teller_of("enterprise_registry")),
        risk_platform=FirmPort(teller_of("risk_platform")),
        credit_bureau=FirmPort(teller_of("credit_bureau")),
        court_records=FirmPort(teller_of("court_records")),
        market_rates=RatePort(teller_of("market_rates")),
        goods_prices=PricePort(teller_of("goods_prices")),
        screening_lists=ListPort(teller_of("screening_lists")),
        secrets=secrets,
    )
