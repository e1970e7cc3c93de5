"""Outside sources of data on firms, as ports: what each answers, and the error they raise when they cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.errors import ProductError
from app.texts import Text


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


@dataclass
class Sources:
    """The ports in use; create_app fills it with sandboxes or real adapters."""

    enterprise_registry: FirmSource
    risk_platform: FirmSource
    credit_bureau: FirmSource
    market_rates: RateSource


@dataclass(frozen=True)
class NotConnected:
    """A source for which no adapter was set up: it never answers, so that nobody is judged by made-up data."""

    name: Text

    def ask(self, *about: Any, **named: Any) -> Reply:
        """Raises SourceUnavailable, which says what is missing."""
        raise SourceUnavailable(f"{self.name.zh}还没有接通。", f"{self.name.of('en')} is not connected yet.")


def none_connected() -> Sources:
    """The ports of a production whose adapters are not there yet."""
    return Sources(
        NotConnected(Text("企业登记信息", "The enterprise register")),
        NotConnected(Text("风控平台", "The risk platform")),
        NotConnected(Text("企业征信", "The credit bureau")),
        NotConnected(Text("贷款市场报价利率", "The loan prime rate")),
    )


_current: list[Sources] = []


def use(sources: Sources) -> None:
    """Sets the ports of this process."""
    _current[:] = [sources]


def current() -> Sources:
    """The ports of this process."""
    assert _current, "create_app sets the sources"
    return _current[0]
