"""The built-in functions, by worked examples (DMN 1.3, 10.3.4, and Camunda's documentation)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.feel.evaluation import value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('substring("foobar", -2, 1)', "a"),
        ('substring("短信通知", 3)', "通知"),
        ('substring("foobar", 0)', None),
        ('string length("𝒳中")', 2),
        ('substring before("foobar", "bar")', "foo"),
        ('substring after("foobar", "ob")', "ar"),
        ('substring after("foobar", "x")', ""),
        ('upper case("aB4")', "AB4"),
        ('contains("foobar", "of")', False),
        ('starts with("foobar", "fo")', True),
        ('ends with(match: "ar", string: "foobar")', True),
        ('string join(["a", null, "c"], ", ")', "a, c"),
        ('string join(["a", "c"], "-", "<", ">")', "<a-c>"),
        ('trim("  a ")', "a"),
        ('is blank(" ")', True),
        ('to base64("FEEL")', "RkVFTA=="),
        ('matches("13800138000", "^1[3-9]\\d{9}$")', True),
        ('matches("ABC", "abc", "i")', True),
        ('matches("a", "(?=a)")', None),
        ('replace("0123456789", "(\\d{3})(\\d{3})(\\d{4})", "($1) $2-$3")', "(012) 345-6789"),
        ('replace("a.b", ".", "\\$", "")', "$$$"),
        ('replace("abc", "b", "$")', None),
        ('split("John Doe", "\\s")', ["John", "Doe"]),
        ('extract("references are 1234, 1256", "12[0-9]*")', ["1234", "1256"]),
        ("string length(5)", None),
        ('string length(["one"])', 3),
        ("string length(null)", None),
        ('string length("a", "b")', None),
    ],
)
def test_built_ins_on_texts(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("decimal(2.5, 0)", 2),
        ("decimal(1 / 3, 2)", Decimal("0.33")),
        ("floor(-1.5)", -2),
        ("ceiling(-1.56, 1)", Decimal("-1.5")),
        ("round up(5.125, 2)", Decimal("5.13")),
        ("round down(-5.5)", -5),
        ("round half up(-5.5, 0)", -6),
        ("round half down(5.5, 0)", 5),
        ("round half up(1234.5, -2)", 1200),
        ("abs(-10)", 10),
        ("modulo(-12, 5)", 3),
        ("modulo(10.1, -4.5)", Decimal("-3.4")),
        ("modulo(1, 0)", None),
        ("sqrt(16)", 4),
        ("sqrt(-1)", None),
        ("log(0)", None),
        ("odd(-1)", True),
        ("even(1.5)", None),
        ('number("1 000,5", " ", ",")', Decimal("1000.5")),
        ('number("12")', 12),
        ('number("1_000")', None),
        ('number("NaN")', None),
        ("string(1.10)", "1.10"),
        ("string(1e3)", "1000"),
        ('string([1, "a", {b: null}])', '[1, "a", {b: null}]'),
    ],
)
def test_built_ins_on_numbers(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("list contains([1, null], null)", True),
        ("count([1, null])", 2),
        ("min(3, 1, 2)", 1),
        ('max(["a", "c", "b"])', "c"),
        ('max([1, "c"])', None),
        ("min([])", None),
        ("sum(1, 2, 3)", 6),
        ("sum([])", None),
        ('sum([1, "a"])', None),
        ('string(sum([@"P1D", @"PT12H"]))', "P1DT12H"),
        ("mean([1, 2, 3, 4])", Decimal("2.5")),
        ("median([6, 1, 2, 3])", Decimal("2.5")),
        ("stddev(2, 4, 7, 5)", Decimal("2.081665999466132735282297706979931")),
        ("mode([6, 1, 9, 6, 1])", [1, 6]),
        ("product(2, 3, 4)", 24),
        ("all([true, null])", None),
        ("any([false, null, true])", True),
        ("sublist([4, 5, 6], -2)", [5, 6]),
        ("append([1], 2, 3)", [1, 2, 3]),
        ("append(list: [1], item: 2)", [1, 2]),
        ("concatenate([1], [2], [3])", [1, 2, 3]),
        ("concatenate([1], null)", None),
        ("concatenate(1, [null])", [1, None]),
        ("insert before([1, 3], 2, 2)", [1, 2, 3]),
        ("remove([1, 2, 3], -1)", [1, 2]),
        ("reverse([1, 2])", [2, 1]),
        ("index of([1, 2, 1], 1)", [1, 3]),
        ("union([1, 2], [2, 3], [4])", [1, 2, 3, 4]),
        ("distinct values([1, 1.0, [2], [2], null, null])", [1, [2], None]),
        ("duplicate values([1, 2, 1])", [1]),
        ("flatten([[1, [2]], 3])", [1, 2, 3]),
        ("sort([3, 1, 2])", [1, 2, 3]),
        ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
        ("partition([1, 2, 3], 2)", [[1, 2], [3]]),
        ("list replace([2, 4], function(item, new) item < new, 3)", [3, 4]),
        ("is empty([])", True),
    ],
)
def test_built_ins_on_lists(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('get value({a: {b: 1}}, ["a", "b"])', 1),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": 1, "c": 2}}),
        ("context merge([{a: 1, b: 1}, {b: 2}])", {"a": 1, "b": 2}),
        ('context([{key: "a", value: 1}])', {"a": 1}),
        ('from json("{\\"a\\": [1.50]}").a[1]', Decimal("1.50")),
        ('from json("{")', None),
        ('to json({a: [1.50, @"2026-01-01"]})', '{"a":[1.50,"2026-01-01"]}'),
        ("is defined(nothing)", False),
        ("is defined(product)", False),
        ("get or else(nothing.here, 5)", 5),
        ('assert(5, true, "never")', 5),
        ("not(null)", None),
        ('is(@"12:00:00Z", @"12:00:00+01:00")', False),
        ('is(1, "1")', False),
    ],
)
def test_built_ins_on_contexts_and_absence(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("before([1..5), 5)", True),
        ("after(6, [1..5])", True),
        ("meets([1..5], [5..8])", True),
        ("met by([5..8], [1..5))", False),
        ("overlaps([1..5], [5..8])", True),
        ("overlaps before([1..5], [3..8])", True),
        ("overlaps after([3..8], [1..5])", True),
        ("finishes(5, [1..5])", True),
        ("finished by([1..5), 5)", False),
        ("includes([1..5], [2..3])", True),
        ("during(1, (1..5])", False),
        ("starts([1..3], [1..5])", True),
        ("started by([1..5], 1)", True),
        ("coincides([1..5], [1..5))", False),
        ('before(@"2026-01-01", @"2026-01-02")', True),
        ("before(range: [1..5], point: 9)", True),
        ("before(point: 9, range: [1..5])", False),
        ("meets(1, [1..5])", None),
        ("includes(3, [1..5])", None),
        ("coincides(3, [3..3])", None),
        ("before(1, null)", None),
        ('before(1, "a")', None),
        ('2 in range("[1..3]")', True),
        ('range("[3..1]")', None),
    ],
)
def test_built_ins_on_ranges(text: str, value: object) -> None:
    assert value_of(text) is value
