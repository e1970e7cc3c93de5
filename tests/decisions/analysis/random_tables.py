"""Random decision tables of all simple types, with points that meet every place where their cells may differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from app.decisions import DecisionModel, parse_dmn
from app.feel import parse_expression, to_plain
from tests.decisions.analysis.brute import Point
from tests.decisions.dmn_texts import NOON, decision, dmn

OUTPUTS = ('"a"', '"b"', '"c"')
TEXTS = ('"red"', '"green"', '"blue"')
POLICIES = ("UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT")


def _day(n: float) -> str:
    return f'date("{date(2026, 1, 30) + timedelta(days=n)}")'


def _moment(n: float) -> str:
    return f'date and time("{(datetime(2026, 2, 27) + timedelta(hours=12 * n)).isoformat()}")'


def _clock(n: float) -> str:
    return f'time("{(datetime(2026, 1, 1, 8) + timedelta(hours=n)).time().isoformat()}")'


def _at_moment(n: float) -> str:
    return f'@"{(datetime(2026, 2, 27) + timedelta(hours=12 * n)).isoformat()}"'


# kind -> the FEEL text of the n-th value, and whether there are values between two neighbours
LADDERS: dict[str, tuple[Callable[[float], str], bool]] = {
    "number": (lambda n: f"{n - 2:g}", True),
    "integer": (lambda n: f"{n - 2:g}", False),
    "date": (_day, False),
    "time": (_clock, True),
    "dateTime": (_moment, True),
    "date and time": (_at_moment, True),
    "dayTimeDuration": (lambda n: f'duration("PT{int(n * 60)}M")', True),
    "yearMonthDuration": (lambda n: f'@"P{int(n)}M"', False),
}


@dataclass(frozen=True)
class Column:
    """An input column: its variable, typeRef, allowed values as written, constants of its cells, and values to try."""

    name: str
    kind: str
    allowed: str
    constants: tuple[str, ...]
    tries: tuple[Any, ...]
    ordered: bool


@dataclass(frozen=True)
class RandomTable:
    """A model with the decision `d` that holds the table, the same with COLLECT, and the points to try."""

    model: DecisionModel
    collecting: DecisionModel
    points: tuple[Point, ...]

    def hits_at(self, point: Point) -> frozenset[int]:
        """The numbers of the rules that apply, as the engine's trace says."""
        variables = {f"x{place}": to_plain(value) for place, value in enumerate(point)}  # of the different inputs
        return frozenset(hit.number for hit in self.collecting.evaluate("d", variables, NOON).traces[0].hits)


def random_table(seed: int) -> RandomTable:
    """The table of that seed."""
    chance = Random(seed)
    size = chance.choice((1, 2, 2, 3))
    inputs = [_column(chance, f"x{place}", 3 if size == 3 else 6) for place in range(size)]
    columns = [*inputs, inputs[0]] if chance.random() < 0.15 else inputs  # one expression may head two columns
    rows = [
        [*(_cell(chance, column) for column in columns), chance.choice(OUTPUTS)] for _ in range(chance.randint(1, 8))
    ]
    policy = chance.choice(POLICIES)
    points = tuple(product(*(column.tries for column in inputs)))
    return RandomTable(_model(columns, rows, policy), _model(columns, rows, "COLLECT"), points)


def _column(chance: Random, name: str, most: int) -> Column:
    sort = chance.choice((*LADDERS, "number", "integer", "string", "string", "ordered text", "boolean", "whole", "any"))
    if sort == "boolean":
        return Column(name, "boolean", "", ("true", "false"), (True, False, None), ordered=False)
    if sort == "ordered text":
        tries = ("", "a", "b", "bb", "c", "cc", "d", "dd", None)
        return Column(name, "string", "", ('"b"', '"c"', '"d"'), tries, ordered=True)
    if sort == "string":
        allowed = chance.choice(("", ",".join(TEXTS)))
        tries = tuple(text.strip('"') for text in TEXTS) + (() if allowed else ("none of them",))
        return Column(name, "string", allowed, TEXTS, (*tries, None), ordered=False)
    kind, whole = ("number", True) if sort == "whole" else (sort, False)
    literal, dense = LADDERS.get(kind, LADDERS["number"])
    limits = "? = floor(?)" if whole else ""
    steps: list[float] = [n / 2 for n in range(2 * most + 3)] if dense and not whole else list(range(most + 2))
    if chance.random() < 0.3:
        low, high = sorted((chance.randint(0, most), chance.randint(0, most)))
        steps = [n for n in steps if low <= n <= high]
        span = f"[{literal(low)}..{literal(high)}]"
        limits = f"? = floor(?) and ? in {span}" if whole else span
    tries = [parse_expression(literal(n)).evaluate({}) for n in steps]
    return Column(name, kind, limits, tuple(literal(n) for n in range(1, most + 1)), (*tries, None), ordered=True)


def _cell(chance: Random, column: Column) -> str:
    if chance.random() < 0.25:
        return "-"
    if chance.random() < 0.06:
        return chance.choice(("null", "not(null)"))
    tests = ", ".join(_test(chance, column) for _ in range(chance.choice((1, 1, 1, 2, 3))))
    return f"not({tests})" if chance.random() < 0.15 else tests


def _test(chance: Random, column: Column) -> str:
    one, other = sorted(chance.sample(range(len(column.constants)), 2))
    low, high = column.constants[one], column.constants[other]
    if not column.ordered:
        return chance.choice((low, f"= {low}", f"? = {low}", f"[{low}, {high}]", f"? in ({low}, {high})"))
    sort = chance.randrange(8)
    if sort == 0:
        return low
    if sort == 1:
        return f"{chance.choice(('<', '<=', '>', '>='))} {low}"
    if sort == 2:
        return f"? {chance.choice(('<', '<=', '>', '>=', '='))} {high}"
    if sort == 3:
        return f"? between {low} and {high}"
    if sort == 4:
        return f"? > {low} and ? <= {high}"
    return f"{chance.choice('[(')}{low}..{high}{chance.choice('])')}"


def _model(columns: list[Column], rows: list[list[str]], policy: str) -> DecisionModel:
    lines = [f'<decisionTable hitPolicy="{policy}">']
    for column in columns:
        allowed = f"<inputValues><text>{escape(column.allowed)}</text></inputValues>" if column.allowed else ""
        lines.append(
            f"<input><inputExpression typeRef={quoteattr(column.kind)}><text>{column.name}</text></inputExpression>"
            f"{allowed}</input>"
        )
    lines.append(f'<output name="out"><outputValues><text>{",".join(OUTPUTS)}</text></outputValues></output>')
    for row in rows:
        cells = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[:-1])
        lines.append(f"<rule>{cells}<outputEntry><text>{row[-1]}</text></outputEntry></rule>")
    return parse_dmn(dmn(decision("\n".join([*lines, "</decisionTable>"]))))
