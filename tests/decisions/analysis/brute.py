"""What a table does at many points, asked of the engine, compared with what its check says: a list of differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

from app.decisions.analysis import TableCheck
from app.decisions.analysis.axis import ANY_VALUE, EMPTY, OTHER, SPACE, VALUE, Atom
from app.decisions.analysis.cover import Box
from app.decisions.analysis.grid import Input
from app.feel import Scope, parse_expression

Point = tuple[Any, ...]  # a FEEL value for each input of the check
LESS = parse_expression("left < right")
EQUAL = parse_expression("left = right")


def holds(expression: Any, left: object, right: object) -> bool:
    return expression.evaluate(Scope({"left": left, "right": right})) is True


def is_in(atom: Atom, value: object, all_atoms: Sequence[Atom]) -> bool:
    """Whether a value belongs to an atom, worked out from what the atom says of itself."""
    if value is None:
        return atom.sort == EMPTY
    if atom.sort == VALUE:
        return holds(EQUAL, atom.value, value)
    if atom.sort == OTHER:
        return isinstance(value, str) and not any(one.sort == VALUE and one.value == value for one in all_atoms)
    if atom.sort == SPACE:
        above = atom.after is None or holds(LESS, atom.after, value)
        below = atom.before is None or holds(LESS, value, atom.before)
        return above and below and holds(EQUAL, value, value) and type(value) is type(atom.value)
    return atom.sort == ANY_VALUE


def inside(inputs: Sequence[Input], box: Box, point: Point) -> bool:
    """Whether the point lies in the box."""
    return all(
        any(mask >> place & 1 and is_in(atom, value, one.axis.atoms) for place, atom in enumerate(one.axis.atoms))
        for one, mask, value in zip(inputs, box, point, strict=True)
    )


def differences(
    check: TableCheck, points: Sequence[Point], hits_at: Callable[[Point], frozenset[int]], *, every_atom: bool = True
) -> list[str]:
    """Where the check and the engine differ; `every_atom` says that the points meet each combination of atoms.

    `hits_at` gives the numbers of the rules that apply at a point. With fewer points only what they show is compared.
    """
    hits = {point: hits_at(point) for point in points}
    found = [*_of_gaps(check, hits)]
    together = {pair for each in hits.values() for pair in combinations(sorted(each), 2)}
    found += _of_pairs(check, together, every_atom)
    found += _of_rules(check, list(hits.values()), every_atom)
    return found


def _of_gaps(check: TableCheck, hits: dict[Point, frozenset[int]]) -> Iterator[str]:
    inputs = check.grid.inputs
    nulls_matter = [bool(one.domain & one.axis.null) for one in inputs]
    for point, rules in hits.items():
        if any(value is None and not matters for value, matters in zip(point, nulls_matter, strict=True)):
            continue
        said = any(inside(inputs, box, point) for box in check.gaps)
        if said != (not rules):
            yield f"at {point} the rules {sorted(rules)} apply, but the check says gap = {said}"


def _of_pairs(check: TableCheck, together: set[tuple[int, int]], every_atom: bool) -> Iterator[str]:
    policy = check.table.hit_policy
    if policy not in ("UNIQUE", "ANY"):
        return
    said = {(one.first, one.second) for one in (check.overlaps if policy == "UNIQUE" else check.conflicts)}
    if policy == "ANY":
        unsure = set(check.unsure)
        together = {pair for pair in together if _outputs(check, pair[0]) != _outputs(check, pair[1])} - unsure
    if every_atom and said != together:
        yield f"pairs {sorted(together)} apply together, but the check says {sorted(said)}"
    elif not together <= said:
        yield f"pairs {sorted(together - said)} apply together and the check does not say so"


def _of_rules(check: TableCheck, hits: Sequence[frozenset[int]], every_atom: bool) -> Iterator[str]:
    rules = range(1, len(check.table.rules) + 1)
    never = {rule for rule in rules if not any(rule in each for each in hits)}
    yield from _differs("never", set(check.never), never, every_atom)
    policy = check.table.hit_policy
    if policy in ("FIRST", "PRIORITY"):
        deciding = {min(each, key=lambda rule: _rank(check, rule)) for each in hits if each}
        yield from _differs(
            "unreachable", {one.rule for one in check.unreachable}, set(rules) - deciding - never, every_atom
        )
    elif policy in ("UNIQUE", "ANY"):
        redundant = set[int]()
        for rule in reversed(rules):
            where = [each for each in hits if rule in each]
            if where and all(
                any(
                    other != rule and other not in redundant and _outputs(check, other) == _outputs(check, rule)
                    for other in each
                )
                for each in where
            ):
                redundant.add(rule)
        if every_atom:
            yield from _differs("redundant", {one.rule for one in check.redundant}, redundant, every_atom)


def _differs(what: str, said: set[int], seen: set[int], every_atom: bool) -> Iterator[str]:
    """Few points may miss what shows that a rule matters, so only what they contradict counts then."""
    if (said != seen) if every_atom else not said <= seen:
        yield f"{what}: {sorted(seen)} by brute force, {sorted(said)} by the check"


def _outputs(check: TableCheck, rule: int) -> tuple[str, ...]:
    return check.table.rules[rule - 1].results


def _rank(check: TableCheck, rule: int) -> tuple[Any, ...]:
    if check.table.hit_policy == "FIRST":
        return (rule,)
    values = [expression.evaluate(Scope()) for expression in check.table.rules[rule - 1].outputs]
    return (*(column.rank(value) for column, value in zip(check.table.outputs, values, strict=True)), rule)
