"""Random tables give what a naive reading of the standard gives, and nothing but that."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.decisions import TableTrace, parse_dmn
from app.plain import Plain, dumps, loads
from tests.decisions.dmn_texts import NOON, decision, dmn, table
from tests.soak import soaking

POLICIES = ["UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
OUTPUTS = ['"a"', '"b"', '"c"']

numbers = st.integers(-3, 8)
cells = st.one_of(
    st.just("-"),
    numbers.map(str),
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), numbers).map(lambda pair: f"{pair[0]} {pair[1]}"),
    st.tuples(st.sampled_from("[("), numbers, numbers, st.sampled_from("])")).map(
        lambda parts: f"{parts[0]}{min(parts[1:3])}..{max(parts[1:3])}{parts[3]}"
    ),
    st.lists(numbers, min_size=1, max_size=3).map(lambda each: ",".join(map(str, each))),
    st.lists(numbers, min_size=1, max_size=3).map(lambda each: f"not({','.join(map(str, each))})"),
)
rules = st.lists(st.tuples(cells, cells, st.sampled_from(OUTPUTS)), max_size=8)


def applies(cell: str, value: int | None) -> bool:
    """Whether a cell holds, worked out from its text alone."""
    if cell == "-":
        return True
    if value is None:
        return cell.startswith("not")  # null equals none of the values
    if cell.startswith("not("):
        return str(value) not in cell[4:-1].split(",")
    if ".." in cell:
        low, high = (int(part.strip("[]()")) for part in cell.split(".."))
        return (low <= value if cell[0] == "[" else low < value) and (
            value <= high if cell[-1] == "]" else value < high
        )
    if cell[0] in "<>":
        sign, limit = cell.split(" ")
        wanted = {
            "<": value < int(limit),
            "<=": value <= int(limit),
            ">": value > int(limit),
            ">=": value >= int(limit),
        }
        return wanted[sign]
    return str(value) in cell.split(",")


def expected(policy: str, hits: list[str]) -> Plain:
    """The result of the rules that apply, in the words of the standard."""
    if policy in {"COLLECT", "RULE ORDER"}:
        return hits
    if policy == "OUTPUT ORDER":
        return sorted(hits)
    if not hits or (policy == "UNIQUE" and len(hits) > 1) or (policy == "ANY" and len(set(hits)) > 1):
        return None
    return min(hits) if policy == "PRIORITY" else hits[0]


@soaking(300)
@given(
    rules,
    st.sampled_from(POLICIES),
    st.lists(st.tuples(st.none() | numbers, st.none() | numbers), min_size=1, max_size=5),
)
def test_a_table_evaluates_as_a_naive_reading_of_it(
    rows: list[tuple[str, str, str]], policy: str, points: list[tuple[int | None, int | None]]
) -> None:
    model = parse_dmn(dmn(decision(table(["x", "y"], ["out"], rows, policy=policy, values='"a","b","c"'))))
    for x, y in points:
        hits = [number for number, row in enumerate(rows, start=1) if applies(row[0], x) and applies(row[1], y)]
        found = model.evaluate("d", {"x": x, "y": y}, NOON)
        assert found.value == expected(policy, [rows[number - 1][2].strip('"') for number in hits])
        shown = sorted(hit.number for hit in found.traces[0].hits)
        assert shown == (hits[:1] if policy == "FIRST" else hits)
        assert TableTrace.from_plain(loads(dumps(found.traces[0].to_plain()))) == found.traces[0]


@soaking(100)
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=6), st.sampled_from(["SUM", "MIN", "MAX", "COUNT"]))
def test_aggregations_agree_with_python(amounts: list[int], aggregation: str) -> None:
    rows = [["-", str(amount)] for amount in amounts]
    model = parse_dmn(dmn(decision(table(["x"], ["out"], rows, policy="COLLECT", aggregation=aggregation))))
    reference = {"SUM": sum, "MIN": min, "MAX": max, "COUNT": len}[aggregation](amounts)
    assert Decimal(model.evaluate("d", {"x": 1}, NOON).value) == reference


@soaking(200)
@given(
    st.recursive(st.none() | st.booleans() | numbers | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3))
)
def test_whatever_the_input_there_is_a_result_and_a_trace(value: Plain) -> None:
    rows = [["> 3", '"a"'], ['"x",null', '"b"'], ["[1..2]", '"c"'], ["count(?) > 1", '"d"']]
    model = parse_dmn(dmn(decision(table(["x"], ["out"], rows, policy="COLLECT"))))
    found = model.evaluate("d", {"x": value}, NOON)
    assert isinstance(found.value, list) and len(found.traces) == 1
