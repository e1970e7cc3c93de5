"""Outside sources of data on firms, as ports: what each answers, and the error they raise when they cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from app.errors import ProductError
from app.texts import Text

NAMES = {
    "enterprise_registry": Text("国家企业信用信息公示系统", "National enterprise register"),
    "risk_platform": Text("风控平台", "Risk platform"),
    "credit_bureau": Text("企业征信报告", "Credit bureau"),
    "court_records": Text("司法涉诉与执行信息", "Court records"),
    "market_rates": Text("贷款市场报价利率", "Loan prime rate"),
    "goods_prices": Text("大宗商品行情", "Commodity prices"),
    "screening_lists": Text("制裁与反洗钱名单", "Sanctions and money laundering lists"),
}


class SourceUnavailable(ProductError):
    """The source did not answer, or not in a usable way; asking again later may help."""


@dataclass(frozen=True)
class Reply:
    """An answer with its origin: `reference` is the source's own number for it, `data` plain values."""

    source: Text
    reference: str
    at: datetime
    data: dict[str, Any]


class FirmSource(Protocol):
    """A source that is asked about one firm; `key` makes a repeated request the same request."""

    def ask(self, key: str, credit_code: str, company_name: str, at: datetime) -> Reply:
        """The source's answer; raises SourceUnavailable."""
        ...


class RateSource(Protocol):
    """A source of the loan prime rate."""

    def ask(self, key: str, at: datetime) -> Reply:
        """{"lpr_percent": Decimal, "published_on": ISO date}; raises SourceUnavailable."""
        ...


@dataclass(frozen=True)
class Goods:
    """What a price is asked for: kind as the application form's choice, name as the owner calls it, unit of measure."""

    kind: str
    name: str
    unit: str


class PriceSource(Protocol):
    """A source of market prices of goods."""

    def ask(self, key: str, goods: Goods, at: datetime) -> Reply:
        """{"goods", "unit", "unit_price": Decimal yuan or None where nobody quotes them, "quoted_on": ISO date}.

        Raises SourceUnavailable.
        """
        ...


class ListSource(Protocol):
    """A source of the lists of sanctions, politically exposed persons and money laundering."""

    def ask(self, key: str, names: Sequence[str], at: datetime) -> Reply:
        """{"list_version", "hits": [{name, list, entry, entry_name, similarity, reason, reason_en}]}.

        `list` is sanctions, pep or aml, `similarity` percent. Raises SourceUnavailable.
        """
        ...


@dataclass
class Sources:
    """The ports in use; create_app fills it with sandboxes or real adapters.

    `secrets` are what sources sign their call-backs with; one that has none is not believed.
    """

    enterprise_registry: FirmSource
    risk_platform: FirmSource
    credit_bureau: FirmSource
    court_records: FirmSource
    market_rates: RateSource
    goods_prices: PriceSource
    screening_lists: ListSource
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


_current: list[Sources] = []


def use(sources: Sources) -> None:
    """Sets the ports of this process."""
    _current[:] = [sources]


def current() -> Sources:
    """The ports of this process."""
    assert _current, "create_app sets the sources"
    return _current[0]
