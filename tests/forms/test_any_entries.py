"""Whatever is posted to a form gives plain data or messages, never another error."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.plain import dumps
from tests.forms.form_files import MOMENT, component, form_of, group, radio, required, rows, text
from tests.soak import soaking

EVERYTHING = form_of(
    radio("use", "a", "b", validate=required()),
    text("amount", kind="money", properties={"max_expression": "=cap"}, validate={"min": 1}),
    component("number", "n", decimalDigits=2),
    component("datetime", "on", subtype="date", disallowPassedDates=True),
    component("datetime", "at", subtype="time"),
    component("checkbox", "c"),
    component("checklist", "k", values=[{"value": "x", "label": "X"}]),
    component("filepicker", "files"),
    component("filepicker", "slots", properties={"checklist": "=wanted"}),
    text("phone", kind="phone", properties={"sensitive": "true"}),
    group("g", text("t", validate={"pattern": "[a-z]+"}, conditional={"hide": "=amount > 5 or c"})),
    rows(
        "r",
        text("x", kind="whole", validate=required()),
        rows("s", text("y", kind="uscc")),
        properties={"max_rows": "2"},
    ),
)
CONTEXT = {"cap": 100, "wanted": [{"kind": "licence", "mandatory": True}]}
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.decimals(), st.floats(), st.text(max_size=8))
ANY = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
KEYS = [item.path for item in EVERYTHING.fields if "[" not in item.path and "." not in item.path] + ["g", "r"]


@soaking(300)
@given(st.dictionaries(st.sampled_from(KEYS), ANY | st.fixed_dictionaries({"$party": SCALARS, "masked": SCALARS})))
def test_any_json_gives_plain_data_or_messages(raw: dict[str, Any]) -> None:
    result = EVERYTHING.check(raw, CONTEXT, MOMENT)
    assert all(error.text.zh and error.text.en and error.label.zh for error in result.errors)
    assert dumps(result.data)
    assert dumps(EVERYTHING.check(raw, CONTEXT, MOMENT, lenient=True).data)
    assert EVERYTHING.view(raw, CONTEXT, MOMENT, result.errors)


PATHS = ["use", "amount", "n", "on", "at", "c", "k", "files", "slots", "slots.licence", "phone", "phone.$party", "g.t"]
POSTED = st.lists(
    st.tuples(
        st.sampled_from([*PATHS, "r", "r[0].x", "r[1].x", "r[9].x", "r[0].s[0].y"]),
        st.text(max_size=12) | st.sampled_from(["1,000.00", "2026-11-25", "13800001208", "a", "on", "17"]),
    ),
    max_size=20,
)


@soaking(300)
@given(POSTED)
def test_any_posted_text_gives_plain_data_or_messages(pairs: list[tuple[str, str]]) -> None:
    raw = EVERYTHING.decode(MultiDict(pairs))
    result = EVERYTHING.check(raw, CONTEXT, MOMENT)
    assert result.errors or dumps(result.data)
    assert EVERYTHING.read(result.data, "zh") is not None


@soaking(100)
@given(POSTED)
def test_checked_data_passes_the_check_again_unchanged(pairs: list[tuple[str, str]]) -> None:
    first = EVERYTHING.check(EVERYTHING.decode(MultiDict(pairs)), CONTEXT, MOMENT)
    if not first.errors:
        assert EVERYTHING.check(first.data, CONTEXT, MOMENT) == first
