"""Built-ins that place ranges and points against each other (DMN 1.3, 10.3.4.9); points stand for [point..point]."""

from __future__ import annotations

from collections.abc import Callable

from app.feel.comparison import order
from app.feel.library.registry import builtin
from app.feel.ranges import Range
from app.feel.run import Run, Value

Relation = Callable[[Range, Range], "bool | None"]


def _as_range(value: Value) -> Range | None:
    """A range as it is, another value as the range of that one point; null and open ends have no place here."""
    if type(value) is Range:
        return None if value.start is None or value.end is None else value
    return None if value is None else Range(value, value, True, True)


def _starts_no_earlier(inner: Range, outer: Range) -> bool | None:
    """Whether `inner` begins where `outer` has begun already."""
    found = order(inner.start, outer.start)
    if found is None:
        return None
    return found > 0 or (found == 0 and (outer.start_included or not inner.start_included))


def _ends_no_later(inner: Range, outer: Range) -> bool | None:
    found = order(inner.end, outer.end)
    if found is None:
        return None
    return found < 0 or (found == 0 and (outer.end_included or not inner.end_included))


def _both(one: bool | None, other: bool | None) -> bool | None:
    return None if one is None or other is None else one and other


def before(a: Range, b: Range) -> bool | None:
    """a ends before b begins."""
    found = order(a.end, b.start)
    return None if found is None else found < 0 or (found == 0 and not (a.end_included and b.start_included))


def after(a: Range, b: Range) -> bool | None:
    """a begins after b ends."""
    return before(b, a)


def meets(a: Range, b: Range) -> bool | None:
    """a ends in the point where b begins."""
    found = order(a.end, b.start)
    return None if found is None else found == 0 and a.end_included and b.start_included


def met_by(a: Range, b: Range) -> bool | None:
    """b meets a."""
    return meets(b, a)


def overlaps(a: Range, b: Range) -> bool | None:
    """They have a point in common."""
    one, other = before(a, b), before(b, a)
    return None if one is None or other is None else not one and not other


def overlaps_before(a: Range, b: Range) -> bool | None:
    """They overlap, a begins first and b ends last."""
    begins = order(a.start, b.start)
    ends = order(a.end, b.end)
    common = overlaps(a, b)
    if begins is None or ends is None or common is None:
        return None
    first = begins < 0 or (begins == 0 and a.start_included and not b.start_included)
    last = ends < 0 or (ends == 0 and (not a.end_included or b.end_included))
    return common and first and last


def overlaps_after(a: Range, b: Range) -> bool | None:
    """They overlap, b begins first and a ends last."""
    begins = order(b.start, a.start)
    ends = order(b.end, a.end)
    common = overlaps(a, b)
    if begins is None or ends is None or common is None:
        return None
    first = begins < 0 or (begins == 0 and b.start_included and not a.start_included)
    last = ends < 0 or (ends == 0 and (not b.end_included or a.end_included))
    return common and first and last


def includes(a: Range, b: Range) -> bool | None:
    """b lies within a."""
    return _both(_starts_no_earlier(b, a), _ends_no_later(b, a))


def during(a: Range, b: Range) -> bool | None:
    """a lies within b."""
    return includes(b, a)


def starts(a: Range, b: Range) -> bool | None:
    """They begin together and a lies within b."""
    same = order(a.start, b.start)
    if same is None:
        return None
    return _both(same == 0 and a.start_included == b.start_included, _ends_no_later(a, b))


def started_by(a: Range, b: Range) -> bool | None:
    """b starts a."""
    return starts(b, a)


def finishes(a: Range, b: Range) -> bool | None:
    """They end together and a lies within b."""
    same = order(a.end, b.end)
    if same is None:
        return None
    return _both(same == 0 and a.end_included == b.end_included, _starts_no_earlier(a, b))


def finished_by(a: Range, b: Range) -> bool | None:
    """b finishes a."""
    return finishes(b, a)


def coincides(a: Range, b: Range) -> bool | None:
    """They have the same ends."""
    begins, ends = order(a.start, b.start), order(a.end, b.end)
    if begins is None or ends is None:
        return None
    same = a.start_included == b.start_included and a.end_included == b.end_included
    return begins == 0 and ends == 0 and same


_RANGES = ("range1: range", "range2: range")
_POINTS = ("point1: point", "point2: point")
_POINT_FIRST, _RANGE_FIRST = ("point: point", "range: range"), ("range: range", "point: point")
_RELATIONS: dict[str, tuple[Relation, tuple[tuple[str, str], ...]]] = {
    "before": (before, (_RANGES, _POINT_FIRST, _RANGE_FIRST, _POINTS)),
    "after": (after, (_RANGES, _POINT_FIRST, _RANGE_FIRST, _POINTS)),
    "meets": (meets, (_RANGES,)),
    "met by": (met_by, (_RANGES,)),
    "overlaps": (overlaps, (_RANGES,)),
    "overlaps before": (overlaps_before, (_RANGES,)),
    "overlaps after": (overlaps_after, (_RANGES,)),
    "includes": (includes, (_RANGES, _RANGE_FIRST)),
    "during": (during, (_RANGES, _POINT_FIRST)),
    "starts": (starts, (_RANGES, _POINT_FIRST)),
    "started by": (started_by, (_RANGES, _RANGE_FIRST)),
    "finishes": (finishes, (_RANGES, _POINT_FIRST)),
    "finished by": (finished_by, (_RANGES, _RANGE_FIRST)),
    "coincides": (coincides, (_RANGES, _POINTS)),
}


def _declare(name: str, relation: Relation, signatures: tuple[tuple[str, str], ...]) -> None:
    def related(run: Run, a: Value, b: Value) -> bool | None:
        one, other = _as_range(a), _as_range(b)
        return None if one is None or other is None else relation(one, other)

    for first, second in signatures:
        builtin(name, first, second)(related)


for _name, (_relation, _signatures) in _RELATIONS.items():
    _declare(_name, _relation, _signatures)
