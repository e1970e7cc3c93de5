"""The two durations of FEEL: days and time (seconds), years and months (months); ISO 8601 text to value and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from app.feel.numbers import ARITHMETIC, written

_DAYS_TIME = re.compile(
    r"(-?)P(?:([0-9]{1,18})D)?(T(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18}(?:\.[0-9]{0,18})?)S)?)?"
)
_YEARS_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?")
SECONDS_PER_DAY = 86_400
MOST_SECONDS = 10**17  # three billion years: what is longer is null, so that exact arithmetic never leaves 34 digits
MOST_MONTHS = 12 * 999_999_999


@dataclass(frozen=True, slots=True)
class DaysTimeDuration:
    """An exact length of time in seconds, written like P1DT2H."""

    seconds: Decimal

    @property
    def parts(self) -> tuple[int, int, int, Decimal]:
        """Days, hours, minutes and seconds, each with the sign of the whole."""
        sign = -1 if self.seconds < 0 else 1
        whole = int(self.seconds.copy_abs())
        days, rest = divmod(whole, SECONDS_PER_DAY)
        hours, rest = divmod(rest, 3600)
        minutes, seconds = divmod(rest, 60)
        fraction = ARITHMETIC.subtract(self.seconds.copy_abs(), Decimal(whole))
        exact = ARITHMETIC.add(Decimal(seconds), fraction)
        return sign * days, sign * hours, sign * minutes, exact if sign > 0 else ARITHMETIC.minus(exact)

    def __str__(self) -> str:
        magnitude = DaysTimeDuration(self.seconds.copy_abs())
        days, hours, minutes, seconds = magnitude.parts
        clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
        if seconds:
            shown = written(seconds)
            clock += (shown.rstrip("0").rstrip(".") if "." in shown else shown) + "S"
        text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return ("-" if self.seconds < 0 else "") + "P" + (text or "T0S")


@dataclass(frozen=True, slots=True)
class YearsMonthsDuration:
    """A length in whole calendar months, written like P1Y2M."""

    months: int

    @property
    def parts(self) -> tuple[int, int]:
        """Years and months, each with the sign of the whole."""
        sign = -1 if self.months < 0 else 1
        years, months = divmod(abs(self.months), 12)
        return sign * years, sign * months

    def __str__(self) -> str:
        years, months = (abs(part) for part in self.parts)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


def duration_from_text(text: str) -> DaysTimeDuration | YearsMonthsDuration | None:
    """The duration that an ISO 8601 text names; null for other texts and for one mixing months with days."""
    if found := _YEARS_MONTHS.fullmatch(text):
        sign, years, months = found.groups()
        if years or months:
            total = int(years or 0) * 12 + int(months or 0)
            return years_months(-total if sign else total)
        return None
    found = _DAYS_TIME.fullmatch(text)
    if not found or text.endswith(("P", "T")):
        return None
    sign, days, _, hours, minutes, seconds = found.groups()
    total_seconds = Decimal(int(days or 0) * SECONDS_PER_DAY + int(hours or 0) * 3600 + int(minutes or 0) * 60)
    total_seconds = ARITHMETIC.add(total_seconds, Decimal(seconds or 0))
    return days_time(ARITHMETIC.minus(total_seconds) if sign else total_seconds)


def days_time(seconds: Decimal | None) -> DaysTimeDuration | None:
    """The duration of so many seconds, null for null and beyond three billion years."""
    return DaysTimeDuration(seconds) if seconds is not None and -MOST_SECONDS <= seconds <= MOST_SECONDS else None


def years_months(months: int) -> YearsMonthsDuration | None:
    """The duration of so many months, null beyond 999,999,999 years."""
    return YearsMonthsDuration(months) if abs(months) <= MOST_MONTHS else None
