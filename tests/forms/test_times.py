"""A time of day in a form: read, refused in words, bound by what the case gives."""

from __future__ import annotations

import pytest

from tests.forms.form_files import component, faults, form_of


@pytest.mark.parametrize(
    ("entry", "said"),
    [("07:59", "最早 08:00，填了 07:59"), ("08:00", None), ("21:00", None), ("21:01", "最晚 21:00，填了 21:01")],
)
def test_a_time_has_bounds_of_the_case(entry: str, said: str | None) -> None:
    bounds = {"min_expression": "=hours.from", "max_expression": "=hours.to"}
    form = form_of(component("datetime", "at", subtype="time", properties=bounds))
    assert faults(form, {"at": entry}, {"hours": {"from": "08:00", "to": "21:00"}}).get("at") == said


def test_what_is_no_time_is_refused_with_an_example() -> None:
    form = form_of(component("datetime", "at", subtype="time"))
    assert faults(form, {"at": "noon"}) == {"at": "要填时间，例如 14:30；填了 noon"}
