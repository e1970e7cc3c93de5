"""Sandboxes of the outside sources in this process: made-up answers for the demo's year and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.gateways.sources import NAMES, Goods, Reply, Sources, SourceUnavailable
from app.sandbox_sources.answers import SANDBOX, answer
from app.texts import Text


@dataclass
class Availability:
    """Which sources are down; tests and demonstrations switch them off."""

    down: set[str] = field(default_factory=set)

    def require(self, name: str) -> None:
        """Raises SourceUnavailable where the source is down."""
        if name in self.down:
            shown = NAMES[name]
            raise SourceUnavailable(f"{shown.zh}没有应答（连接超时）。", f"{shown.en} did not answer (time-out).")


@dataclass(frozen=True)
class Sandbox:
    """One source that answers at once."""

    source: str
    availability: Availability

    def _said(self, key: str, about: dict[str, Any], at: datetime) -> Reply:
        self.availability.require(self.source)
        name = NAMES[self.source]
        reference, data = answer(self.source, key, about, at.date())
        return Reply(Text(name.zh + SANDBOX.zh, name.of("en") + SANDBOX.en), reference, at, data)


class FirmSandbox(Sandbox):
    """A sandbox that is asked about a firm."""

    def ask(self, key: str, credit_code: str, company_name: str, at: datetime) -> Reply:
        """As the port says."""
        return self._said(key, {"credit_code": credit_code, "company_name": company_name}, at)


class RateSandbox(Sandbox):
    """The sandbox of the loan prime rate."""

    def ask(self, key: str, at: datetime) -> Reply:
        """As the port says."""
        return self._said(key, {}, at)


class PriceSandbox(Sandbox):
    """The sandbox of goods' prices."""

    def ask(self, key: str, goods: Goods, at: datetime) -> Reply:
        """As the port says."""
        return self._said(key, {"goods_kind": goods.kind, "goods": goods.name, "unit": goods.unit}, at)


class ListSandbox(Sandbox):
    """The sandbox of the lists."""

    def ask(self, key: str, names: Sequence[str], at: datetime) -> Reply:
        """As the port says."""
        return self._said(key, {"names": list(names)}, at)


def sandboxes(availability: Availability | None = None) -> Sources:
    """All sources as sandboxes; `availability` switches some of them off."""
    state = availability or Availability()
    return Sources(
        enterprise_registry=FirmSandbox("enterprise_registry", state),
        risk_platform=FirmSandbox("risk_platform", state),
        credit_bureau=FirmSandbox("credit_bureau", state),
        court_records=FirmSandbox("court_records", state),
        market_rates=RateSandbox("market_rates", state),
        goods_prices=PriceSandbox("goods_prices", state),
        screening_lists=ListSandbox("screening_lists", state),
    )
