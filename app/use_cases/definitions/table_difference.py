"""How two versions of a rule file differ: hit policy, columns, and rows by their cells."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from app.decisions import Decision, Rule, Table, condition_in_words, parse_dmn, policy_in_words
from app.texts import Text
from app.use_cases.definitions.difference import (
    ADDED,
    CHANGED,
    NOTHING,
    REMOVED,
    Detail,
    Difference,
    detail,
    differing,
    plain,
)

DECISION, INPUT, OUTPUT = Text("决策", "decision"), Text("输入列", "input column"), Text("输出列", "output column")
ROW = Text("规则", "rule")


def table_differences(before: bytes, after: bytes) -> list[Difference]:
    """The differences of two rule files that were both published or checked."""
    old, new = parse_dmn(before).decisions, parse_dmn(after).decisions
    found: list[Difference] = []
    for key in dict.fromkeys([*old, *new]):
        if key not in old:
            found.append(Difference(ADDED, key, DECISION, new[key].name))
        elif key not in new:
            found.append(Difference(REMOVED, key, DECISION, old[key].name))
        else:
            found += _decision(old[key], new[key])
    return found


def _decision(old: Decision, new: Decision) -> Iterator[Difference]:
    own = list(differing({"name": (Text("名称", "name"), old.name)}, {"name": (Text("名称", "name"), new.name)}))
    if old.table is None or new.table is None:
        if (old.table is None) != (new.table is None) or old.logic != new.logic:
            own.append(Detail(Text("计算方式", "logic"), NOTHING, Text("有改动", "was changed")))
        if own:
            yield Difference(CHANGED, new.id, DECISION, new.name, tuple(own))
        return
    policy = Text("命中策略", "hit policy")
    own += differing(
        {"policy": (policy, policy_in_words(old.table.hit_policy, old.table.aggregation))},
        {"policy": (policy, policy_in_words(new.table.hit_policy, new.table.aggregation))},
    )
    if own:
        yield Difference(CHANGED, new.id, DECISION, new.name, tuple(own))
    yield from _columns(old.table, new.table)
    yield from _rows(old.table, new.table)


def _columns(old: Table, new: Table) -> Iterator[Difference]:
    inputs = [{one.text: one.label for one in table.inputs} for table in (old, new)]
    outputs = [{one.name: one.label for one in table.outputs} for table in (old, new)]
    for sort, (was, now) in ((INPUT, inputs), (OUTPUT, outputs)):
        for key in dict.fromkeys([*was, *now]):
            label = now.get(key) or was[key]
            name = label if label.zh or label.en else plain(key)
            if key not in was:
                yield Difference(ADDED, key, sort, name)
            elif key not in now:
                yield Difference(REMOVED, key, sort, name)
            elif was[key] != now[key]:
                yield Difference(CHANGED, key, sort, name, (detail(Text("标题", "label"), was[key], now[key]),))


Cells = dict[str, tuple[Text, str]]


def _cells(table: Table, rule: Rule) -> Cells:
    """A row's cells by column: (label, text as written), then its note."""
    cells = {
        f"in {column.text}": (column.label, text or "-")
        for column, text in zip(table.inputs, rule.conditions, strict=True)
    }
    cells |= {
        f"out {column.name}": (column.label, text) for column, text in zip(table.outputs, rule.results, strict=True)
    }
    return cells


def _rows(old: Table, new: Table) -> Iterator[Difference]:
    """Rows are the same by their id where the files keep ids, else by what stands in them."""
    before = [_cells(old, rule) for rule in old.rules]
    after = [_cells(new, rule) for rule in new.rules]
    known = {rule.rule_id: index for index, rule in enumerate(old.rules) if rule.rule_id}
    if {rule.rule_id for rule in new.rules} & set(known):
        pairs = {index: known[rule.rule_id] for index, rule in enumerate(new.rules) if rule.rule_id in known}
    else:
        pairs = _alike(before, after)
    kept = sorted(pairs)
    moved = {index for index, old_index in zip(kept, sorted(pairs.values()), strict=True) if pairs[index] != old_index}
    for index, rule in enumerate(new.rules):
        name = _row_name(rule)
        if index not in pairs:
            yield Difference(ADDED, rule.rule_id, ROW, name, (Detail(_NOTHING_BUT, NOTHING, _in_words(after[index])),))
            continue
        was = old.rules[pairs[index]]
        place = (Detail(Text("行号", "row number"), plain(was.number), plain(rule.number)),) if index in moved else ()
        details = (*place, *_row_details(before[pairs[index]], after[index], was, rule))
        if details:
            yield Difference(CHANGED, rule.rule_id, ROW, name, details)
    for index, rule in enumerate(old.rules):
        if index not in pairs.values():
            content = Detail(_NOTHING_BUT, _in_words(before[index]), NOTHING)
            yield Difference(REMOVED, rule.rule_id, ROW, _row_name(rule), (content,))


_SAID = {"": NOTHING, "-": Text("不限", "any"), "null": Text("没有值", "no value")}
_NOTHING_BUT = Text("内容", "content")


def _alike(before: list[Cells], after: list[Cells]) -> dict[int, int]:
    """New row -> old row, by equal content first, then by place between the equal ones."""
    texts = [[str(sorted((k, v[1]) for k, v in cells.items())) for cells in rows] for rows in (before, after)]
    pairs = {}
    for kind, from_, to, start, stop in SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_opcodes():
        if kind in ("equal", "replace"):
            pairs.update({start + step: from_ + step for step in range(min(to - from_, stop - start))})
    return pairs


def _row_details(before: Cells, after: Cells, was: Rule, now: Rule) -> Iterator[Detail]:
    for key in dict.fromkeys([*before, *after]):
        label = (after.get(key) or before[key])[0]
        old, new = before.get(key, (label, ""))[1], after.get(key, (label, ""))[1]
        if old != new:
            yield Detail(label if label.zh else plain(key.partition(" ")[2]), cell_in_words(old), cell_in_words(new))
    if was.note != now.note:
        yield detail(Text("说明", "note"), was.note, now.note)


def cell_in_words(text: str) -> Text:
    """A cell for reading; "-" holds for anything and null for no value."""
    return _SAID[text] if text in _SAID else condition_in_words(text)


def _in_words(cells: Cells) -> Text:
    parts = [(label, cell_in_words(text)) for label, text in cells.values() if text not in ("-", "")]
    return Text(
        "，".join(f"{label.zh} {words.zh}" for label, words in parts),
        ", ".join(f"{label.of('en')} {words.of('en')}" for label, words in parts),
    )


def _row_name(rule: Rule) -> Text:
    zh, en = f"第 {rule.number} 行", f"row {rule.number}"
    if rule.note.zh or rule.note.en:
        return Text(f"{zh} {rule.note.of('zh')}", f"{en}, {rule.note.of('en')}")
    return Text(zh, en)
