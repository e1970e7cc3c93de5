"""The sections on people: every act in order with what was submitted, four eyes, votes, and the system's own steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.forms import Node, NodeRow
from app.moment import Moment
from app.storage.history import HistoryEntry
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.cases.case_file import Answered
from app.use_cases.cases.sealed_votes import sitting_of
from app.use_cases.records.case_rows import CaseRows
from app.use_cases.records.record import (
    DASH,
    Block,
    Fact,
    Facts,
    Grid,
    Part,
    Section,
    Words,
    fingerprint,
    heads,
    joined,
    moment,
    part,
    said,
)

DONE = "user_task"
ACTS = {
    "claimed": Text("领取", "claimed"),
    "released": Text("放回", "released"),
    "reassigned": Text("改派", "reassigned"),
    "offered": Text("重新派发", "offered again"),
    "pulled_back": Text("拉回", "pulled back"),
    "deleted": Text("删除", "deleted"),
    "signed": Text("签署", "signed"),
    "stopped": Text("结束流程", "ended the process"),
}
STEPS = ("service_task", "business_rule_task", "script_task", "send_task")
DECISION = "decision"
LONG, TERMS = "textarea", "terms"
SEALED, NO_VOTE = Text("已投票，尚未开票", "voted, not opened yet"), Text("未表决", "did not vote")
APART, NOT_APART = Text("符合", "Kept"), Text("不符合", "Not kept")
NOBODY_BEFORE = Text("此前无人办理有关事项", "nobody had done any of it before")


def people_of(rows: CaseRows) -> Section:
    """Who did what when, in the order in which it was stored; forms in full but for the application, shown before."""
    parts = tuple(_act(rows, row) for row in rows.history if row.kind == DONE or row.kind in ACTS)
    return Section("people", Text("人员与经过", "People and what they did"), parts)


def _act(rows: CaseRows, row: HistoryEntry) -> Part:
    task, given = rows.task(row.task_id), rows.answer_of(row.task_id) if row.kind == DONE else None
    who = rows.who(row.person_id, row.organisation_id, task, row.at)
    act = ACTS.get(row.kind)
    title = Text(f"{row.name.zh}：{act.zh}", f"{row.name.of('en')}: {act.of('en')}") if act else row.name
    chosen = row.detail if isinstance(row.detail, dict) and "zh" in row.detail else None
    decided = Text(chosen["zh"], chosen.get("en", "")) if chosen else None
    zh = f"{moment(row.at).zh}，第 {row.round} 轮，{who.zh}" + (f"：{decided.zh}" if decided else "")
    en = f"{moment(row.at).zh}, round {row.round}, {who.of('en')}" + (f": {decided.of('en')}" if decided else "")
    blocks: list[Block] = [] if given is None else [*_submitted(rows, given)]
    eyes = _four_eyes(rows, task) if row.kind == DONE and task is not None else None
    return Part(title, Text(zh, en), tuple([*blocks, eyes] if eyes else blocks))


def _submitted(rows: CaseRows, given: Answered) -> Iterator[Block]:
    """The form as it was read, with what it then showed, and the fingerprint of the answer as it is stored."""
    data, task = given.answer.data, given.task
    if given.answer.form_key != (rows.file.product.form_key if rows.file.product else ""):
        shown = (task.variables or {}) if task else {}
        nodes = given.form.view(data, shown, Moment.at(given.answer.at), readonly=True)
        yield from _blocks(nodes, Text(""))
    yield Facts((Fact(Text("提交内容指纹", "Fingerprint of what was submitted"), fingerprint(data)),))


def _blocks(nodes: Sequence[Node], title: Text) -> Iterator[Block]:
    """Fields under the title of their group or row, long texts on their own, the grid of terms as a grid."""
    facts = tuple(Fact(one.label, one.shown) for one in nodes if _is_short(one) and _says(one))
    if facts:
        yield Facts(facts, title)
    for one in nodes:
        if one.layout == TERMS and (grid := _grid(one)):
            yield grid
        elif one.rows:
            for row in one.rows:
                yield from _blocks(row.children, _row_title(row))
        elif one.children:
            yield from _blocks(one.children, one.label if one.label.zh else title)
        elif one.type == LONG and _says(one):
            yield Words(one.label, one.shown)


def _is_short(node: Node) -> bool:
    return bool(node.kind) and node.path != DECISION and node.type != LONG and not node.rows and not node.children


def _says(node: Node) -> bool:
    return bool(node.shown.zh) and node.shown != DASH


def _row_title(row: NodeRow) -> Text:
    """A row's number with the words that the form puts at its head: 条件 1：合同已由各方签署（必要）."""
    said_there = [child.label for child in row.children if not child.kind and not child.children and child.label.zh]
    return joined((row.title, *said_there), "：", ": ")


