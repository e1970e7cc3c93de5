"""The language itself: literals, operators, control, lists, contexts, functions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.feel.evaluation import value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("2 ** 3 ** 2", 64),
        ("-3 ** 2", 9),
        ("--3", 3),
        ("7 / 2", Decimal("3.5")),
        ("1 / 0", None),
        (".5 + 1.5e1", Decimal("15.5")),
        ("0.1 + 0.2 = 0.3", True),
        ("1.00 = 1", True),
        ('"合" + "同"', "合同"),
        ('"a\\n\\u4e2d\\"b\\d"', 'a\n中"b\\d'),
        ('1 + "a"', None),
        ("1 /* one */ + 2 // two", 3),
        ("true and null", None),
        ("5 between 1 and 10 and true", True),
        ('"b" between "a" and "c"', True),
        ("1 between 2 and null", False),
        ("3 between 2 and null", None),
        ("null = null", True),
        ('1 = "1"', None),
        ("[1, 2] = [1, 2.0]", True),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("null < 1", None),
    ],
)
def test_operators_have_the_values_of_the_standard(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 in [1..5]", True),
        ("5 in [1..5)", False),
        ("5 in ]5..9[", False),
        ("5 in (> 4)", True),
        ("5 in > 6", False),
        ("5 in (1, 3, 5)", True),
        ("5 in (<3, >4)", True),
        ("5 in [1, 5]", True),
        ("5 in [[1..2], [4..6]]", True),
        ("5 in ([1, 5])[2]", True),
        ("5 in (1 + 4)", True),
        ("5 in (2..4)", False),
        ('"x" in ("x", "y") and true', True),
        ("null in (null)", True),
    ],
)
def test_membership_knows_ranges_lists_and_comparisons(text: str, value: object) -> None:
    assert value_of(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('if 1 > 2 then "a" else if 2 > 1 then "b" else "c"', "b"),
        ("if null then 1 else 2", 2),
        ("for x in [1, 2, 3] return x * 2", [2, 4, 6]),
        ("for x in 3..1 return x", [3, 2, 1]),
        ("for x in [1..3] return x", [1, 2, 3]),
        ("for x in [1, 2], y in [x, 10] return x * y", [1, 10, 4, 20]),
        ("for i in 1..6 return if i <= 2 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3, 5, 8]),
        ('for d in @"2026-02-27"..@"2026-03-01" return string(d)', ["2026-02-27", "2026-02-28", "2026-03-01"]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [1, 2] satisfies x > 1", False),
        ("every x in [] satisfies false", True),
        ("some x in [1, null] satisfies x > 5", None),
        ("some x in [1, 2], y in [2, 3] satisfies x = y", True),
    ],
)
def test_control_follows_its_branches_and_loops(text: str, value: object) -> None:
    assert value_of(text) == value


ORDERS = [{"number": "A1", "amount": 300}, {"number": "A2", "amount": 50}, {"amount": 700}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("orders[1].amount", 300),
        ("orders[-1].amount", 700),
        ("orders[9]", None),
        ("orders[amount > 100].amount", [300, 700]),
        ("orders[item.amount > 100 and number = null].amount", [700]),
        ("orders.number", ["A1", "A2", None]),
        ("sum(orders.amount)", 1050),
        ("orders[amount > limit].number", ["A1", None]),
        ("count(orders[count(orders)].amount)", 1),
        ("[1, 2, 3][item >= 2]", [2, 3]),
        ("[][1]", None),
        ("[][item > 1]", []),
        ("5[1]", 5),
        ("missing.part.of.nothing", None),
        ("[[1, 2], [3]][1][2]", 2),
    ],
)
def test_paths_and_filters_reach_into_lists(text: str, value: object) -> None:
    assert value_of(text, orders=ORDERS, limit=100) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{a: 1, "b c": a + 1, d: b c * 10}', {"a": 1, "b c": 2, "d": 20}),
        ("{f: function(x, y) x - y, r: f(5, 3)}.r", 2),
        ("{f: function(x, y) x - y, r: f(y: 5, x: 3)}.r", -2),
        ("(function(x: number) x + 1)(1)", 2),
        ('(function(x: number) x + 1)("a")', None),
        ("(function(x) x)(1, 2)", None),
        ("(function(x, y) if y = null then x else y)(x: 1)", 1),
        ("(function(x) x)(z: 1)", None),
        ('{"a b": 1}.a b', 1),
        ("{p: {first name: 1}}.p.first name", 1),
        ("{n: 10, f: function(x) x + n, r: {n: 1, s: f(1)}.s}.r", 11),
        ("no such function(1)", None),
        ('sort(["b", "a"], function(x, y) x < y)', ["a", "b"]),
        ('substring(string: "foobar", start position: 3)', "obar"),
        ("{}", {}),
        ("[1..3].end included", True),
    ],
)
def test_contexts_and_functions_see_the_right_names(text: str, value: object) -> None:
    assert value_of(text.replace("no such function", "nothing")) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 instance of number", True),
        ("null instance of Any", False),
        ('@"P1D" instance of days and time duration', True),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("{a: 1} instance of context<a: number>", True),
        ("[1..2] instance of range<number>", True),
        ("(function(a) a) instance of function<number>->number", True),
        ("5 instance of nobody knows", None),
        ("[1] instance of list", None),
        ("{a: 1} instance of context", None),
        ("[1] instance of list<nobody>", None),
        ('@"P1D" instance of duration', None),
        ("null instance of Null", True),
        ("(function(a: string) a) instance of function<number>->Any", False),
        ("(function(a: Any) a) instance of function<number>->Any", True),
        ("(function(f: function<number>->Any) f) instance of function<function<Any>->number>->Any", True),
        ("(function(l: list<number>) l) instance of function<list<Any>>->Any", False),
        ("(function(c: context<a: number>) c) instance of function<context<a: number, b: string>>->Any", True),
    ],
)
def test_instance_of_names_types(text: str, value: object) -> None:
    assert value_of(text.replace("nobody knows", "nobody")) is value
