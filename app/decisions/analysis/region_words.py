"""Masks of atoms in words: "> 17 and < 18", "anything but a, b", "empty", and a value that stands for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.decisions.analysis.axis import ANY_VALUE, EMPTY, OTHER, SPACE, VALUE, Atom
from app.decisions.analysis.check import shown_atom
from app.decisions.analysis.cover import Box
from app.decisions.analysis.grid import Grid, Input, positions
from app.decisions.cell_words import NO_VALUE, value_in_words
from app.decisions.value_words import NO_WORDS, ColumnWords
from app.feel import DaysTimeDuration, YearsMonthsDuration
from app.feel.values import is_temporal, written_value
from app.plain import Plain
from app.texts import Text

_ANY = Text("任意", "anything")
_OTHER = Text("其他文本", "any other text")
_LONG = 30  # digits beyond which a number is written with an exponent


def where(grid: Grid, box: Box) -> Text:
    """The box as conditions on the inputs that it limits; "anything" where it limits none."""
    limited = [(one, mask) for one, mask in zip(grid.inputs, box, strict=True) if one.domain & ~mask]
    said = [(one.label, region(one, mask)) for one, mask in limited]
    return Text(
        "，".join(f"{label.zh} {words.zh}" for label, words in said) or "任何输入",
        ", ".join(f"{label.of('en')} {words.en}" for label, words in said) or "any input",
    )


def example(grid: Grid, box: Box) -> tuple[tuple[Text, Text], ...]:
    """For each input its label and a value in the box, in words."""
    return tuple(
        (one.label, _stands_for(one.axis.atoms[shown_atom(one.axis, mask).bit_length() - 1], one.words))
        for one, mask in zip(grid.inputs, box, strict=True)
    )


def region(one: Input, mask: int) -> Text:
    """The atoms of a mask: ranges and values one after the other."""
    atoms = one.axis.atoms
    chosen = [atoms[place] for place in positions(mask)]
    missing = [atoms[place] for place in positions(one.domain & ~mask) if isinstance(atoms[place].value, str)]
    if any(atom.sort == OTHER for atom in chosen) and all(isinstance(atom.value, str) for atom in chosen):
        if len(chosen) == 1:
            return _OTHER
        but = [value_words(atom.value, one.words) for atom in missing]
        return Text("除 " + "、".join(x.zh for x in but) + " 外", "anything but " + ", ".join(x.en for x in but))
    said = [_run(run, one.words) for run in _runs(one, mask)]
    return Text("、".join(words.zh for words in said), ", ".join(words.en for words in said))


def value_words(value: object, words: ColumnWords = NO_WORDS) -> Text:
    """A FEEL value for reading, a number with all its places; texts as `words` calls them."""
    if isinstance(value, Decimal):
        written = f"{value:,f}" if abs(value.adjusted()) < _LONG else str(value)
        return Text(written, written)
    if isinstance(value, DaysTimeDuration):
        days, hours, minutes, seconds = value.parts
        return _length([(days, "天", "d"), (hours, "小时", "h"), (minutes, "分", "min"), (seconds, "秒", "s")])
    if isinstance(value, YearsMonthsDuration):
        years, months = value.parts
        return _length([(years, "年", "y"), (months, "个月", "mo")])
    if is_temporal(value):
        written = written_value(value).replace("T", " ")
        return Text(written, written)
    plain: Plain = value
    return value_in_words(plain, words) if plain != "" else Text("空文本", "an empty text")


def _length(parts: Sequence[tuple[object, str, str]]) -> Text:
    said = [(number, zh, en) for number, zh, en in parts if number] or [(0, parts[-1][1], parts[-1][2])]
    return Text(" ".join(f"{n} {zh}" for n, zh, _ in said), " ".join(f"{n} {en}" for n, _, en in said))


def _stands_for(atom: Atom, words: ColumnWords) -> Text:
    if atom.sort == OTHER:
        return _OTHER
    if atom.sort == ANY_VALUE:
        return _ANY
    return NO_VALUE if atom.sort == EMPTY else value_words(atom.value, words)


def _runs(one: Input, mask: int) -> Iterator[list[Atom]]:
    """Neighbouring atoms of a line that are all chosen; each other atom by itself."""
    run: list[Atom] = []
    before = -1
    for place in positions(mask):
        segment = one.axis.segment_of(place)
        joins = run and place == before + 1 and segment.line is not None and segment is one.axis.segment_of(before)
        if run and not joins:
            yield run
            run = []
        run.append(one.axis.atoms[place])
        before = place
    if run:
        yield run


def _run(run: Sequence[Atom], words: ColumnWords) -> Text:
    """A run as a range: ≥ 17, 17–18, > 17 and < 18."""
    first, last = run[0], run[-1]
    if len(run) == 1 and first.sort != SPACE:
        return _stands_for(first, words)
    if first.sort == VALUE and last.sort == VALUE:
        low, high = value_words(first.value), value_words(last.value)
        return Text(f"{low.zh}–{high.zh}", f"{low.en}–{high.en}")
    ends = [(sign, words) for sign, words in (_low(first), _high(last)) if words is not None]
    if not ends:
        return _ANY
    return Text(
        " 且 ".join(f"{sign} {words.zh}" for sign, words in ends),
        " and ".join(f"{sign} {words.en}" for sign, words in ends),
    )


def _low(atom: Atom) -> tuple[str, Text | None]:
    if atom.sort == VALUE:
        return "≥", value_words(atom.value)
    return ">", None if atom.after is None else value_words(atom.after)


def _high(atom: Atom) -> tuple[str, Text | None]:
    if atom.sort == VALUE:
        return "≤", value_words(atom.value)
    return "<", None if atom.before is None else value_words(atom.before)
