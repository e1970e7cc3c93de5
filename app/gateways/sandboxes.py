"""Sandboxes of the outside sources: made-up answers, the same for the same firm, for demo, training and tests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.gateways.sources import Reply, Sources, SourceUnavailable
from app.texts import Text

SANDBOX = Text("（演示数据）", " (demo data)")


def _digits(*parts: str) -> list[int]:
    return list(hashlib.sha256("|".join(parts).encode()).digest())


def _reference(prefix: str, key: str) -> str:
    return f"{prefix}-{hashlib.sha256(key.encode()).hexdigest()[:10].upper()}"


@dataclass
class Availability:
    """Which sources are down; tests and demonstrations switch them off."""

    down: set[str] = field(default_factory=set)

    def require(self, name: str, shown: Text) -> None:
        if name in self.down:
            raise SourceUnavailable(f"{shown.zh}没有应答（连接超时）。", f"{shown.en} did not answer (time-out).")


@dataclass(frozen=True)
class EnterpriseRegistry:
    """Says of every firm with a right code that it is in business, registered some years ago."""

    availability: Availability
    name: Text = Text("国家企业信用信息公示系统", "National enterprise register")

    def ask(self, key: str, credit_code: str, company_name: str, at: datetime) -> Reply:
        self.availability.require("enterprise_registry", self.name)
        seed = _digits("registry", credit_code)
        data = {
            "status": "active",
            "company_name": company_name,
            "registered_on": f"{at.year - 3 - seed[0] % 15}-{1 + seed[1] % 12:02d}-{1 + seed[2] % 28:02d}",
            "registered_capital": Decimal(100 + seed[3] * 20) * 10000,
        }
        return Reply(_shown(self.name), _reference("GS", key), at, data)


@dataclass(frozen=True)
class RiskPlatform:
    """A score from 0 (worst) to 100 and warning signs."""

    availability: Availability
    name: Text = Text("风控平台", "Risk platform")

    def ask(self, key: str, credit_code: str, company_name: str, at: datetime) -> Reply:
        self.availability.require("risk_platform", self.name)
        seed = _digits("risk", credit_code)
        flags = [flag for flag, hit in (("executed_person", seed[1] < 4), ("tax_arrears", seed[2] < 8)) if hit]
        data: dict[str, Any] = {
            "score": 55 + seed[0] % 41,
            "flags": flags,
            "lawsuits_open": max(0, seed[3] % 9 - 6),
            "tax_grade": "ABBM"[seed[4] % 4],
            "invoice_revenue_12m": Decimal(200 + seed[5] * 13) * 10000,
        }
        return Reply(_shown(self.name), _reference("FK", key), at, data)


@dataclass(frozen=True)
class CreditBureau:
    """Loans, overdue days and enquiries of a firm."""

    availability: Availability
    name: Text = Text("企业征信报告", "Credit bureau")

    def ask(self, key: str, credit_code: str, company_name: str, at: datetime) -> Reply:
        self.availability.require("credit_bureau", self.name)
        seed = _digits("bureau", credit_code)
        data = {
            "overdue_days_max": 0 if seed[0] < 225 else seed[1] % 120,
            "queries_6m": seed[2] % 9,
            "open_loans": seed[3] % 5,
            "balance_yuan": Decimal(seed[4] * 3) * 10000 if seed[3] % 5 else Decimal(0),
        }
        return Reply(_shown(self.name), _reference("ZX", key), at, data)


@dataclass(frozen=True)
class MarketRates:
    """The one-year loan prime rate, a fixed sample value."""

    availability: Availability
    name: Text = Text("贷款市场报价利率", "Loan prime rate")

    def ask(self, key: str, at: datetime) -> Reply:
        self.availability.require("market_rates", self.name)
        return Reply(
            _shown(self.name),
            _reference("LPR", key),
            at,
            {
                "lpr_percent": Decimal("3.00"),
                "published_on": at.date().replace(day=20 if at.day >= 20 else 1).isoformat(),
            },
        )


def _shown(name: Text) -> Text:
    return Text(name.zh + SANDBOX.zh, name.of("en") + SANDBOX.en)


def sandboxes(availability: Availability | None = None) -> Sources:
    """All sources as sandboxes; `availability` switches some of them off."""
    state = availability or Availability()
    return Sources(EnterpriseRegistry(state), RiskPlatform(state), CreditBureau(state), MarketRates(state))
