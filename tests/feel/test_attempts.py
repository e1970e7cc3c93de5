"""Attempts to reach Python or to use up the machine: each gives a FEEL value or a FeelError within a second of CPU."""

from __future__ import annotations

import pytest

from app.feel import FeelError, parse_expression, parse_unary_tests, to_plain
from tests.feel.evaluation import NOON
from tests.feel.plain_feel import feel_faults
from tests.machine import counted, slowness

MOST_SECONDS = 1.0  # of CPU, a limit of the product: 200,000 steps take about a third of it
BIG = "a" * 999_999
XS = list(range(100_000))
TWIN = "{t: lower case(upper case(big)), r: %s}.r"  # an equal text that is another object

ESCAPES = {
    "the class of a number": "n.__class__",
    "the bases of a class": "n.__class__.__mro__[2].__subclasses__()",
    "the class of a text": '"".__class__.__base__',
    "the class of a list": "[].__class__.__init__.__globals__",
    "the class of a context": "{}.__class__.__dict__",
    "the class of a date": '@"2026-01-01".__class__',
    "the class of a duration": '@"P1D".__reduce__()',
    "the class of a range": "[1..2].__dataclass_fields__",
    "the class of a function": "(function(a) a).__class__",
    "the code behind a function": "(function(a) a).invoke.__code__",
    "the globals of a built-in": "abs.__globals__",
    "the overloads of a built-in": "abs.overloads[1].implementation",
    "a dunder as a filter": "[1, 2][__class__]",
    "a dunder as an entry": "{__class__: 1}.__class__.__class__",
    "a dunder as an argument": "count(__builtins__)",
    "a dunder as a parameter": "(function(__class__) __class__.__name__)(1)",
    "a dunder as a named argument": "abs(__self__: 1)",
    "a dunder as an iterator": "for __import__ in [1] return __import__.__doc__",
    "a dunder in backticks": "`__import__`.`__class__`",
    "a dunder by get value": 'get value(n, "__class__")',
    "a dunder by a path of keys": 'get value({a: {}}, ["a", "__class__", "__mro__"])',
    "a dunder as a type": "n instance of __class__",
    "a dunder in a unary test": "? = __class__",
    "import": '__import__("os").system("true")',
    "eval": 'eval("1 + 1")',
    "exec": 'exec("x = 1")',
    "open": 'open("/etc/passwd").read()',
    "getattr": 'getattr("", "__class__")',
    "the frame and its names": "env.names.up.run.limits",
    "the run itself": "run.steps",
    "a format string of braces": 'string join(["{0.__class__}"], "{}").format(n)',
    "a format string of percent signs": '"%(a)s" % {a: 1}',
    "a template string": 'replace("a", "a", "{__class__}${n}")',
    "a replacement with a group that is none": 'replace("abc", "(b)", "\\\\g<0>")',
    "a zone that is a path": '@"2026-01-01T00:00:00@../../../../etc/passwd"',
    "a zone that is a folder": 'date and time(date and time("2026-01-01T00:00:00"), "Asia")',
    "a zone with a NUL": 'date and time(date and time("2026-01-01T00:00:00"), "Asia/\\u0000")',
    "an external function": 'function(a) external {java: {class: "java.lang.Math", method signature: "max(int)"}}',
    "an external function of Python": 'function(a) external {python: {module: "os", name: "system"}}',
    "the mark of stored decimals": 'from json("{\\"$decimal\\": {}}")',
    "the mark with a number that is none": 'from json("{\\"$decimal\\": [0, [1], 99999]}")',
    "half a character": '"\\ud800"',
    "half a character in a pattern": 'matches("a", "\\udfff")',
    "half a character from JSON": 'matches(from json("\\"\\\\ud800\\""), "a")',
    "a character that ends texts in C": 'string length("\\u0000" + "a")',
    "marks that turn the writing direction": '"\u202e" + "abc"',
    "a full-width name of Python": "ｎ.＿＿class＿＿",
}

