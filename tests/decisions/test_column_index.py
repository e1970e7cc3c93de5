"""The index of a column tells of every value what trying each cell tells."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.decisions.column_index import index_of
from app.feel import Scope, parse_unary_tests
from tests.soak import soaking

NUMBERS = ["-2", "0", "1", "1.0", "2.5", "7", "1e30"]
number = st.sampled_from(NUMBERS)
part = st.one_of(
    number,
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), number),
    st.builds("{}{}..{}{}".format, st.sampled_from("[(]"), number, number, st.sampled_from(")][")),
    st.sampled_from(['"a"', '"b"', "true", "false", "null", '< "b"', "? > 1", "x", '@"2026-01-01"', "[1, 7]", "(> 1)"]),
)
parts = st.lists(part, min_size=1, max_size=3).map(", ".join)
cells = st.lists(st.one_of(parts, st.builds("not({})".format, parts)), min_size=1, max_size=6)
values = st.sampled_from([*(Decimal(n) for n in (*NUMBERS, "0.5", "3", "-9", "9e40")), "a", "c", True, False, None, []])


@soaking(500)
@given(cells, values)
def test_the_index_and_the_cells_agree(texts: list[str], value: object) -> None:
    compiled = [(parse_unary_tests(text), 1 << place) for place, text in enumerate(texts)]
    scope = Scope({"x": Decimal(7)})
    index = index_of(compiled)

    found = index.matched(value)
    tried = compiled if found is None else index.rest
    mask = (found or 0) | sum(mask for tests, mask in tried if tests.matches(value, scope) is True)

    assert mask == sum(mask for tests, mask in compiled if tests.matches(value, scope) is True)


def test_lists_of_constants_comparisons_and_ranges_are_indexed() -> None:
    texts = ["< 5", "[5..9)", "9", '"a", "b"', "true", "null", "-3, > 100"]
    assert index_of([(parse_unary_tests(text), 1) for text in texts]).rest == ()
