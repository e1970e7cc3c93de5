"""What the demo's people write into a form: the answer book, what a story says otherwise, and the dates of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from app.use_cases.demo.demo_data import demo_data
from app.use_cases.demo.firm_statements import firm_statements
from app.use_cases.demo.story import Story

DAY = re.compile(r"\$today([+-]\d+)?")
FIRM_FIELDS = ("name_en",)


def answers_to(form: str, story: Story, said: Mapping[str, Any], variables: Mapping[str, Any], on: date) -> Any:
    """What is entered into a form on a day; `variables` are the task's.

    In the book "$today+30" is a day from now, "$terms" and "$amount" are the story's, "$revenue_yuan" is the firm's,
    "$partner_code" is of the core enterprise or warehouse, {"each": rows, "give": row} one row for each that the task
    shows, "{no}" a number of the story's own.
    """
    entry = book(form)
    given = _firm(story) | _statements(story, on) if entry.get("firm") else {}
    given = given | entry.get("answers", {}) | (story.application if entry.get("firm") else {})
    return _filled(given | said.get("answers", {}), _Page(story, variables, on))


def book(form: str) -> Mapping[str, Any]:
    """The answer book's entry: `after` hours, `answers`, `files`."""
    found: Mapping[str, Any] = demo_data()["answers"].get(form, {})
    return found


class _Page:
    """What stands behind the words with a dollar sign."""

    def __init__(self, story: Story, variables: Mapping[str, Any], on: date) -> None:
        self.story, self.variables, self.on = story, variables, on
        partner: Mapping[str, Any] = next(
            (one for one in demo_data()["organisations"] if one["key"] == story.partner), {}
        )
        self.known: dict[str, Any] = {
            "$terms": dict(story.terms),
            **{f"${name}": value for name, value in (_firm(story) | story.application | story.terms).items()},
            "$partner_name": partner.get("name", {}).get("zh"),
            "$partner_code": partner.get("unified_social_credit_code"),
        }


def _filled(value: Any, page: _Page) -> Any:
    if isinstance(value, Mapping):
        if value.keys() == {"each", "give"}:
            return [_filled(value["give"], page) for _ in page.variables.get(value["each"]) or ()]
        return {key: _filled(item, page) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, page) for item in value]
    if not isinstance(value, str):
        return value
    day = DAY.fullmatch(value)
    if day:
        return (page.on + timedelta(days=int(day[1] or 0))).isoformat()
    found = page.known.get(value, value)
    dated = {"{no}": f"{page.story.serial:04d}", "{year}": f"{page.on:%Y}", "{today}": page.on.isoformat()}
    if isinstance(found, str):
        for word, shown in dated.items():
            found = found.replace(word, shown)
    return found


def _firm(story: Story) -> dict[str, Any]:
    return {key: value for key, value in demo_data()["firms"][story.firm].items() if key not in FIRM_FIELDS}


def _statements(story: Story, on: date) -> dict[str, Any]:
    rows = firm_statements(story.firm, on)
    return {"with_statements": True, "statements": rows} if rows else {}