BOMBS = {
    "a huge power": "10 ** 10 ** 10",
    "a tower of powers": "9 ** (9 ** (9 ** (9 ** 9)))",
    "powers in a loop": "count(for i in 1..100000 return 1.00000001 ** (i + 0.123456789))",
    "roots of tiny numbers in a loop": "count(for i in 1..100000 return sqrt(1.234567e-6000))",
    "exponentials in a loop": "count(for i in 1..100000 return exp(14000.123456789))",
    "logarithms in a loop": "count(for i in 1..100000 return log(1.234567e-6000))",
    "an exponent beyond all": "1E999999",
    "an exponent beyond all from text": 'number("1E999999999999")',
    "a number of a million digits": 'number(replace(big, "a", "9"))',
    "the largest number halved in a loop": "count(for i in 1..100000 return odd(1e6144))",
    "counting beyond 34 digits": "for i in 1e6140..1e6144 return i",
    "months beyond all": 'count(for i in 1..100000 return duration("P1M") * 1e6143)',
    "a duration beyond all": '@"P999999999999999999D" * 1e30',
    "a date beyond all": 'date("999999999-12-31") + @"P999999999Y"',
    "dates to the end of time": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "a loop to a milliard": "for i in 1..1000000000 return i",
    "loops in loops": "for i in 1..1000, j in 1..1000, k in 1..1000 return 1",
    "an empty loop in a long one": "for i in 1..1000000000, j in [] return 1",
    "loops of sixty iterators": "for " + ", ".join(f"a{n} in [1, 2]" for n in range(60)) + " return a0",
    "loops of a thousand iterators": "for " + ", ".join(f"a{n} in [1]" for n in range(1_000)) + " return a0",
    "a quantifier to a milliard": "some i in 1..1000000000 satisfies i < 0",
    "names far out, read often": "for "
    + ", ".join(f"a{n} in [1]" for n in range(60))
    + ", z in 1..100000 return "
    + " + ".join(["a0"] * 100),
    "a list doubled by appending": "for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
    "lists of lists of lists": "for i in 1..60 return [partial, partial]",
    "lists of lists flattened": "flatten(for i in 1..60 return [partial, partial])",
    "lists of lists compared": "{a: for i in 1..60 return [partial, partial], r: a = (for x in a return x)}.r",
    "lists of lists as JSON": "{a: for i in 1..60 return [partial, partial], r: for j in xs return to json(a)}.r",
    "a text doubled": 'for i in 1..100 return if i = 1 then "abc" else partial[-1] + partial[-1]',
    "texts joined": "string join(for i in 1..1000 return big)",
    "texts as JSON": "to json(for i in 1..100000 return big)",
    "texts as a result": "for i in 1..100000 return big",
    "numbers of 6,000 digits written": "string(for i in 1..100000 return i * 1e6100)",
    "numbers of 6,000 digits as JSON": "to json(for i in 1..50000 return i * 1e6100)",
    "long texts compared": TWIN % "every i in 1..100000 satisfies big = t",
    "long texts put in order": TWIN % "every i in 1..100000 satisfies big <= t",
    "long texts in ranges": TWIN % "every i in 1..100000 satisfies big in [t..t]",
    "long texts sorted": TWIN % "count(sort(for i in 1..20000 return if odd(i) then big else t))",
    "long texts searched": TWIN % 'list contains(for i in 1..20000 return t, big + "")',
    "long texts told apart": TWIN % "count(distinct values(for i in 1..20000 return if odd(i) then big else t))",
    "long texts as ends of ranges": TWIN % "for i in 1..20000 return before([t..t], [big..big])",
    "JSON read again and again": '{s: "[[" + string join(for k in 1..9999 return "[],[],[],") + "1]]", '
    "r: count(for i in 1..90 return from json(s))}.r",
    "a pattern that backtracks": 'matches(big + "!", "(a+)+$")',
    "a pattern of choices": 'matches(big, "(a|aa|aaa|.a|..a)*b")',
    "a counted pattern of a counted pattern": 'matches("x", "((x{1000}){1000}){1000}")',
    "a pattern of a thousand maybes": 'matches(big, "(a?){1000}b")',
    "a pattern that looks far back": 'matches(big, "a.{900}b.{900}c")',
    "a pattern of a million characters": 'matches("a", big)',
    "thousands of large patterns": 'count(for i in 1..9999 return matches("a", "([^b]{300}){2}" + string(i)))',
    "a replacement that grows": 'replace(big, "a", "aaaaaaaaaaaaaaaaaaaaaaaa")',
    "a replacement at every place": 'replace(big, "a|b", "")',
    "a replacement that searches to the end": 'replace(big, "a.*b|a", "")',
    "a split into a million pieces": 'split(big, "a")',
    "a sort without an order": "sort(xs, function(a, b) true)",
    "a sort that asks much": "sort(xs, function(a, b) count(xs) > a)",
    "a sort of much": "sort(reverse(for x in xs return modulo(x * 7919, 90001)))",
    "types of long lists": "count(for i in 1..100000 return xs instance of list<number>)",
    "long lists as typed arguments": "{f: function(x: list<number>) 1, r: count(for i in 1..100000 return f(xs))}.r",
    "a function of itself": "{f: function(g) g(g), r: f(f)}.r",
    "two functions of each other": "{f: function(a, b) b(b, a), g: function(a, b) b(b, a), r: f(f, g)}.r",
    "a function that calls itself thrice": "{f: function(g, n) g(g, n + 1) + g(g, n + 1) + g(g, n + 1), r: f(f, 1)}.r",
    "a context of itself": "{a: b, b: a, c: c.c.c}.c",
    "parentheses": "(" * 9_000 + "1" + ")" * 9_000,
    "lists in lists": "[" * 9_000 + "]" * 9_000,
    "ifs in ifs": "if true then " * 1_400 + "1",
    "functions in functions": "function(a) " * 1_500 + "a",
    "filters on filters": "xs" + "[item > 0]" * 1_500,
    "minus signs": "-" * 19_000 + "1",
    "types in types": "1 instance of " + "list<" * 3_000 + "Any" + ">" * 3_000,
    "ranges in ranges": "1 in [" * 1_000 + "1..2]" * 1_000,
    "thousands of tests": "1 in (" + ", ".join("2" for _ in range(6_000)) + ")",
    "a sum of thousands": "1" + "+1" * 9_900,
    "a megabyte of text": "a" * 1_000_000,
    "a hundred thousand tokens": "1 + " * 100_000,
    "a comment without an end": "1 /* " + "*" * 19_000,
    "a text without an end": '"' + "\\" * 18_999,
    "a text of escapes": '"' + "\\u0041" * 3_300 + '"',
    "an assertion that says much": "assert(1, false, big)",
    "zones in a loop": 'count(for i in 1..100000 return date and time(now(), "America/New_York").hour)',
}


