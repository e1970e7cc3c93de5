"""By how many days the business date is moved, asked of the database once in each app context of Flask."""

from __future__ import annotations

from flask import g, has_app_context

from app.storage import business_clock


class OfContext:
    """One request, job, poller's round or command has one context: it reads the offset once, and the next one anew.

    Outside a context there is no database to ask, and nothing is moved.
    """

    def days(self) -> int:
        """As app.gateways.clock.Offset says."""
        if not has_app_context():
            return 0
        if g.get("offset_days") is None:
            g.offset_days = business_clock.read_offset()
        days: int = g.offset_days
        return days

    def remember(self, days: int | None) -> None:
        """As app.gateways.clock.Offset says."""
        if has_app_context():
            g.offset_days = days
