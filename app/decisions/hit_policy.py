"""The hit policies of decision tables (DMN 1.5, 8.2.10): what the rules that applied make of the table's result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.feel import Run, parse_expression
from app.texts import Text

HIT_POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
MANY = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
RANKED = frozenset({"PRIORITY", "OUTPUT ORDER"})

_AGGREGATE = {name: parse_expression(f"{name.lower()}(values)") for name in ("SUM", "MIN", "MAX")}


@dataclass(frozen=True)
class Row:
    """A rule that applied: its row number from 1, its result (bare or a context) and its rank, smaller first."""

    number: int
    result: object
    rank: tuple[int, ...] = ()


@dataclass(frozen=True)
class Resolved:
    """The table's result and the rows behind it; `conflict` where the policy was broken, `note` says how."""

    value: object
    rows: tuple[Row, ...]
    conflict: bool = False
    note: Text | None = None


def resolve(policy: str, aggregation: str, rows: Sequence[Row], run: Run) -> Resolved:
    """The result of a table whose rules `rows` (at least one, in the table's order) applied; `run` is charged."""
    return _RESOLVERS[policy](tuple(rows), aggregation, run)


def nothing(policy: str, aggregation: str) -> object:
    """What a table gives when no rule applies and there is no default: null, an empty list, or 0 for COUNT."""
    if aggregation:
        return Decimal(0) if aggregation == "COUNT" else None
    return [] if policy in MANY else None


def same(left: object, right: object, run: Run | None = None) -> bool:
    """Whether two FEEL values are equal; true is not 1 here. `run` is the evaluation that is charged."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if run is not None:
        run.spend(len(left) if isinstance(left, list | dict) else 1)
        run.weigh(left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key], run) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(one, other, run) for one, other in zip(left, right, strict=True))
    return bool(left == right)


def _unique(rows: tuple[Row, ...], aggregation: str, run: Run) -> Resolved:
    if len(rows) == 1:
        return Resolved(rows[0].result, rows)
    zh, en = _numbers(rows)
    note = Text(
        f"冲突：唯一命中的表有 {len(rows)} 行命中（第 {zh} 行），结果为空", f"conflict: rows {en} apply, only one may"
    )
    return Resolved(None, rows, conflict=True, note=note)


def _any(rows: tuple[Row, ...], aggregation: str, run: Run) -> Resolved:
    if all(same(rows[0].result, row.result, run) for row in rows[1:]):
        return Resolved(rows[0].result, rows)
    zh, en = _numbers(rows)
    note = Text(f"冲突：第 {zh} 行命中但结果不同，结果为空", f"conflict: rows {en} apply with different results")
    return Resolved(None, rows, conflict=True, note=note)


def _first(rows: tuple[Row, ...], aggregation: str, run: Run) -> Resolved:
    return Resolved(rows[0].result, rows[:1])


def _priority(rows: tuple[Row, ...], aggregation: str, run: Run) -> Resolved:
    return Resolved(min(rows, key=lambda row: row.rank).result, rows)


def _rule_order(rows: tuple[Row, ...], aggregation: str, run: Run) -> Resolved:
    return Resolved([row.result for row in rows], rows)


def _output_order(rows: tuple[Row, ...], aggregation: str, run: Run) -> Resolved:
    ordered = sorted(rows, key=lambda row: row.rank)
    return Resolved([row.result for row in ordered], tuple(ordered))


def _collect(rows: tuple[Row, ...], aggregation: str, run: Run) -> Resolved:
    if not aggregation:
        return _rule_order(rows, aggregation, run)
    if aggregation == "COUNT":
        return Resolved(Decimal(len(rows)), rows)
    value = _AGGREGATE[aggregation].evaluate({"values": [row.result for row in rows]}, run=run)
    if value is not None:
        return Resolved(value, rows)
    zh, en = _numbers(rows)
    note = Text(
        f"第 {zh} 行的输出无法汇总，结果为空", f"the outputs of rows {en} cannot be aggregated, the result is null"
    )
    return Resolved(None, rows, note=note)


def _numbers(rows: Sequence[Row]) -> tuple[str, str]:
    numbers = [str(row.number) for row in rows]
    return "、".join(numbers), ", ".join(numbers)


_RESOLVERS: dict[str, Callable[[tuple[Row, ...], str, Run], Resolved]] = {
    "UNIQUE": _unique,
    "FIRST": _first,
    "PRIORITY": _priority,
    "ANY": _any,
    "COLLECT": _collect,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
}