def outcomes(text: str) -> list[tuple[object, float]]:
    """The value as expression and as unary tests, null where refused, with the CPU seconds up to its plain form."""
    found: list[tuple[object, float]] = []
    scope = {"n": 1, "big": BIG, "xs": XS}
    for read in (
        lambda: parse_expression(text).evaluate(scope, NOON),
        lambda: parse_unary_tests(text).matches(1, scope, NOON),
    ):
        value: object = None
        with counted() as seconds:
            try:
                value = read()
                to_plain(value)
            except FeelError as refusal:
                assert refusal.text.zh and refusal.text.en and refusal.column >= 0
                assert len(refusal.text.en) < 1_000
        found.append((value, seconds[0]))
    return found


def test_there_are_more_than_sixty_attempts() -> None:
    assert len(ESCAPES) >= 40 and len(BOMBS) >= 60


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escape_gives_plain_feel_or_a_feel_error(name: str) -> None:
    for value, _ in outcomes(ESCAPES[name]):
        assert feel_faults(value) == []


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_within_a_second(name: str) -> None:
    for value, seconds in outcomes(BOMBS[name]):
        assert feel_faults(value) == []
        assert seconds < MOST_SECONDS or seconds < MOST_SECONDS * slowness()


def test_a_python_object_is_told_from_a_feel_value() -> None:
    assert feel_faults([{"a": object()}]) == ["object"]
    assert feel_faults({"a": [abs]}) == ["builtin_function_or_method"]
