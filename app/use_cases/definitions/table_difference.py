"""How two versions of a rule file differ: hit policy, columns, and rows by their cells."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from app.decisions import PartText, Rule, Table, condition_in_words, parse_dmn, part_texts, policy_in_words
from app.texts import Text
from app.use_cases.definitions.difference import (
    ADDED,
    CHANGED,
    NOTHING,
    REMOVED,
    Detail,
    Difference,
    detail,
    plain,
)

DECISION, INPUT, OUTPUT = Text("决策", "decision"), Text("输入列", "input column"), Text("输出列", "output column")
ROW = Text("规则", "rule")
_SORTS = {
    "decision": DECISION,
    "businessKnowledgeModel": Text("知识模型", "knowledge model"),
    "itemDefinition": Text("类型", "type"),
    "inputData": Text("输入数据", "input data"),
    "decisionService": Text("决策服务", "decision service"),
}
_CHANGED = Text("有改动", "was changed")


def table_differences(before: bytes, after: bytes) -> list[Difference]:
    """The differences of two rule files that were both published or checked."""
    old, new = parse_dmn(before).decisions, parse_dmn(after).decisions
    was, now = part_texts(before), part_texts(after)
    found: list[Difference] = []
    for part in dict.fromkeys([*was, *now]):
        kind, _, key = part.partition(" ")
        name = (now.get(part) or was[part]).name
        if part not in was:
            found.append(Difference(ADDED, key, _SORTS[kind], name))
        elif part not in now:
            found.append(Difference(REMOVED, key, _SORTS[kind], name))
        else:
            own = list(_part_details(was[part], now[part]))
            before_table, after_table = (one[key].table if key in one else None for one in (old, new))
            if before_table is not None and after_table is not None:
                own += _policy(before_table, after_table)
            if own:
                found.append(Difference(CHANGED, key, _SORTS[kind], name, tuple(own)))
            if before_table is not None and after_table is not None:
                found += _columns(before_table, after_table, was[part], now[part])
                found += _rows(before_table, after_table)
    return found


def _part_details(was: PartText, now: PartText) -> Iterator[Detail]:
    if was.name != now.name:
        yield detail(Text("名称", "name"), was.name, now.name)
    if was.text != now.text:
        yield Detail(Text("计算方式、类型或依赖", "logic, type or requirements"), NOTHING, _CHANGED)


def _policy(old: Table, new: Table) -> Iterator[Detail]:
    policies = [policy_in_words(one.hit_policy, one.aggregation) for one in (old, new)]
    if policies[0] != policies[1]:
        yield Detail(Text("命中策略", "hit policy"), *policies)


def _columns(old: Table, new: Table, was: PartText, now: PartText) -> Iterator[Difference]:
    for sort, before, after in ((INPUT, _inputs(old), _inputs(new)), (OUTPUT, _outputs(old), _outputs(new))):
        for key in dict.fromkeys([*before, *after]):
            label = after.get(key) or before[key]
            name = label if label.zh or label.en else plain(key.partition(" ")[2])
            if key not in before:
                yield Difference(ADDED, key, sort, name)
            elif key not in after:
                yield Difference(REMOVED, key, sort, name)
            else:
                own = [detail(Text("标题", "label"), before[key], after[key])] if before[key] != after[key] else []
                if was.columns.get(key) != now.columns.get(key):
                    own.append(Detail(Text("类型、可取值或默认值", "type, values or default"), NOTHING, _CHANGED))
                if own:
                    yield Difference(CHANGED, key, sort, name, tuple(own))


def _inputs(table: Table) -> dict[str, Text]:
    return {f"in {one.text}": one.label for one in table.inputs}


def _outputs(table: Table) -> dict[str, Text]:
    return {f"out {one.name}": one.label for one in table.outputs}


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
