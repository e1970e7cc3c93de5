"""What a temporal literal @"..." stands for."""

from __future__ import annotations

from app.feel.durations import duration_from_text
from app.feel.run import Value
from app.feel.temporal_texts import date_from_text, datetime_from_text, time_from_text


def temporal_from_text(text: str) -> Value:
    """The date, time, moment or duration that `text` names; null where it names none."""
    if "P" in text[:2]:
        return duration_from_text(text)
    if "T" in text[4:]:
        moment = datetime_from_text(text)
        if moment is not None:
            return moment
    day = date_from_text(text)
    return day if day is not None else time_from_text(text)
