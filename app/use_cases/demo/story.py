"""A story of the demo: what one firm asks for, when it began, how far its people go and how it pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

UNITS = {"d": "days", "h": "hours"}
NEVER = None


@dataclass
class Story:
    """One case of data/stories/*.json, and what is known of it while it is played.

    `ago` is how long before the end it begins. `says` holds, by form, what differs from the answer book at the first,
    second ... time. `until` is the form at which its people stop, or a form with a role. `pays` is one entry for each
    instalment, days late or None for never; the last one holds for the rest. `outage` names a source that is away for
    some hours once a form was answered.
    """

    firm: str
    product: str
    funder: str
    ago: timedelta
    terms: dict[str, str]
    partner: str = ""
    application: dict[str, Any] = field(default_factory=dict)
    says: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    until: Mapping[str, str] = field(default_factory=dict)
    pays: Sequence[int | None] = (NEVER,)
    outage: Mapping[str, Any] = field(default_factory=dict)
    pulls_back: str = ""
    serial: int = 0
    number: str = ""
    answered: dict[str, int] = field(default_factory=dict)

    @property
    def keeps_hours(self) -> bool:
        """Whether its people work by day only; a story of the last hours is not moved about."""
        return self.ago > timedelta(days=4)

    def saying(self, form: str) -> Mapping[str, Any]:
        """What differs this time; the next call is about the next time."""
        times = self.answered.get(form, 0)
        self.answered[form] = times + 1
        said = self.says.get(form, ())
        return said[times] if times < len(said) else {}

    def waits_at(self, form: str, roles: set[str]) -> bool:
        """Whether nobody does this task, so that it stands in an inbox at the end."""
        return self.until.get("form") == form and self.until.get("role", "") in {"", *roles}

    def days_late(self, instalment: int) -> int | None:
        """For an instalment, counted from 0."""
        return self.pays[min(instalment, len(self.pays) - 1)]


def story_of(entry: Mapping[str, Any], serial: int) -> Story:
    """An entry of a file; `serial` makes the numbers of orders and receipts different."""
    until = entry.get("until", {})
    return Story(
        firm=entry["firm"],
        product=entry["product"],
        funder=entry.get("funder", "zhijiang"),
        ago=span(entry["ago"]),
        terms={
            "amount": f"{entry['amount']}.00",
            "rate_percent": entry.get("rate", "5.20"),
            "term_months": str(entry["months"]),
            "repayment_method": entry.get("method", "interest_monthly"),
        },
        partner=entry.get("partner", ""),
        application=entry.get("application", {}),
        says={form: said if isinstance(said, list) else [said] for form, said in entry.get("says", {}).items()},
        until={"form": until} if isinstance(until, str) else until,
        pays=entry.get("pays", (NEVER,)),
        outage=entry.get("outage", {}),
        pulls_back=entry.get("pulls_back", ""),
        serial=serial,
    )


def span(text: str) -> timedelta:
    """ "30d" or "6h"."""
    return timedelta(**{UNITS[text[-1]]: float(text[:-1])})