def _grid(node: Node) -> Grid | None:
    """The grid as it stood before the person: asked, the system's bound, the earlier review, hers."""
    lines = tuple(
        (one.label, one.terms.asked, one.terms.bound, one.terms.earlier, one.shown, said(one.terms.difference))
        for one in node.children
        if one.terms is not None
    )
    titles = heads(
        ("授信要素", "Term"),
        ("申请", "Asked"),
        ("系统限制", "System's bound"),
        ("前一步", "Step before"),
        ("本步", "This step"),
        ("差异", "Difference"),
    )
    return Grid(titles, lines, (3, 3, 3, 3, 3, 5), title=node.label) if lines else None


def _four_eyes(rows: CaseRows, task: UserTask) -> Words | None:
    """Whom the diagram kept apart from this step, and that it was so; None where it asked for nobody else."""
    others = [one for one in rows.file.tasks if one.duty in task.apart_from and one.done_by and one.id < task.id]
    if not task.apart_from or task.done_by is None:
        return None
    named = {_named_step(rows, one): None for one in others}
    kept = APART if task.done_by not in {one.done_by for one in others} else NOT_APART
    told = joined(named, "、", ", ") if named else NOBODY_BEFORE
    zh = f"须由下列事项以外的人办理：{told.zh}。{kept.zh}。"
    return Words(Text("四眼原则", "Four eyes"), Text(zh, f"By somebody else than: {told.of('en')}. {kept.of('en')}."))


def _named_step(rows: CaseRows, task: UserTask) -> Text:
    name = rows.person(task.done_by, task.done_at)
    return Text(f"{task.name.zh}（{name.zh}）", f"{task.name.of('en')} ({name.of('en')})")


def votes_of(rows: CaseRows) -> Section:
    """Steps that several persons did side by side: who said what, how often each conclusion was given."""
    sittings: dict[object, list[UserTask]] = {}
    for task in rows.file.tasks:
        if task.opinion:
            sittings.setdefault(sitting_of(task), []).append(task)
    parts = [_vote(rows, tasks) for tasks in sittings.values() if len(tasks) > 1]
    return Section("votes", Text("集体表决", "Votes"), tuple(parts))


def _vote(rows: CaseRows, tasks: list[UserTask]) -> Part:
    counted: Counter[Text] = Counter()
    lines = []
    for task in tasks:
        given = rows.answer_of(task.id)
        conclusion = _conclusion(given) if given else SEALED if task.done_by else NO_VOTE
        counted[conclusion] += 1
        at = task.done_at or task.created_at
        who = rows.person(task.done_by, at) if task.done_by else DASH
        opinion = said(str(given.answer.data.get("opinion") or "")) if given else DASH
        lines.append((who, conclusion, moment(task.done_at), opinion))
    tally = joined((Text(f"{one.zh} {n}", f"{one.of('en')} {n}") for one, n in counted.items()), "，", ", ")
    titles = heads(("成员", "Member"), ("意见", "Vote"), ("时间", "Time"), ("理由", "Reason"))
    return Part(tasks[0].name, tally, (Grid(titles, tuple(lines), (2, 2, 3, 7)),))


def _conclusion(given: Answered) -> Text:
    value = given.answer.data.get(DECISION)
    labels = {o.value: o.label for one in given.form.fields if one.path == DECISION for o in one.options}
    return labels.get(str(value), said(str(value) if value is not None else None))


def steps_of(rows: CaseRows) -> Section:
    """What the system did between the people, a line each."""
    lines = tuple((moment(row.at), row.name, Text(str(row.round))) for row in rows.history if row.kind in STEPS)
    grid = Grid(heads(("时间", "Time"), ("步骤", "Step"), ("轮次", "Round")), lines, (3, 8, 1))
    return Section("steps", Text("系统步骤", "Steps of the system"), (part(grid),) if lines else ())
